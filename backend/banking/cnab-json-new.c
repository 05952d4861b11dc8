/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON into a CNAB file: from the members alone. */
#include "banking/cnab-json-private.h"
#include "banking/cnab-writer.h"
#include "banking/refusal.h"

#include <string.h>

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
  return guiche_cnab_source_check_title (out, title, error) &&
         guiche_cnab_json_overlay (out, title, FALSE, error);
}

static gboolean
begin (GuicheCnabWriter *writer,
       const GuicheCnabSource *source,
       GuicheCnabGroup *group,
       GString *out,
       GError **error)
{
  guiche_cnab_writer_make (writer, GUICHE_CNAB_RECORD_FILE_HEADER, group);
  if (!guiche_cnab_source_overlay (group, source->document, FALSE, error) ||
      !guiche_cnab_writer_begin_file (writer, group, out, error))
    return FALSE;
  if (source->width == 400)
    return TRUE;
  guiche_cnab_writer_make (writer, GUICHE_CNAB_RECORD_LOTE_HEADER, group);
  return guiche_cnab_source_overlay (group, source->document, FALSE, error) &&
         guiche_cnab_writer_begin_lote (writer, group, out, error);
}

static gboolean
end (GuicheCnabWriter *writer,
     const GuicheCnabSource *source,
     GuicheCnabGroup *group,
     GString *out,
     GError **error)
{
  if (source->width == 240) {
    guiche_cnab_writer_make (writer, GUICHE_CNAB_RECORD_LOTE_TRAILER, group);
    if (!guiche_cnab_source_overlay (group, guiche_cnab_source_object (source, "trailer_lote"),
                                     FALSE, error) ||
        !guiche_cnab_writer_end_lote (writer, group, out, error))
      return FALSE;
  }
  guiche_cnab_writer_make (writer, GUICHE_CNAB_RECORD_FILE_TRAILER, group);
  return guiche_cnab_source_overlay (group, guiche_cnab_source_object (source, "trailer"), FALSE,
                                     error) &&
         guiche_cnab_writer_end_file (writer, group, out, error);
}

/* (nullable): of a member that is a string. */
static const char *
string_of (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static gboolean
begins_after (JsonObject *fine, GuicheDay due)
{
  const char *day = string_of (fine, "data");
  GuicheDay begins;

  return day != NULL && guiche_day_parse_iso (day, &begins) && begins == due + 1;
}

static void
copy_member (JsonObject *from, const char *name, JsonObject *to, const char *as)
{
  JsonNode *node = json_object_get_member (from, name);

  if (node != NULL)
    json_object_set_member (to, as, json_node_copy (node));
}

/* BB's fines stand beside the titles (`registros_tipo5`): each belongs to the one title that is due
 * the day before it begins. FALSE when a title would have two. */
static gboolean
place_fines (JsonArray *fines, JsonObject *title, guint *n_placed)
{
  const char *due_text = string_of (title, "vencimento");
  GuicheDay due;

  if (due_text == NULL || !guiche_day_parse_iso (due_text, &due))
    return TRUE;
  for (guint i = 0; i < json_array_get_length (fines); i++) {
    JsonNode *node = json_array_get_element (fines, i);

    if (!JSON_NODE_HOLDS_OBJECT (node) || !begins_after (json_node_get_object (node), due))
      continue;
    if (json_object_has_member (title, "cod_multa"))
      return FALSE;
    copy_member (json_node_get_object (node), "codigo", title, "cod_multa");
    copy_member (json_node_get_object (node), "data", title, "data_multa");
    copy_member (json_node_get_object (node), "valor", title, "multa");
    (*n_placed)++;
  }
  return TRUE;
}

static gboolean
refuse_fines (GError **error)
{
  return guiche_banking_refuse (error, "registros_tipo5", "ambiguous",
                                "registros_tipo5 does not say whose they are: give cod_multa, "
                                "data_multa and multa in the title, or registros");
}

static gboolean
write_titles (GuicheCnabWriter *writer,
              GuicheCnabSource *source,
              GuicheCnabGroup *group,
              GString *out,
              GError **error)
{
  JsonNode *node = json_object_get_member (source->document, "registros_tipo5");
  JsonArray *fines =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (JsonNode) title = NULL;
  GuicheCnabMembers members;
  guint n_placed = 0;

  for (;;) {
    if (!guiche_cnab_source_next_title (source, &title, error))
      return FALSE;
    if (title == NULL)
      break;
    if (fines != NULL && !place_fines (fines, json_node_get_object (title), &n_placed))
      return refuse_fines (error);
    guiche_cnab_members_read (json_node_get_object (title), &members);
    if (!make_title (writer, &members, group, error) ||
        !guiche_cnab_writer_add (writer, group, out, error)) {
      g_prefix_error (error, "title %u: ", source->n_titles);
      return FALSE;
    }
  }
  if (fines != NULL && json_array_get_length (fines) != n_placed)
    return refuse_fines (error);
  return TRUE;
}

gboolean
guiche_cnab_source_write_new (GuicheCnabSource *self, GString *out, GError **error)
{
  g_autofree GuicheCnabGroup *group = g_new (GuicheCnabGroup, 1);
  JsonObject *others = guiche_cnab_source_object (self, "outros_segmentos");
  GuicheCnabWriter writer;

  if (others != NULL && json_object_get_size (others) > 0)
    return guiche_banking_refuse (error, "outros_segmentos", "required",
                                  "outros_segmentos: what they say stands in registros only");
  return guiche_cnab_writer_init (&writer, self->width, self->bank, self->direction, error) &&
         begin (&writer, self, group, out, error) &&
         write_titles (&writer, self, group, out, error) && end (&writer, self, group, out, error);
}
