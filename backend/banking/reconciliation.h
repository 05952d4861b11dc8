/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/charges.h"

G_BEGIN_DECLS

/* Which payment is for which title (RULES 3.10): pure, in the order of the events given. Texts are
 * borrowed and "" when unknown. Nothing ambiguous is ever settled. */

/* What a title became. */
typedef enum {
  GUICHE_TITLE_OPEN,
  GUICHE_TITLE_REGISTERED,
  GUICHE_TITLE_REJECTED,
  GUICHE_TITLE_PROVISIONAL, /* paid, says the bank's first notice; final with the credit */
  GUICHE_TITLE_PARTIAL,
  GUICHE_TITLE_PAID,
  GUICHE_TITLE_PAID_DIVERGENT, /* settled at the bank with another value than was due */
  GUICHE_TITLE_WRITTEN_OFF,
  GUICHE_TITLE_PAID_AFTER_WRITE_OFF,
  GUICHE_TITLE_REFUNDED,
} GuicheTitleState;

/* "aberto", "registrado", … */
const char *guiche_title_state_name (GuicheTitleState state);

typedef struct {
  const char *id;
  const char *bank, *convenio, *nosso_numero, *nosso_numero_dv;
  const char *txid, *codigo_solicitacao, *seu_numero, *payer_document;
  GuicheChargeTerms terms;

  GuicheTitleState state;
  gint64 settled_cents;
  gint64 charges_cents;       /* fine and interest that were paid as due */
  gint64 divergence_cents;    /* paid less due, of what is settled */
  char *learned_nosso_numero; /* (owned) (nullable): the bank numbered it */
} GuicheReconcileTitle;

typedef enum {
  GUICHE_EVENT_CNAB_240,
  GUICHE_EVENT_CNAB_400_BB,
  GUICHE_EVENT_CNAB_400_INTER,
  GUICHE_EVENT_CNAB_400_SICOOB,
  GUICHE_EVENT_API,
  GUICHE_EVENT_PIX,
  GUICHE_EVENT_PIX_REFUND,
  GUICHE_EVENT_STATEMENT,
  GUICHE_EVENT_PROVISIONAL, /* webhook of the baixa operacional */
  GUICHE_EVENT_PROVISIONAL_CANCELLED,
} GuicheEventSource;

typedef struct {
  const char *id;
  GuicheEventSource source;
  const char *bank, *convenio, *nosso_numero, *nature, *reason;
  const char *movement; /* of a file, two digits; of an API, its word for the situation */
  const char *txid, *end_to_end, *refund, *refund_status;
  const char *codigo_solicitacao, *seu_numero, *payer_document, *memo;
  const char *account, *fitid; /* of a statement */
  gint64 amount_cents;         /* paid; of a statement, negative is a debit */
  gint64 tariff_cents;
  GuicheDay day, credited; /* GUICHE_DAY_NONE: not said */
} GuicheReconcileEvent;

typedef enum {
  GUICHE_DECISION_SETTLED,
  GUICHE_DECISION_LINKED,    /* the same payment heard by another road */
  GUICHE_DECISION_REPEATED,  /* heard already: nothing changes */
  GUICHE_DECISION_STATE,     /* registered, written off, provisional, … */
  GUICHE_DECISION_POSITION,  /* says nothing new */
  GUICHE_DECISION_DUPLICATE, /* a second payment: to refund */
  GUICHE_DECISION_AMBIGUOUS, /* candidates for a person */
  GUICHE_DECISION_UNKNOWN,   /* no title */
  GUICHE_DECISION_STATEMENT, /* a statement's line that agrees with what was settled */
  GUICHE_DECISION_REFUND,
  GUICHE_DECISION_TARIFF,
} GuicheDecisionKind;

/**
 * GuicheDecision:
 *
 * What was decided of one event and why, with all that undoing it needs.
 */
typedef struct {
  GuicheDecisionKind kind;
  guint event;
  int title;        /* place, or -1 */
  const char *rule; /* `txid`, `nosso-numero`, `seu-numero`, … */
  guint confidence; /* percent */
  gint64 amount_cents, expected_cents;
  gboolean needs_person;
  GArray *others; /* (owned) (nullable) (element-type guint): candidate titles, or a statement's
                     events */
  GuicheTitleState state_before;
  gint64 settled_before, charges_before, divergence_before;
} GuicheDecision;

typedef struct _GuicheReconciliation GuicheReconciliation;

/* @titles: changed by what follows, and borrowed as long as it lives */
GuicheReconciliation *guiche_reconciliation_new (GuicheReconcileTitle *titles, guint n_titles);
void guiche_reconciliation_free (GuicheReconciliation *self);
/* @events: borrowed likewise; may be called again with later ones. One decision each. */
void guiche_reconciliation_run (GuicheReconciliation *self,
                                const GuicheReconcileEvent *events,
                                guint n_events);
/* (element-type GuicheDecision) */
const GArray *guiche_reconciliation_decisions (const GuicheReconciliation *self);
/* All tariffs that events said. */
gint64 guiche_reconciliation_tariffs (const GuicheReconciliation *self);
/* What is still due of a title, its charges until @day included. */
gint64 guiche_reconcile_balance (const GuicheReconcileTitle *title, GuicheDay day);
/* (transfer full) (element-type guint): events that settled and of whose credit no statement's line
 * was seen, two banking days after it was promised. */
GArray *guiche_reconciliation_missing_credits (const GuicheReconciliation *self, GuicheDay today);
/* Gives the title back what it was before; FALSE when a later decision stands on it. */
gboolean guiche_reconciliation_undo (GuicheReconciliation *self, guint decision, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheReconciliation, guiche_reconciliation_free)

G_END_DECLS
