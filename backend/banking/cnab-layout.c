/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/cnab-layout.h"

#include <string.h>

#define AT_TYPE_240 7
#define AT_SEGMENT_240 13
#define AT_SUBTYPE_240 17
#define AT_SUBTYPE_400 1

const GuicheCnabLayout *
guiche_cnab_layout_find (guint width, const char *bank, char direction)
{
  for (guint i = 0; i < guiche_cnab_n_layouts; i++) {
    const GuicheCnabLayout *layout = &guiche_cnab_layouts[i];

    if (layout->width == width && (*layout->bank == '\0' || strcmp (layout->bank, bank) == 0) &&
        (layout->direction == '\0' || layout->direction == direction))
      return layout;
  }
  return NULL;
}

static gboolean
is_record (const GuicheCnabLayout *layout, const GuicheCnabRecordLayout *record, const char *line)
{
  const char *type = layout->width == 240 ? line + AT_TYPE_240 : line;

  if (record->type != *type)
    return FALSE;
  if (record->segment != '\0' && record->segment != line[AT_SEGMENT_240])
    return FALSE;
  return *record->subtype == '\0' ||
         memcmp (line + (layout->width == 240 ? AT_SUBTYPE_240 : AT_SUBTYPE_400), record->subtype,
                 2) == 0;
}

const GuicheCnabRecordLayout *
guiche_cnab_layout_record (const GuicheCnabLayout *self, const char *line)
{
  for (guint i = 0; i < self->n_records; i++)
    if (is_record (self, &self->records[i], line))
      return &self->records[i];
  return NULL;
}

const GuicheCnabRecordLayout *
guiche_cnab_layout_named_record (const GuicheCnabLayout *self,
                                 char type_or_segment,
                                 const char *subtype)
{
  for (guint i = 0; i < self->n_records; i++) {
    const GuicheCnabRecordLayout *record = &self->records[i];
    char letter = record->segment != '\0' ? record->segment : record->type;

    if (letter == type_or_segment && strcmp (record->subtype, subtype) == 0)
      return record;
  }
  return NULL;
}

GuicheCnabName
guiche_cnab_name_find (const char *name)
{
  guint low = 0, high = GUICHE_CNAB_N_NAMES;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    GuicheCnabName found = guiche_cnab_names_sorted[middle];
    int order = strcmp (name, guiche_cnab_names[found]);

    if (order == 0)
      return found;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return GUICHE_CNAB_N_NAMES;
}

static int
compare_code (const char *table, const char *code, const GuicheCnabCode *to)
{
  int order = strcmp (table, to->table);

  return order != 0 ? order : strcmp (code, to->code);
}

const char *
guiche_cnab_code_description (const char *table, const char *code)
{
  guint low = 0, high = guiche_cnab_n_codes;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    int order = compare_code (table, code, &guiche_cnab_codes[middle]);

    if (order == 0)
      return guiche_cnab_codes[middle].description;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return NULL;
}

const char *
guiche_cnab_movement_table (const GuicheCnabLayout *layout, char direction)
{
  static const struct {
    const char *bank, *remessa, *retorno;
  } tables[] = {
    { "001", "comando remessa (109-110)", "comando retorno (109-110)" },
    { "077", "inter remessa", "inter retorno" },
    { "756", "sicoob remessa", "sicoob retorno" },
  };

  if (layout->width == 240)
    return direction == GUICHE_CNAB_DIRECTION_REMESSA ? "C004" : "C044";
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (strcmp (tables[i].bank, layout->bank) == 0)
      return direction == GUICHE_CNAB_DIRECTION_REMESSA ? tables[i].remessa : tables[i].retorno;
  return NULL;
}

const char *
guiche_cnab_reason_description (const char *movement, const char *reason)
{
  static const struct {
    const char *movements, *table;
  } groups[] = { { "02 03 26 30", "C047-A" }, { "28", "C047-B" }, { "06 09 17", "C047-C" } };

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    if (strlen (movement) == 2 && strstr (groups[i].movements, movement) != NULL)
      return guiche_cnab_code_description (groups[i].table, reason);
  return NULL;
}
