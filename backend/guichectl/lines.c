/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guichectl/lines.h"

#include "banking/refusal.h"
#include "base/json.h"

#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES (1024 * 1024)
#define CASES_MAX_BYTES (256 * 1024 * 1024)

void
guichectl_write_error_object (GuicheJsonWriter *out, const GError *error)
{
  const char *reason = guiche_error_get_detail (error, "reason");
  const char *line = guiche_error_get_detail (error, "line");

  if (reason == NULL)
    reason = error->domain == GUICHE_ERROR ? guiche_error_code_name ((GuicheError) error->code)
                                           : "internal";
  guiche_json_writer_begin_object (out);
  guiche_json_writer_member_string (out, "code", reason);
  guiche_json_writer_member_string (out, "message", error->message);
  guiche_json_writer_member_string (out, "field", guiche_error_get_detail (error, "field"));
  if (line != NULL) {
    guiche_json_writer_member_int (out, "line", g_ascii_strtoll (line, NULL, 10));
    guiche_json_writer_member_int (
        out, "column", g_ascii_strtoll (guiche_error_get_detail (error, "column"), NULL, 10));
  }
  guiche_json_writer_end_object (out);
}

void
guichectl_write_error (GuicheJsonWriter *out, const GError *error)
{
  guiche_json_writer_begin_object (out);
  guiche_json_writer_name (out, "error");
  guichectl_write_error_object (out, error);
  guiche_json_writer_end_object (out);
}

static void
run_line (GuichectlLineFunc run, const char *line, gsize length, GuicheJsonWriter *out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) input = guiche_json_parse_object (line, length, LINE_MAX_BYTES, &error);
  const char *text;

  guiche_json_writer_reset (out);
  if (input == NULL || !run (json_node_get_object (input), out, &error)) {
    guiche_json_writer_reset (out);
    guichectl_write_error (out, error);
  }
  text = guiche_json_writer_peek (out, &length);
  fwrite (text, 1, length, stdout);
  fputc ('\n', stdout);
}

static gboolean
run_stream (FILE *input, GuichectlLineFunc run, GError **error)
{
  g_autoptr (GuicheJsonWriter) out = guiche_json_writer_new ();
  char *line = NULL; /* getline()'s */
  size_t size = 0;
  ssize_t length;

  while ((length = getline (&line, &size, input)) >= 0) {
    while (length > 0 && g_ascii_isspace (line[length - 1]))
      length--;
    if (length > 0)
      run_line (run, line, (gsize) length, out);
  }
  free (line);
  if (ferror (input) || fflush (stdout) != 0) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "reading or writing failed");
    return FALSE;
  }
  return TRUE;
}

gboolean
guichectl_run_lines (GuichectlLineFunc run, GError **error)
{
  return run_stream (stdin, run, error);
}

static void
run_case (GuichectlLineFunc run, JsonNode *input, GuicheJsonWriter *out)
{
  g_autoptr (GuicheJsonWriter) one = guiche_json_writer_new ();
  g_autoptr (GError) error = NULL;
  const char *text;
  gsize length;

  if (!JSON_NODE_HOLDS_OBJECT (input))
    guiche_banking_refuse (&error, "casos", "type", "casos: a list of objects is needed");
  if (error != NULL || !run (json_node_get_object (input), one, &error)) {
    guiche_json_writer_reset (one);
    guichectl_write_error (one, error);
  }
  text = guiche_json_writer_peek (one, &length);
  guiche_json_writer_raw (out, text, (gssize) length);
}

static void
run_list (GuichectlLineFunc run, JsonArray *cases, gboolean is_wrapped)
{
  g_autoptr (GuicheJsonWriter) out = guiche_json_writer_new ();
  const char *text;
  gsize length;

  if (is_wrapped) {
    guiche_json_writer_begin_object (out);
    guiche_json_writer_name (out, "casos");
  }
  guiche_json_writer_begin_array (out);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    run_case (run, json_array_get_element (cases, i), out);
  guiche_json_writer_end_array (out);
  if (is_wrapped)
    guiche_json_writer_end_object (out);
  text = guiche_json_writer_peek (out, &length);
  fwrite (text, 1, length, stdout);
  fputc ('\n', stdout);
}

/* The cases of a whole document; NULL when it is none, and its lines stand for themselves. */
static JsonArray *
find_cases (JsonNode *document)
{
  JsonNode *cases =
      document == NULL ? NULL : json_object_get_member (json_node_get_object (document), "casos");

  return cases != NULL && JSON_NODE_HOLDS_ARRAY (cases) ? json_node_get_array (cases) : NULL;
}

gboolean
guichectl_run_cases (const char *path, GuichectlLineFunc run, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *whole = NULL;
  g_autoptr (JsonNode) document = NULL;
  FILE *lines;
  gboolean is_list, is_done;
  gsize length;

  if (!guichectl_read_file (path, &text, &length, error))
    return FALSE;
  is_list = text[strspn (text, " \t\r\n")] == '[';
  whole = is_list ? g_strconcat ("{\"casos\":", text, "}", NULL) : g_strndup (text, length);
  document =
      guiche_json_parse_object (whole, strlen (whole), CASES_MAX_BYTES, is_list ? error : NULL);
  if (find_cases (document) != NULL) {
    run_list (run, find_cases (document), !is_list);
    return TRUE;
  }
  if (is_list)
    return FALSE;
  if (document != NULL) { /* one case, on however many lines */
    g_autoptr (GuicheJsonWriter) out = guiche_json_writer_new ();

    run_line (run, whole, strlen (whole), out);
    return TRUE;
  }
  if (length == 0)
    return TRUE;
  lines = fmemopen (text, length, "r");
  is_done = run_stream (lines, run, error);
  fclose (lines);
  return is_done;
}

gboolean
guichectl_read_file (const char *path, char **out_text, gsize *out_length, GError **error)
{
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GOutputStream) memory = NULL;

  if (strcmp (path, "-") != 0)
    return g_file_get_contents (path, out_text, out_length, error);
  input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  memory = g_memory_output_stream_new_resizable ();
  if (g_output_stream_splice (memory, input, G_OUTPUT_STREAM_SPLICE_NONE, NULL, error) < 0 ||
      !g_output_stream_write_all (memory, "", 1, NULL, NULL, error) ||
      !g_output_stream_close (memory, NULL, error))
    return FALSE;
  *out_length = g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory)) - 1;
  *out_text = g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (memory));
  return TRUE;
}

char *
guichectl_text (JsonObject *input, const char *name, GError **error)
{
  JsonNode *node = json_object_get_member (input, name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_strdup ("");
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  guiche_banking_refuse (error, name, "type", "%s: a string is needed", name);
  return NULL;
}

gboolean
guichectl_int (JsonObject *input, const char *name, gint64 *out, GError **error)
{
  g_autofree char *text = guichectl_text (input, name, error);

  if (text == NULL)
    return FALSE;
  if (*text == '\0')
    return TRUE;
  if (!g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, out, NULL))
    return guiche_banking_refuse (error, name, "digits", "%s: a whole number is needed", name);
  return TRUE;
}

gboolean
guichectl_day (JsonObject *input, const char *name, GuicheDay *out, GError **error)
{
  g_autofree char *text = guichectl_text (input, name, error);

  if (text == NULL)
    return FALSE;
  if (*text == '\0' || guiche_day_parse_iso (text, out))
    return TRUE;
  return guiche_banking_refuse (error, name, "date", "%s: a day as YYYY-MM-DD is needed", name);
}

void
guichectl_write_day (GuicheJsonWriter *out, const char *name, GuicheDay day)
{
  char text[GUICHE_DAY_ISO_LENGTH + 1];

  if (day != GUICHE_DAY_NONE)
    guiche_day_format_iso (day, text);
  guiche_json_writer_member_string (out, name, day == GUICHE_DAY_NONE ? NULL : text);
}

/* Asked for by every line: localtime_r() costs a tenth of a GDateTime. */
GuicheDay
guichectl_today (void)
{
  time_t now = time (NULL);
  GuicheDay today = 0;
  struct tm local;

  localtime_r (&now, &local);
  guiche_day_from_civil (local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, &today);
  return today;
}
