/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/cnab-reader.h"
#include "banking/refusal.h"

G_BEGIN_DECLS

typedef enum {
  GUICHE_CNAB_AT_START,
  GUICHE_CNAB_IN_FILE, /* CNAB 400: among its records */
  GUICHE_CNAB_IN_LOTE, /* CNAB 240 */
  GUICHE_CNAB_AT_END,
} GuicheCnabState;

struct _GuicheCnabReader {
  GuicheCnabLines lines;
  const GuicheCnabLayout *layout; /* (nullable) */
  GuicheCnabState state;
  char bank[4];
  char direction;
  gboolean is_refused;

  guint64 n_lotes, n_in_lote, n_titles, n_y;
  gint64 sequence; /* of the lote's last detail */

  GuicheCnabGroup groups[2];
  guint current;               /* being filled */
  gboolean has_ready;          /* the other one is to be given */
  guint8 known_movements[100]; /* 0 not looked up, 1 known, 2 not */
  const char *movement_table;
  GPtrArray *notices;
  guint64 n_notices;
};

/* How one line of each format is judged: which record it is and whether it stands where it may.
 * FALSE when it is refused. */
gboolean guiche_cnab_reader_line_240 (GuicheCnabReader *self, const char *line, GError **error);
gboolean guiche_cnab_reader_line_400 (GuicheCnabReader *self, const char *line, GError **error);

/* For both: puts a judged line where it belongs, and checks its numbers. @record NULL: unknown. */
gboolean guiche_cnab_reader_place (GuicheCnabReader *self,
                                   const GuicheCnabRecordLayout *record,
                                   const char *line,
                                   GError **error);
gboolean guiche_cnab_reader_refuse (GuicheCnabReader *self,
                                    guint column,
                                    const char *reason,
                                    const char *what,
                                    GError **error);
void guiche_cnab_reader_notice (GuicheCnabReader *self,
                                guint column,
                                const char *code,
                                const char *format,
                                ...) G_GNUC_PRINTF (4, 5);
/* The number of @length digits at @column. */
gboolean guiche_cnab_reader_number (GuicheCnabReader *self,
                                    const char *line,
                                    guint column,
                                    guint length,
                                    const char *what,
                                    gint64 *out,
                                    GError **error);

G_END_DECLS
