/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/reconciliation.h"

G_BEGIN_DECLS

/* What happened to a title's money, by road. */
typedef struct {
  guint8 roads;        /* bits of GuicheRoad that settled it */
  guint last_decision; /* place + 1 */
} GuicheTitleHistory;

typedef enum {
  GUICHE_ROAD_BANK = 1 << 0, /* CNAB, the bank's API */
  GUICHE_ROAD_PIX = 1 << 1,
} GuicheRoad;

struct _GuicheReconciliation {
  GuicheReconcileTitle *titles; /* (not owned) */
  guint n_titles;
  GuicheTitleHistory *histories;      /* (owned) */
  const GuicheReconcileEvent *events; /* (not owned): of the run */
  GArray *decisions;
  gint64 tariffs_cents;
  GHashTable *seen; /* keys of events that were taken */
  /* places of titles (element-type GArray of guint) by what identifies them */
  GHashTable *by_txid, *by_number, *by_solicitacao, *by_seu_numero, *by_document, *by_face;
  GHashTable *by_end_to_end; /* title place + 1 by endToEndId, once it was settled */
  GArray *credits;           /* (element-type GuicheCredit): what a statement should show */
};

typedef struct {
  guint event;
  GuicheDay day;
  gint64 gross_cents, tariff_cents;
  const char *id; /* the event's */
  gboolean is_linked, is_tariff_linked;
} GuicheCredit;

typedef struct {
  int title; /* -1: none or several */
  const char *rule;
  guint confidence;
  GArray *candidates; /* (owned) (nullable) */
} GuicheMatch;

/* What an event means for a title. */
typedef enum {
  GUICHE_MEANS_NOTHING,
  GUICHE_MEANS_REGISTERED,
  GUICHE_MEANS_REJECTED,
  GUICHE_MEANS_PAID,
  GUICHE_MEANS_PAID_LATE_OR_UNKNOWN, /* 17: after write-off, or not registered */
  GUICHE_MEANS_PARTIAL,
  GUICHE_MEANS_BALANCE, /* the rest after partial payments */
  GUICHE_MEANS_WRITTEN_OFF,
  GUICHE_MEANS_RETURNED, /* the cheque bounced */
  GUICHE_MEANS_TARIFF,
  GUICHE_MEANS_CANCELLED, /* a provisional payment that was none */
  GUICHE_MEANS_PROVISIONAL,
} GuicheMeaning;

GuicheMeaning guiche_reconcile_meaning (const GuicheReconcileEvent *event);
void guiche_reconciliation_index (GuicheReconciliation *self);
void guiche_reconciliation_unindex (GuicheReconciliation *self);
/* The bank numbered a title. */
void guiche_reconciliation_learn (GuicheReconciliation *self,
                                  guint title,
                                  const char *nosso_numero);
void guiche_reconciliation_match (GuicheReconciliation *self,
                                  const GuicheReconcileEvent *event,
                                  GuicheMatch *out);
/* TRUE when the statement's line is of what was settled; fills in @decision. */
gboolean guiche_reconciliation_link_statement (GuicheReconciliation *self,
                                               const GuicheReconcileEvent *event,
                                               GuicheDecision *decision);

G_END_DECLS
