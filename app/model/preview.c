/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/model-private.h"

#include <glib/gi18n.h>
#include <string.h>

static char *
one_line (const char *body)
{
  g_autofree char *valid = g_utf8_make_valid (body != NULL ? body : "", -1);

  for (char *c = valid; *c != '\0'; c++)
    if (*c == '\n' || *c == '\r' || *c == '\t')
      *c = ' ';
  return g_strdup (g_strstrip (valid));
}

char *
guiche_system_text (const char *body, const char *sender_name)
{
  static const struct {
    const char *code;
    const char *text; /* at most %1$s who, %2$s what */
  } lines[] = {
    { "opened", N_("Conversation opened") },
      { "accepted", N_("%1$s accepted the conversation") },
        { "assigned", N_("%1$s assigned the conversation to %2$s") },
          { "transferred", N_("%1$s transferred the conversation to %2$s") },
            { "closed", N_("%1$s closed the conversation: %2$s") },
              { "snoozed", N_("%1$s snoozed the conversation") },
                { "reopened", N_("Conversation reopened") },
                  { "joined", N_("%2$s joined") },
                    { "left", N_("%2$s left") },
                  };

  const char *who = sender_name != NULL && *sender_name != '\0' ? sender_name : _("Somebody");
  const char *colon = strchr (body != NULL ? body : "", ':');
  const char *what = colon != NULL ? colon + 1 : "";
  g_autofree char *code =
      colon != NULL ? g_strndup (body, (gsize) (colon - body)) : g_strdup (body);

  if (g_strcmp0 (code, "closed") == 0 && *what == '\0')
    return g_strdup_printf (_("%s closed the conversation"), who);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
    if (g_strcmp0 (lines[i].code, code) != 0)
      continue;
    g_autoptr (GString) text = g_string_new (_(lines[i].text));
    g_string_replace (text, "%1$s", who, 1);
    g_string_replace (text, "%2$s", what, 1);
    return g_strdup (text->str);
  }
  return g_strdup (body);
}

char *
guiche_preview_of (const char *kind,
                   const char *body,
                   const char *sender_kind,
                   const char *sender_name)
{
  g_autofree char *line = NULL;

  if (kind == NULL)
    return NULL;
  if (g_str_equal (kind, "system"))
    return guiche_system_text (body, sender_name);
  if (g_str_equal (kind, "voice"))
    return g_strdup (_("Voice note"));
  line = one_line (body);
  if (*line != '\0')
    return g_steal_pointer (&line);
  if (g_str_equal (kind, "image"))
    return g_strdup (_("Image"));
  if (g_str_equal (kind, "file"))
    return g_strdup (_("File"));
  return g_strdup (_("Message deleted"));
}
