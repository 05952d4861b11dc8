/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/cnab-layout.h"
#include "base/day.h"

G_BEGIN_DECLS

#define GUICHE_CNAB_MAX_RECORDS 64

/**
 * GuicheCnabGroup:
 *
 * The records that stand for one thing: a header, a trailer, or a title with all its segments, in
 * the order of the file and byte for byte as they stand there (ISO-8859-1). Columns are read and
 * written by name; a name that several records have is read from the first and written to all.
 * A plain struct: allocate, guiche_cnab_group_clear(), use again.
 */
typedef struct {
  const GuicheCnabLayout *layout; /* (not owned) */
  GuicheCnabRecordKind kind;      /* of the first record */
  guint64 line;                   /* of the first record in the file, from 1; 0 when made here */
  guint n_records;
  /* (nullable) elements: a segment or record type no table knows */
  const GuicheCnabRecordLayout *records[GUICHE_CNAB_MAX_RECORDS];
  char text[GUICHE_CNAB_MAX_RECORDS][GUICHE_CNAB_MAX_WIDTH];
} GuicheCnabGroup;

void guiche_cnab_group_clear (GuicheCnabGroup *self, const GuicheCnabLayout *layout);
/* Appends a line of the layout's width; @record may be NULL. FALSE when the group is full. */
gboolean guiche_cnab_group_append (GuicheCnabGroup *self,
                                   const GuicheCnabRecordLayout *record,
                                   const char *line);
/* Appends an empty record. */
gboolean guiche_cnab_group_append_empty (GuicheCnabGroup *self,
                                         const GuicheCnabRecordLayout *record);

gboolean guiche_cnab_group_has (const GuicheCnabGroup *self, GuicheCnabName name);
/* 0 when it is absent, blank or no number. */
gint64 guiche_cnab_group_get_number (const GuicheCnabGroup *self, GuicheCnabName name);
/* GUICHE_DAY_NONE when it is absent, zeros, blank or no day. */
GuicheDay guiche_cnab_group_get_day (const GuicheCnabGroup *self, GuicheCnabName name);
/* As UTF-8 and as its kind says; "" when it is absent. (transfer full) */
char *guiche_cnab_group_get_text (const GuicheCnabGroup *self, GuicheCnabName name);

/* Refused with the name as field: `unknown` when no record has that column, `range` when the value
 * does not fit, `encoding` when ISO-8859-1 has no such character, `digits`. */
gboolean guiche_cnab_group_set_number (GuicheCnabGroup *self,
                                       GuicheCnabName name,
                                       gint64 value,
                                       GError **error);
gboolean guiche_cnab_group_set_day (GuicheCnabGroup *self,
                                    GuicheCnabName name,
                                    GuicheDay day,
                                    GError **error);
gboolean guiche_cnab_group_set_text (GuicheCnabGroup *self,
                                     GuicheCnabName name,
                                     const char *text,
                                     GError **error);

G_END_DECLS
