/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/reconciliation-private.h"
#include "banking/refusal.h"

#include <string.h>

static const char *const state_names[] = {
  [GUICHE_TITLE_OPEN] = "aberto",
  [GUICHE_TITLE_REGISTERED] = "registrado",
  [GUICHE_TITLE_REJECTED] = "rejeitado",
  [GUICHE_TITLE_PROVISIONAL] = "pago_provisorio",
  [GUICHE_TITLE_PARTIAL] = "parcial",
  [GUICHE_TITLE_PAID] = "pago",
  [GUICHE_TITLE_PAID_DIVERGENT] = "pago_com_divergencia",
  [GUICHE_TITLE_WRITTEN_OFF] = "baixado",
  [GUICHE_TITLE_PAID_AFTER_WRITE_OFF] = "pago_apos_baixa",
  [GUICHE_TITLE_REFUNDED] = "devolvido",
};

const char *
guiche_title_state_name (GuicheTitleState state)
{
  return state_names[state];
}

static void
clear_decision (gpointer data)
{
  g_clear_pointer (&((GuicheDecision *) data)->others, g_array_unref);
}

GuicheReconciliation *
guiche_reconciliation_new (GuicheReconcileTitle *titles, guint n_titles)
{
  GuicheReconciliation *self = g_new0 (GuicheReconciliation, 1);

  self->titles = titles;
  self->n_titles = n_titles;
  self->histories = g_new0 (GuicheTitleHistory, n_titles);
  self->decisions = g_array_new (FALSE, FALSE, sizeof (GuicheDecision));
  g_array_set_clear_func (self->decisions, clear_decision);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->by_end_to_end = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->credits = g_array_new (FALSE, FALSE, sizeof (GuicheCredit));
  guiche_reconciliation_index (self);
  return self;
}

void
guiche_reconciliation_free (GuicheReconciliation *self)
{
  for (guint i = 0; i < self->n_titles; i++)
    g_clear_pointer (&self->titles[i].learned_nosso_numero, g_free);
  guiche_reconciliation_unindex (self);
  g_array_unref (self->credits);
  g_hash_table_unref (self->by_end_to_end);
  g_hash_table_unref (self->seen);
  g_array_unref (self->decisions);
  g_free (self->histories);
  g_free (self);
}

const GArray *
guiche_reconciliation_decisions (const GuicheReconciliation *self)
{
  return self->decisions;
}

gint64
guiche_reconciliation_tariffs (const GuicheReconciliation *self)
{
  return self->tariffs_cents;
}

gint64
guiche_reconcile_balance (const GuicheReconcileTitle *title, GuicheDay day)
{
  GuicheCharges charges;

  if (!guiche_charges_compute (&title->terms, day == GUICHE_DAY_NONE ? title->terms.due : day, NULL,
                               &charges, NULL))
    return title->terms.face_cents - title->settled_cents;
  return charges.total_cents - title->settled_cents;
}

/* What makes an event the same as one heard before. (transfer full) (nullable) */
static char *
event_key (const GuicheReconcileEvent *event)
{
  switch (event->source) {
  case GUICHE_EVENT_PIX:
    return *event->end_to_end == '\0' ? NULL : g_strconcat ("pix ", event->end_to_end, NULL);
  case GUICHE_EVENT_PIX_REFUND:
    return g_strconcat ("refund ", event->end_to_end, " ", event->refund, " ", event->refund_status,
                        NULL);
  case GUICHE_EVENT_CNAB_240:
  case GUICHE_EVENT_CNAB_400_BB:
  case GUICHE_EVENT_CNAB_400_INTER:
  case GUICHE_EVENT_CNAB_400_SICOOB:
    return g_strdup_printf ("cnab %s %s %s %s %s %s %d %" G_GINT64_FORMAT, event->bank,
                            event->convenio, event->nosso_numero, event->seu_numero,
                            event->movement, event->nature, event->day, event->amount_cents);
  case GUICHE_EVENT_STATEMENT:
    return *event->fitid == '\0'
               ? NULL
               : g_strconcat ("statement ", event->account, " ", event->fitid, NULL);
  case GUICHE_EVENT_API:
    return g_strdup_printf ("api %s %s %s %s %d %" G_GINT64_FORMAT, event->codigo_solicitacao,
                            event->nosso_numero, event->seu_numero, event->movement, event->day,
                            event->amount_cents);
  case GUICHE_EVENT_PROVISIONAL:
  case GUICHE_EVENT_PROVISIONAL_CANCELLED:
  default:
    return NULL;
  }
}

static GuicheRoad
road_of (const GuicheReconcileEvent *event)
{
  return event->source == GUICHE_EVENT_PIX ? GUICHE_ROAD_PIX : GUICHE_ROAD_BANK;
}

static gboolean
is_paid (const GuicheReconcileTitle *title)
{
  return title->state == GUICHE_TITLE_PAID || title->state == GUICHE_TITLE_PAID_DIVERGENT ||
         title->state == GUICHE_TITLE_PAID_AFTER_WRITE_OFF;
}

/* The value that was due that day, and what it says about the one that came. */
static void
settle (GuicheReconciliation *self,
        GuicheReconcileTitle *title,
        const GuicheReconcileEvent *event,
        GuicheMeaning meaning,
        GuicheDecision *decision)
{
  gint64 due = guiche_reconcile_balance (title, event->day);
  gint64 difference = event->amount_cents - due;
  gint64 face = title->terms.face_cents - title->terms.abatement_cents - title->settled_cents;

  decision->kind = GUICHE_DECISION_SETTLED;
  decision->expected_cents = due;
  title->settled_cents += event->amount_cents;
  if (meaning == GUICHE_MEANS_PARTIAL) {
    title->state = GUICHE_TITLE_PARTIAL;
    return;
  }
  if (ABS (difference) <= 1 && due != face) /* the bank rounds charges its own way */
    difference = 0;
  title->charges_cents += MAX (0, event->amount_cents - face);
  title->divergence_cents = difference;
  if (title->state == GUICHE_TITLE_WRITTEN_OFF) {
    title->state = GUICHE_TITLE_PAID_AFTER_WRITE_OFF;
    decision->needs_person = TRUE;
  } else {
    title->state = difference == 0 ? GUICHE_TITLE_PAID : GUICHE_TITLE_PAID_DIVERGENT;
    decision->needs_person = difference != 0 || meaning == GUICHE_MEANS_PAID_LATE_OR_UNKNOWN;
  }
}

/* A bolepix is heard of by both roads; only 17 says that it was paid again. */
static gboolean
is_other_road (const GuicheReconciliation *self,
               guint place,
               const GuicheReconcileEvent *event,
               GuicheMeaning meaning)
{
  const GuicheReconcileTitle *title = &self->titles[place];

  return meaning != GUICHE_MEANS_PAID_LATE_OR_UNKNOWN && *title->txid != '\0' &&
         (self->histories[place].roads & road_of (event)) == 0 &&
         title->settled_cents == event->amount_cents;
}

static void
remember_credit (GuicheReconciliation *self, const GuicheReconcileEvent *event, guint place)
{
  GuicheCredit credit = {
    .event = place,
    .day = event->credited != GUICHE_DAY_NONE ? event->credited : event->day,
    .gross_cents = event->amount_cents,
    .tariff_cents = event->tariff_cents,
    .id = event->id,
  };

  g_array_append_val (self->credits, credit);
}

static void
pay (GuicheReconciliation *self,
     guint place,
     const GuicheReconcileEvent *event,
     GuicheMeaning meaning,
     GuicheDecision *decision)
{
  GuicheReconcileTitle *title = &self->titles[place];

  if (event->amount_cents <= 0) {
    decision->kind = GUICHE_DECISION_POSITION;
    decision->needs_person = TRUE;
    return;
  }
  if (is_paid (title) && is_other_road (self, place, event, meaning)) {
    decision->kind = GUICHE_DECISION_LINKED;
  } else if (is_paid (title)) {
    decision->kind = GUICHE_DECISION_DUPLICATE;
    decision->needs_person = TRUE;
  } else {
    if (title->state == GUICHE_TITLE_PROVISIONAL)
      title->settled_cents = 0;
    settle (self, title, event, meaning, decision);
    remember_credit (self, event, decision->event);
  }
  if (decision->kind != GUICHE_DECISION_DUPLICATE)
    self->histories[place].roads |= road_of (event);
  if (*event->end_to_end != '\0')
    g_hash_table_insert (self->by_end_to_end, g_strdup (event->end_to_end),
                         GINT_TO_POINTER ((int) place + 1));
}

static void
change_state (GuicheReconcileTitle *title, GuicheTitleState state, GuicheDecision *decision)
{
  decision->kind = GUICHE_DECISION_STATE;
  title->state = state;
}

/* A bounced cheque, a provisional payment that was cancelled: due again. */
static void
reopen (GuicheReconciliation *self, guint place, GuicheDecision *decision)
{
  GuicheReconcileTitle *title = &self->titles[place];

  title->settled_cents = 0;
  title->charges_cents = 0;
  title->divergence_cents = 0;
  self->histories[place].roads = 0;
  change_state (title, GUICHE_TITLE_OPEN, decision);
}

static void
apply (GuicheReconciliation *self,
       guint place,
       const GuicheReconcileEvent *event,
       GuicheMeaning meaning,
       GuicheDecision *decision)
{
  GuicheReconcileTitle *title = &self->titles[place];
  gboolean is_waiting = title->state <= GUICHE_TITLE_REJECTED;

  switch (meaning) {
  case GUICHE_MEANS_PAID:
  case GUICHE_MEANS_PAID_LATE_OR_UNKNOWN:
  case GUICHE_MEANS_PARTIAL:
  case GUICHE_MEANS_BALANCE:
    pay (self, place, event, meaning, decision);
    return;
  case GUICHE_MEANS_REGISTERED:
    if (is_waiting)
      change_state (title, GUICHE_TITLE_REGISTERED, decision);
    return;
  case GUICHE_MEANS_REJECTED:
    if (is_waiting)
      change_state (title, GUICHE_TITLE_REJECTED, decision);
    decision->needs_person = TRUE;
    return;
  case GUICHE_MEANS_WRITTEN_OFF:
    if (!is_paid (title))
      change_state (title, GUICHE_TITLE_WRITTEN_OFF, decision);
    return;
  case GUICHE_MEANS_PROVISIONAL:
    if (!is_paid (title)) {
      change_state (title, GUICHE_TITLE_PROVISIONAL, decision);
      title->settled_cents = event->amount_cents;
    }
    return;
  case GUICHE_MEANS_CANCELLED:
    if (title->state == GUICHE_TITLE_PROVISIONAL)
      reopen (self, place, decision);
    return;
  case GUICHE_MEANS_RETURNED:
    reopen (self, place, decision);
    decision->needs_person = TRUE;
    return;
  case GUICHE_MEANS_TARIFF:
    decision->kind = GUICHE_DECISION_TARIFF;
    return;
  case GUICHE_MEANS_NOTHING:
  default:
    return;
  }
}

static void
refund (GuicheReconciliation *self,
        guint place,
        const GuicheReconcileEvent *event,
        GuicheDecision *decision)
{
  GuicheReconcileTitle *title = &self->titles[place];

  decision->kind = GUICHE_DECISION_REFUND;
  if (strcmp (event->refund_status, "DEVOLVIDO") != 0)
    return;
  title->settled_cents -= event->amount_cents;
  title->divergence_cents -= event->amount_cents;
  title->state = title->settled_cents <= 0 ? GUICHE_TITLE_REFUNDED : GUICHE_TITLE_PAID_DIVERGENT;
  decision->needs_person = TRUE;
}

static void
decide (GuicheReconciliation *self, const GuicheReconcileEvent *event, GuicheDecision *decision)
{
  GuicheMeaning meaning = guiche_reconcile_meaning (event);
  GuicheMatch match;

  if (event->source == GUICHE_EVENT_STATEMENT &&
      guiche_reconciliation_link_statement (self, event, decision))
    return;
  guiche_reconciliation_match (self, event, &match);
  decision->rule = match.rule;
  decision->confidence = match.confidence;
  decision->title = match.title;
  decision->others = match.candidates;
  if (match.title < 0) {
    decision->kind = match.candidates != NULL ? GUICHE_DECISION_AMBIGUOUS : GUICHE_DECISION_UNKNOWN;
    decision->needs_person = event->amount_cents > 0 || match.candidates != NULL;
    return;
  }
  decision->state_before = self->titles[match.title].state;
  decision->settled_before = self->titles[match.title].settled_cents;
  decision->charges_before = self->titles[match.title].charges_cents;
  decision->divergence_before = self->titles[match.title].divergence_cents;
  if (event->source == GUICHE_EVENT_PIX_REFUND)
    refund (self, (guint) match.title, event, decision);
  else
    apply (self, (guint) match.title, event, meaning, decision);
  if (*event->nosso_numero != '\0' && *self->titles[match.title].nosso_numero == '\0' &&
      self->titles[match.title].learned_nosso_numero == NULL)
    guiche_reconciliation_learn (self, (guint) match.title, event->nosso_numero);
}

/* The tariff is the bank's cost whoever the payment is of, once. */
static void
count_tariff (GuicheReconciliation *self,
              const GuicheReconcileEvent *event,
              const GuicheDecision *decision)
{
  if (decision->kind != GUICHE_DECISION_REPEATED && decision->kind != GUICHE_DECISION_LINKED &&
      event->source != GUICHE_EVENT_STATEMENT)
    self->tariffs_cents += event->tariff_cents;
}

void
guiche_reconciliation_run (GuicheReconciliation *self,
                           const GuicheReconcileEvent *events,
                           guint n_events)
{
  self->events = events;
  for (guint i = 0; i < n_events; i++) {
    g_autofree char *key = event_key (&events[i]);
    GuicheDecision decision = {
      .kind = GUICHE_DECISION_POSITION,
      .event = i,
      .title = -1,
      .rule = "none",
      .amount_cents = events[i].amount_cents,
    };

    if (key != NULL && g_hash_table_contains (self->seen, key)) {
      decision.kind = GUICHE_DECISION_REPEATED;
      decision.rule = "idempotency";
      decision.confidence = 100;
    } else {
      decide (self, &events[i], &decision);
    }
    if (key != NULL)
      g_hash_table_add (self->seen, g_steal_pointer (&key));
    count_tariff (self, &events[i], &decision);
    g_array_append_val (self->decisions, decision);
    if (decision.title >= 0)
      self->histories[decision.title].last_decision = self->decisions->len;
  }
}

gboolean
guiche_reconciliation_undo (GuicheReconciliation *self, guint decision, GError **error)
{
  GuicheDecision *undone = &g_array_index (self->decisions, GuicheDecision, decision);
  GuicheReconcileTitle *title;

  if (undone->title < 0)
    return guiche_banking_refuse (error, "decision", "order", "It changed no title");
  if (self->histories[undone->title].last_decision != decision + 1)
    return guiche_banking_refuse (error, "decision", "order",
                                  "A later decision on this title stands on it");
  title = &self->titles[undone->title];
  title->state = undone->state_before;
  title->settled_cents = undone->settled_before;
  title->charges_cents = undone->charges_before;
  title->divergence_cents = undone->divergence_before;
  self->histories[undone->title].roads = 0;
  self->histories[undone->title].last_decision = 0;
  undone->kind = GUICHE_DECISION_POSITION;
  undone->needs_person = TRUE;
  return TRUE;
}
