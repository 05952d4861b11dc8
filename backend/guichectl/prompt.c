/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guichectl/prompt.h"

#include "base/error.h"
#include "guichectl/command.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024

static char *
refuse (GError **error, const char *reason)
{
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, reason);
  return NULL;
}

char *
guichectl_read_line (GError **error)
{
  char line[LINE_MAX_BYTES];

  if (fgets (line, sizeof line, stdin) == NULL)
    return refuse (error, "standard input has no password");
  line[strcspn (line, "\r\n")] = '\0';
  if (!g_utf8_validate (line, -1, NULL))
    return refuse (error, "the password is not UTF-8");
  return g_strdup (line);
}

char *
guichectl_prompt_hidden (const char *prompt, GError **error)
{
  struct termios shown, hidden;
  char *line;

  if (!isatty (STDIN_FILENO) || tcgetattr (STDIN_FILENO, &shown) != 0)
    return refuse (error,
                   "no terminal to ask for the password: set GUICHE_PASSWORD or GUICHE_TOKEN");
  hidden = shown;
  hidden.c_lflag &= (tcflag_t) ~ECHO;
  fputs (prompt, stderr);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
  line = guichectl_read_line (error);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);
  fputc ('\n', stderr);
  return line;
}

char *
guichectl_read_password (const GuichectlOptions *options, const char *prompt, GError **error)
{
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;

  if (options->password_stdin)
    return guichectl_read_line (error);
  first = guichectl_prompt_hidden (prompt, error);
  if (first == NULL)
    return NULL;
  again = guichectl_prompt_hidden ("Once more: ", error);
  if (again == NULL)
    return NULL;
  if (strcmp (first, again) != 0)
    return refuse (error, "the two passwords differ");
  return g_steal_pointer (&first);
}
