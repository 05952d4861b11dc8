/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/statement.h"

G_BEGIN_DECLS

/**
 * GuicheOfxReader:
 *
 * Bank statements in OFX 1 (SGML, leaf tags not closed) and 2 (XML), as bytes come. Strict: the
 * document must end, every movement must have its id, day and amount; a refusal names line and
 * column. Text that is no UTF-8 is taken as Windows-1252, which Brazilian banks send.
 */
typedef struct _GuicheOfxReader GuicheOfxReader;

GuicheOfxReader *guiche_ofx_reader_new (GuicheStatementFunc visit, gpointer data);
void guiche_ofx_reader_free (GuicheOfxReader *self);
/* Calls @visit for each movement that was completed; FALSE for good when it is refused. */
gboolean guiche_ofx_reader_feed (GuicheOfxReader *self,
                                 const char *data,
                                 gsize length,
                                 GError **error);
/* FALSE when the document was cut. */
gboolean guiche_ofx_reader_finish (GuicheOfxReader *self, GError **error);
/* The balance at the end, if the statement says one. */
gboolean guiche_ofx_reader_balance (const GuicheOfxReader *self,
                                    gint64 *out_cents,
                                    GuicheDay *out_day);

/* "100.00", "-150,00", "1.234,56", "+7": cents. FALSE when it is no amount. */
gboolean guiche_ofx_parse_amount (const char *text, gint64 *out_cents);
/* YYYYMMDD with anything behind it that a time may have. */
gboolean guiche_ofx_parse_day (const char *text, GuicheDay *out_day);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheOfxReader, guiche_ofx_reader_free)

G_END_DECLS
