/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/highlight.h"

#include "base/text.h"

#include <string.h>

static gboolean
is_word (gunichar character)
{
  return g_unichar_isalnum (character) || g_unichar_ismark (character);
}

/* The end of the shortest prefix of the word at @start that folds to something beginning with
 * @wanted; NULL when none does. */
static const char *
match_end (const char *start, const char *wanted)
{
  for (const char *end = start; *end != '\0' && is_word (g_utf8_get_char (end));) {
    g_autofree char *prefix = NULL;
    g_autofree char *folded = NULL;

    end = g_utf8_next_char (end);
    prefix = g_strndup (start, (gsize) (end - start));
    folded = guiche_text_fold (prefix);
    if (g_str_has_prefix (folded, wanted))
      return end;
    if (!g_str_has_prefix (wanted, folded))
      return NULL;
  }
  return NULL;
}

static void
mark_word (PangoAttrList *attributes, const char *text, const char *start, char **wanted)
{
  for (guint i = 0; wanted[i] != NULL; i++) {
    const char *end = *wanted[i] != '\0' ? match_end (start, wanted[i]) : NULL;
    PangoAttribute *bold;

    if (end == NULL)
      continue;
    bold = pango_attr_weight_new (PANGO_WEIGHT_BOLD);
    bold->start_index = (guint) (start - text);
    bold->end_index = (guint) (end - text);
    pango_attr_list_change (attributes, bold);
  }
}

PangoAttrList *
guiche_highlight_new (const char *text, const char *query)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  g_autofree char *folded = guiche_text_fold (query);
  g_auto (GStrv) wanted = g_strsplit_set (folded, " \t", -1);
  gboolean in_word = FALSE;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
    gboolean is_in_word = is_word (g_utf8_get_char (at));

    if (is_in_word && !in_word)
      mark_word (attributes, text, at, wanted);
    in_word = is_in_word;
  }
  return attributes;
}
