/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON into a CNAB file: over the lines as they were read. */
#include "banking/cnab-json-private.h"
#include "banking/cnab-value.h"
#include "banking/cnab-writer.h"
#include "banking/refusal.h"
#include "base/json.h"

#include <string.h>

#define MAX_BYTES (1024 * 1024 * 1024)

static gboolean
read_head (GuicheCnabSource *self, GError **error)
{
  const char *layout = NULL, *direction = NULL;

  if (!guiche_json_get_string (self->document, "layout", TRUE, &layout, error) ||
      !guiche_json_get_string (self->document, "banco", TRUE, &self->bank, error) ||
      !guiche_json_get_string (self->document, "tipo_arquivo", TRUE, &direction, error))
    return FALSE;
  if (strcmp (layout, "CNAB240") != 0 && strcmp (layout, "CNAB400") != 0)
    return guiche_banking_refuse (error, "layout", "unknown", "layout: CNAB240 or CNAB400");
  if (self->titles.at == NULL)
    return guiche_banking_refuse (error, "titulos", "required", "titulos: a list is needed");
  self->width = layout[4] == '2' ? 240 : 400;
  self->direction = strcmp (direction, "retorno") == 0 ? GUICHE_CNAB_DIRECTION_RETORNO
                                                       : GUICHE_CNAB_DIRECTION_REMESSA;
  return TRUE;
}

JsonObject *
guiche_cnab_source_object (const GuicheCnabSource *self, const char *name)
{
  JsonNode *node = json_object_get_member (self->document, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

gboolean
guiche_cnab_source_next_title (GuicheCnabSource *self, JsonNode **out_title, GError **error)
{
  const char *text;
  gsize length;

  g_clear_pointer (out_title, json_node_unref);
  if (!guiche_json_slice_next (&self->titles, &text, &length))
    return TRUE;
  self->n_titles++;
  *out_title = guiche_json_parse_object (text, length, GUICHE_JSON_MAX_BYTES, error);
  if (*out_title == NULL)
    g_prefix_error (error, "title %u: ", self->n_titles);
  return *out_title != NULL;
}

gboolean
guiche_cnab_source_overlay (GuicheCnabGroup *group,
                            JsonObject *object,
                            gboolean shown_only,
                            GError **error)
{
  GuicheCnabMembers members;

  if (object == NULL)
    return TRUE;
  guiche_cnab_members_read (object, &members);
  return guiche_cnab_json_overlay (group, &members, shown_only, error);
}

gboolean
guiche_cnab_source_check_title (const GuicheCnabGroup *group,
                                const GuicheCnabMembers *title,
                                GError **error)
{
  const char *lost = title->unknown;

  for (guint i = 0; lost == NULL && i < GUICHE_CNAB_N_NAMES; i++)
    if (title->nodes[i] != NULL && !guiche_cnab_group_has (group, (GuicheCnabName) i))
      lost = guiche_cnab_names[i];
  return lost == NULL ||
         guiche_banking_refuse (error, lost, "unknown",
                                "%s: a title of this file has no such column", lost);
}

/* The next of `registros` as a line of the file, fed to the reader. */
static gboolean
feed_line (GuicheCnabSource *self, GuicheCnabReader *reader, char *line, GError **error)
{
  g_autofree char *wrapped = NULL;
  g_autoptr (JsonNode) node = NULL;
  const char *text, *value = NULL;
  gsize length;

  if (!guiche_json_slice_next (&self->lines, &text, &length)) {
    guiche_cnab_reader_finish (reader);
    return TRUE;
  }
  wrapped = g_strdup_printf ("{\"l\":%.*s}", (int) MIN (length, G_MAXINT), text);
  node = guiche_json_parse_object (wrapped, strlen (wrapped), GUICHE_JSON_MAX_BYTES, error);
  if (node == NULL ||
      !guiche_json_get_string (json_node_get_object (node), "l", TRUE, &value, error))
    return FALSE;
  if (guiche_cnab_value_put_text (line, self->width, value) != GUICHE_CNAB_PUT_DONE)
    return guiche_banking_refuse_at (error, guiche_cnab_reader_lines (reader) + 1, 1, "registros",
                                     "width", "registros: no line of %u characters of ISO-8859-1",
                                     self->width);
  memcpy (line + self->width, "\r\n", 2);
  guiche_cnab_reader_feed (reader, line, self->width + 2);
  return TRUE;
}

static gboolean
overlay_title (GuicheCnabSource *self, GuicheCnabGroup *group, JsonNode **title, GError **error)
{
  GuicheCnabMembers members;

  if (!guiche_cnab_source_next_title (self, title, error))
    return FALSE;
  if (*title == NULL)
    return guiche_banking_refuse (error, "titulos", "counter", "titulos: fewer than in registros");
  guiche_cnab_members_read (json_node_get_object (*title), &members);
  return guiche_cnab_source_check_title (group, &members, error) &&
         guiche_cnab_json_overlay (group, &members, FALSE, error);
}

static gboolean
overlay (GuicheCnabSource *self, GuicheCnabGroup *group, JsonNode **title, GError **error)
{
  switch (group->kind) {
  case GUICHE_CNAB_RECORD_FILE_HEADER:
    return guiche_cnab_source_overlay (group, self->document, FALSE, error);
  case GUICHE_CNAB_RECORD_LOTE_HEADER:
    return guiche_cnab_source_overlay (group, self->document, TRUE, error);
  case GUICHE_CNAB_RECORD_TITLE:
    return overlay_title (self, group, title, error);
  case GUICHE_CNAB_RECORD_LOTE_TRAILER:
    return self->n_lotes > 1 ||
           guiche_cnab_source_overlay (group, guiche_cnab_source_object (self, "trailer_lote"),
                                       FALSE, error);
  case GUICHE_CNAB_RECORD_FILE_TRAILER:
    return guiche_cnab_source_overlay (
        group, guiche_cnab_source_object (self, self->width == 240 ? "trailer_arquivo" : "trailer"),
        FALSE, error);
  case GUICHE_CNAB_RECORD_DETAIL:
  case GUICHE_CNAB_RECORD_STATEMENT:
  default:
    return TRUE;
  }
}

static gboolean
write_over_lines (GuicheCnabSource *self, GString *out, GError **error)
{
  g_autoptr (GuicheCnabReader) reader = guiche_cnab_reader_new (GUICHE_CNAB_STRICT);
  g_autofree GuicheCnabGroup *copy = g_new (GuicheCnabGroup, 1);
  g_autoptr (JsonNode) title = NULL;
  const GuicheCnabGroup *group = NULL;
  char line[GUICHE_CNAB_MAX_WIDTH + 2];
  GuicheCnabRead step;

  while ((step = guiche_cnab_reader_next (reader, &group, error)) != GUICHE_CNAB_READ_END) {
    if (step == GUICHE_CNAB_READ_REFUSED)
      return FALSE;
    if (step == GUICHE_CNAB_READ_MORE) {
      if (!feed_line (self, reader, line, error))
        return FALSE;
      continue;
    }
    memcpy (copy, group, sizeof *copy);
    if (!overlay (self, copy, &title, error))
      return FALSE;
    guiche_cnab_group_write (copy, out);
  }
  if (!guiche_cnab_source_next_title (self, &title, error))
    return FALSE;
  return title == NULL ||
         guiche_banking_refuse (error, "titulos", "counter", "titulos: more than in registros");
}

/* Several lotes share one `trailer_lote`, which is of the last: their own bytes stay. */
static void
count_lotes (GuicheCnabSource *self)
{
  JsonObject *trailer = guiche_cnab_source_object (self, "trailer_arquivo");
  JsonNode *lotes = trailer == NULL ? NULL : json_object_get_member (trailer, "lotes");

  self->n_lotes = lotes != NULL && JSON_NODE_HOLDS_VALUE (lotes) &&
                          json_node_get_value_type (lotes) == G_TYPE_INT64
                      ? json_node_get_int (lotes)
                      : 1;
}

gboolean
guiche_cnab_json_to_file (const char *text, gsize length, GString *out, GError **error)
{
  static const char *const lists[] = { "titulos", "registros" };
  GuicheJsonSlice slices[G_N_ELEMENTS (lists)];
  g_autofree char *rest = NULL;
  g_autoptr (JsonNode) root = NULL;
  GuicheCnabSource source = { 0 };

  if (!guiche_json_check (text, length, MAX_BYTES, error))
    return FALSE;
  if (text[strspn (text, " \t\r\n")] != '{')
    return guiche_banking_refuse (error, NULL, "type", "An object is needed");
  rest = guiche_json_take_lists (text, length, lists, G_N_ELEMENTS (lists), slices);
  root = guiche_json_parse_object (rest, strlen (rest), MAX_BYTES, error);
  if (root == NULL)
    return FALSE;
  source.document = json_node_get_object (root);
  source.titles = slices[0];
  source.lines = slices[1];
  if (!read_head (&source, error))
    return FALSE;
  count_lotes (&source);
  return source.lines.at != NULL ? write_over_lines (&source, out, error)
                                 : guiche_cnab_source_write_new (&source, out, error);
}
