/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/cnab-names.h"

#include <glib.h>

G_BEGIN_DECLS

/* What CNAB files look like: tables made at build time from the manuals' CSVs in layouts/ by
 * make-layouts. Columns count from 1, as in the manuals. */

/* How a column's text is read. */
typedef enum {
  GUICHE_CNAB_KIND_RAW,           /* as it stands, blanks and all */
  GUICHE_CNAB_KIND_TEXT,          /* without blanks around it */
  GUICHE_CNAB_KIND_DASHED,        /* a number and its check digit: 01234-3 */
  GUICHE_CNAB_KIND_CODES,         /* codes of two characters, one after another */
  GUICHE_CNAB_KIND_DIRECTION,     /* 1 remessa, 2 retorno */
  GUICHE_CNAB_KIND_DATE6,         /* DDMMAA */
  GUICHE_CNAB_KIND_DATE8,         /* DDMMAAAA */
  GUICHE_CNAB_KIND_INTEGER,       /* digits, or blank for none */
  GUICHE_CNAB_KIND_MONEY,         /* cents; digits, or blank for none */
  GUICHE_CNAB_KIND_MONEY_OR_NULL, /* cents; no error when it is not a number */
} GuicheCnabKind;

typedef struct {
  GuicheCnabName name;
  GuicheCnabKind kind;
  guint16 from, length;
  gboolean is_shown;       /* part of the JSON shape; otherwise only kept and written */
  gboolean is_number;      /* the manual's: filled with zeros from the left */
  const char *description; /* the manual's */
} GuicheCnabField;

typedef enum {
  GUICHE_CNAB_RECORD_FILE_HEADER,
  GUICHE_CNAB_RECORD_LOTE_HEADER,
  GUICHE_CNAB_RECORD_TITLE,     /* begins a title */
  GUICHE_CNAB_RECORD_DETAIL,    /* belongs to the title before it */
  GUICHE_CNAB_RECORD_STATEMENT, /* stands alone */
  GUICHE_CNAB_RECORD_LOTE_TRAILER,
  GUICHE_CNAB_RECORD_FILE_TRAILER,
} GuicheCnabRecordKind;

typedef struct {
  GuicheCnabRecordKind kind;
  char type;           /* column 8 of CNAB 240, column 1 of CNAB 400 */
  char segment;        /* CNAB 240 details, else NUL */
  const char *subtype; /* Y-03, 5-99; "" when the type says it all */
  const GuicheCnabField *fields;
  guint n_fields;
  const gint8 *index; /* (array length=GUICHE_CNAB_N_NAMES): place in @fields from 1, 0 for none */
  const char *template; /* an empty record with zeros, blanks and fixed values in place */
} GuicheCnabRecordLayout;

typedef struct {
  const char *id;
  guint width;
  const char *bank; /* "" for whatever bank has no table of its own */
  char direction;   /* '1', '2', or NUL when one layout serves both */
  const GuicheCnabRecordLayout *records;
  guint n_records;
} GuicheCnabLayout;

typedef struct {
  const char *table, *code, *description;
} GuicheCnabCode;

extern const GuicheCnabLayout guiche_cnab_layouts[];
extern const guint guiche_cnab_n_layouts;
extern const char *const guiche_cnab_names[];
extern const GuicheCnabName guiche_cnab_names_sorted[]; /* by their text */
extern const GuicheCnabCode guiche_cnab_codes[];        /* by table, then code */
extern const guint guiche_cnab_n_codes;

#define GUICHE_CNAB_DIRECTION_REMESSA '1'
#define GUICHE_CNAB_DIRECTION_RETORNO '2'
#define GUICHE_CNAB_MAX_WIDTH 400

/* (nullable): CNAB 400 needs both bank and direction, CNAB 240 falls back on FEBRABAN's. */
const GuicheCnabLayout *guiche_cnab_layout_find (guint width, const char *bank, char direction);
/* (nullable): the record of a line of that layout, which is as wide as it should be. */
const GuicheCnabRecordLayout *guiche_cnab_layout_record (const GuicheCnabLayout *self,
                                                         const char *line);
/* (nullable): by its type or segment and subtype, as in records.csv. */
const GuicheCnabRecordLayout *guiche_cnab_layout_named_record (const GuicheCnabLayout *self,
                                                               char type_or_segment,
                                                               const char *subtype);

/* (nullable): the column of that name. */
static inline const GuicheCnabField *
guiche_cnab_record_field (const GuicheCnabRecordLayout *self, GuicheCnabName name)
{
  return self->index[name] == 0 ? NULL : &self->fields[self->index[name] - 1];
}

/* GUICHE_CNAB_N_NAMES for no such name. */
GuicheCnabName guiche_cnab_name_find (const char *name);
/* (nullable): what a code means: `C044` and `06`, `bb` tables by their title. */
const char *guiche_cnab_code_description (const char *table, const char *code);
/* (nullable): the table of a layout's movements in that direction. */
const char *guiche_cnab_movement_table (const GuicheCnabLayout *layout, char direction);
/* (nullable): what the same two digits of a reason mean with that movement (C047: A when something
 * was refused, B of tariffs, C of payments and write-offs). */
const char *guiche_cnab_reason_description (const char *movement, const char *reason);

G_END_DECLS
