/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/cnab-group.h"

G_BEGIN_DECLS

/**
 * GuicheStatementLine:
 *
 * One movement of an account, from OFX or CNAB 240. Texts are UTF-8, "" when not said, and borrowed
 * for the call.
 */
typedef struct {
  const char *bank, *branch, *account;
  const char *fitid;    /* OFX: unique in its account, in theory */
  const char *kind;     /* OFX TRNTYPE; CNAB: category */
  const char *memo;     /* what the bank says about it */
  const char *document; /* CHECKNUM or REFNUM; CNAB: document number */
  GuicheDay posted;
  gint64 amount_cents; /* negative: taken from the account */
} GuicheStatementLine;

typedef void (*GuicheStatementFunc) (const GuicheStatementLine *line, gpointer data);

/* Calls @visit with the segment E of a group; FALSE, without a call, when it is something else or
 * does not say day, amount and direction (FEBRABAN V10.06, G085 to G095). */
gboolean guiche_statement_from_cnab (const GuicheCnabGroup *group,
                                     GuicheStatementFunc visit,
                                     gpointer data);

G_END_DECLS
