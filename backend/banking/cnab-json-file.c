/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON into a CNAB file: from the lines as they were read, or from nothing. */
#include "banking/cnab-json.h"
#include "banking/cnab-value.h"
#include "banking/cnab-writer.h"
#include "banking/refusal.h"
#include "base/json.h"

#include <string.h>

typedef struct {
  JsonObject *document; /* (not owned), and so below */
  JsonArray *titles;
  JsonArray *lines; /* (nullable) */
  guint width;
  const char *bank;
  char direction;
} Source;

static JsonObject *
object_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
read_source (JsonObject *document, Source *out, GError **error)
{
  const char *layout = NULL, *direction = NULL;

  out->document = document;
  if (!guiche_json_get_string (document, "layout", TRUE, &layout, error) ||
      !guiche_json_get_string (document, "banco", TRUE, &out->bank, error) ||
      !guiche_json_get_string (document, "tipo_arquivo", TRUE, &direction, error) ||
      !guiche_json_get_array (document, "titulos", TRUE, &out->titles, error) ||
      !guiche_json_get_array (document, "registros", FALSE, &out->lines, error))
    return FALSE;
  if (strcmp (layout, "CNAB240") != 0 && strcmp (layout, "CNAB400") != 0)
    return guiche_banking_refuse (error, "layout", "unknown", "layout: CNAB240 or CNAB400");
  out->width = layout[4] == '2' ? 240 : 400;
  out->direction = strcmp (direction, "retorno") == 0 ? GUICHE_CNAB_DIRECTION_RETORNO
                                                      : GUICHE_CNAB_DIRECTION_REMESSA;
  for (guint i = 0; i < json_array_get_length (out->titles); i++)
    if (!JSON_NODE_HOLDS_OBJECT (json_array_get_element (out->titles, i)))
      return guiche_banking_refuse (error, "titulos", "type", "titulos: a list of objects");
  return TRUE;
}

/* -- over the lines as they were read -------------------------------------------------------- */

static gboolean
join_lines (const Source *source, GString *out, GError **error)
{
  char line[GUICHE_CNAB_MAX_WIDTH];

  for (guint i = 0; i < json_array_get_length (source->lines); i++) {
    JsonNode *node = json_array_get_element (source->lines, i);

    if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING ||
        guiche_cnab_value_put_text (line, source->width, json_node_get_string (node)) !=
            GUICHE_CNAB_PUT_DONE)
      return guiche_banking_refuse_at (error, i + 1, 1, "registros", "type",
                                       "registros: a line of ISO-8859-1 is needed");
    g_string_append_len (out, line, source->width);
    g_string_append_len (out, "\r\n", 2);
  }
  return TRUE;
}

/* All of an object's members that have columns. */
static gboolean
overlay_object (GuicheCnabGroup *group, JsonObject *object, gboolean shown_only, GError **error)
{
  GuicheCnabMembers members;

  guiche_cnab_members_read (object, &members);
  return guiche_cnab_json_overlay (group, &members, shown_only, error);
}

/* BB's records 5 have members of a title's names only where a title says them itself. */
static gboolean
overlay (const Source *source, GuicheCnabGroup *group, guint *n_titles, GError **error)
{
  JsonObject *members = NULL;
  gboolean shown_only = FALSE;

  switch (group->kind) {
  case GUICHE_CNAB_RECORD_FILE_HEADER:
    members = source->document;
    break;
  case GUICHE_CNAB_RECORD_LOTE_HEADER:
    members = source->document;
    shown_only = TRUE;
    break;
  case GUICHE_CNAB_RECORD_TITLE:
    if (*n_titles == json_array_get_length (source->titles))
      return guiche_banking_refuse (error, "titulos", "counter",
                                    "titulos: fewer than in registros");
    members = json_array_get_object_element (source->titles, (*n_titles)++);
    break;
  case GUICHE_CNAB_RECORD_LOTE_TRAILER:
    members = object_member (source->document, "trailer_lote");
    break;
  case GUICHE_CNAB_RECORD_FILE_TRAILER:
    members =
        object_member (source->document, source->width == 240 ? "trailer_arquivo" : "trailer");
    break;
  case GUICHE_CNAB_RECORD_DETAIL:
  case GUICHE_CNAB_RECORD_STATEMENT:
  default:
    break;
  }
  return members == NULL || overlay_object (group, members, shown_only, error);
}

static gboolean
write_over_lines (const Source *source, GString *out, GError **error)
{
  g_autoptr (GuicheCnabReader) reader = guiche_cnab_reader_new (GUICHE_CNAB_STRICT);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree GuicheCnabGroup *copy = g_new (GuicheCnabGroup, 1);
  const GuicheCnabGroup *group = NULL;
  guint n_titles = 0;
  GuicheCnabRead step;

  if (!join_lines (source, text, error))
    return FALSE;
  guiche_cnab_reader_feed (reader, text->str, text->len);
  guiche_cnab_reader_finish (reader);
  while ((step = guiche_cnab_reader_next (reader, &group, error)) == GUICHE_CNAB_READ_GROUP) {
    memcpy (copy, group, sizeof *copy);
    if (!overlay (source, copy, &n_titles, error))
      return FALSE;
    guiche_cnab_group_write (copy, out);
  }
  if (step == GUICHE_CNAB_READ_REFUSED)
    return FALSE;
  if (n_titles != json_array_get_length (source->titles))
    return guiche_banking_refuse (error, "titulos", "counter", "titulos: more than in registros");
  return TRUE;
}

/* -- from the members alone ------------------------------------------------------------------ */

/* Whether the title says something that only this record can hold. */
static gboolean
is_needed (const GuicheCnabRecordLayout *record,
           const GuicheCnabRecordLayout *first,
           const GuicheCnabMembers *title)
{
  for (guint i = 0; i < record->n_fields; i++) {
    GuicheCnabName name = record->fields[i].name;

    if (first->index[name] == 0 && title->nodes[name] != NULL)
      return TRUE;
  }
  return strchr ("QU", record->segment) != NULL && record->segment != '\0';
}

/* (nullable): the record a title begins with: of its own `tipo`, or the layout's for the direction.
 */
static const GuicheCnabRecordLayout *
first_record (const GuicheCnabWriter *writer, const GuicheCnabMembers *title)
{
  JsonNode *node = title->nodes[GUICHE_CNAB_TIPO];
  const char *type = node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                             json_node_get_value_type (node) == G_TYPE_STRING
                         ? json_node_get_string (node)
                         : "";

  if (writer->layout->width == 240)
    return guiche_cnab_layout_named_record (
        writer->layout, writer->direction == GUICHE_CNAB_DIRECTION_REMESSA ? 'P' : 'T', "");
  for (guint i = 0; i < writer->layout->n_records; i++) {
    const GuicheCnabRecordLayout *record = &writer->layout->records[i];

    if (record->kind == GUICHE_CNAB_RECORD_TITLE && (*type == '\0' || record->type == *type))
      return record;
  }
  return NULL;
}

static gboolean
make_title (const GuicheCnabWriter *writer,
            const GuicheCnabMembers *title,
            GuicheCnabGroup *out,
            GError **error)
{
  const GuicheCnabRecordLayout *first = first_record (writer, title);
  gboolean is_retorno = writer->direction == GUICHE_CNAB_DIRECTION_RETORNO;

  if (first == NULL)
    return guiche_banking_refuse (error, "tipo", "unknown", "tipo: no such record");
  guiche_cnab_group_clear (out, writer->layout);
  guiche_cnab_group_append_empty (out, first);
  for (guint i = 0; i < writer->layout->n_records; i++) {
    const GuicheCnabRecordLayout *record = &writer->layout->records[i];

    if (record->kind != GUICHE_CNAB_RECORD_DETAIL ||
        (record->segment != '\0' && (record->segment == 'U') != is_retorno &&
         record->segment != 'Y'))
      continue;
    if (is_needed (record, first, title))
      guiche_cnab_group_append_empty (out, record);
  }
  return guiche_cnab_json_overlay (out, title, FALSE, error);
}

static gboolean
write_title (GuicheCnabWriter *writer,
             const Source *source,
             guint i,
             GuicheCnabGroup *group,
             GString *out,
             GError **error)
{
  GuicheCnabMembers title;

  guiche_cnab_members_read (json_array_get_object_element (source->titles, i), &title);
  if (make_title (writer, &title, group, error) &&
      guiche_cnab_writer_add (writer, group, out, error))
    return TRUE;
  g_prefix_error (error, "title %u: ", i + 1);
  return FALSE;
}

static gboolean
begin (GuicheCnabWriter *writer,
       const Source *source,
       GuicheCnabGroup *group,
       GString *out,
       GError **error)
{
  guiche_cnab_writer_make (writer, GUICHE_CNAB_RECORD_FILE_HEADER, group);
  if (!overlay_object (group, source->document, FALSE, error) ||
      !guiche_cnab_writer_begin_file (writer, group, out, error))
    return FALSE;
  if (source->width == 400)
    return TRUE;
  guiche_cnab_writer_make (writer, GUICHE_CNAB_RECORD_LOTE_HEADER, group);
  return overlay_object (group, source->document, FALSE, error) &&
         guiche_cnab_writer_begin_lote (writer, group, out, error);
}

static gboolean
end (GuicheCnabWriter *writer,
     const Source *source,
     GuicheCnabGroup *group,
     GString *out,
     GError **error)
{
  JsonObject *members = object_member (source->document, "trailer_lote");

  if (source->width == 240) {
    guiche_cnab_writer_make (writer, GUICHE_CNAB_RECORD_LOTE_TRAILER, group);
    if (members != NULL && !overlay_object (group, members, FALSE, error))
      return FALSE;
    if (!guiche_cnab_writer_end_lote (writer, group, out, error))
      return FALSE;
  }
  guiche_cnab_writer_make (writer, GUICHE_CNAB_RECORD_FILE_TRAILER, group);
  members = object_member (source->document, "trailer");
  if (members != NULL && !overlay_object (group, members, FALSE, error))
    return FALSE;
  return guiche_cnab_writer_end_file (writer, group, out, error);
}

static gboolean
write_from_members (const Source *source, GString *out, GError **error)
{
  g_autofree GuicheCnabGroup *group = g_new (GuicheCnabGroup, 1);
  GuicheCnabWriter writer;

  if (json_object_has_member (source->document, "registros_tipo5"))
    return guiche_banking_refuse (error, "registros_tipo5", "ambiguous",
                                  "registros_tipo5 does not say whose they are: give cod_multa, "
                                  "data_multa and multa in the title, or registros");
  if (!guiche_cnab_writer_init (&writer, source->width, source->bank, source->direction, error) ||
      !begin (&writer, source, group, out, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (source->titles); i++)
    if (!write_title (&writer, source, i, group, out, error))
      return FALSE;
  return end (&writer, source, group, out, error);
}

gboolean
guiche_cnab_json_to_file (JsonObject *document, GString *out, GError **error)
{
  Source source = { 0 };

  if (!read_source (document, &source, error))
    return FALSE;
  return source.lines != NULL ? write_over_lines (&source, out, error)
                              : write_from_members (&source, out, error);
}
