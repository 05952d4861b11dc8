/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/cnab-group.h"

G_BEGIN_DECLS

/**
 * GuicheCnabWriter:
 *
 * Writes a CNAB file piece by piece into a buffer that the caller empties as it likes: begin the
 * file, (CNAB 240) begin a lote, add titles, end the lote, end the file. It fills in what belongs
 * to the file and not to the title: bank, lote, record numbers, counters.
 */
typedef struct {
  const GuicheCnabLayout *layout; /* (not owned) */
  char bank[4];
  char direction;
  guint n_lotes, n_in_lote;
  guint64 n_lines, n_titles, n_titles_in_lote;
  gint64 face_in_lote; /* cents */
} GuicheCnabWriter;

/* FALSE when no layout of that width, bank and direction is known. */
gboolean guiche_cnab_writer_init (GuicheCnabWriter *self,
                                  guint width,
                                  const char *bank,
                                  char direction,
                                  GError **error);

/* Empty records to be filled in. */
void guiche_cnab_writer_make (const GuicheCnabWriter *self,
                              GuicheCnabRecordKind kind,
                              GuicheCnabGroup *out);
/* A title of CNAB 240 from its segments ("PQR", "TU"), of CNAB 400 from its type ("1", "7"). */
gboolean guiche_cnab_writer_make_title (const GuicheCnabWriter *self,
                                        const char *records,
                                        GuicheCnabGroup *out);

/* Each fills in its group's columns and appends its lines to @out. */
gboolean guiche_cnab_writer_begin_file (GuicheCnabWriter *self,
                                        GuicheCnabGroup *header,
                                        GString *out,
                                        GError **error);
gboolean guiche_cnab_writer_begin_lote (GuicheCnabWriter *self,
                                        GuicheCnabGroup *header,
                                        GString *out,
                                        GError **error);
/* Refused with `range` when the lote is full: 99,999 records. */
gboolean guiche_cnab_writer_add (GuicheCnabWriter *self,
                                 GuicheCnabGroup *title,
                                 GString *out,
                                 GError **error);
gboolean guiche_cnab_writer_end_lote (GuicheCnabWriter *self,
                                      GuicheCnabGroup *trailer,
                                      GString *out,
                                      GError **error);
gboolean guiche_cnab_writer_end_file (GuicheCnabWriter *self,
                                      GuicheCnabGroup *trailer,
                                      GString *out,
                                      GError **error);

/* The lines as they are, with CR and LF. */
void guiche_cnab_group_write (const GuicheCnabGroup *self, GString *out);

G_END_DECLS
