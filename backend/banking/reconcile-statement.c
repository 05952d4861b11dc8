/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The third check: the day's credits and tariffs against the lines of the statement. Some banks
 * credit what was paid and debit tariffs apart, some credit the rest; one line may be of one title
 * or of the day. */
#include "banking/reconciliation-private.h"

#define DAYS_OF_PATIENCE 2

typedef gint64 (*AmountFunc) (const GuicheCredit *credit);

static gint64
gross (const GuicheCredit *credit)
{
  return credit->is_linked ? 0 : credit->gross_cents;
}

static gint64
net (const GuicheCredit *credit)
{
  return credit->is_linked ? 0 : credit->gross_cents - credit->tariff_cents;
}

static gint64
tariff (const GuicheCredit *credit)
{
  return credit->is_tariff_linked ? 0 : credit->tariff_cents;
}

/* All of the day together, or the only one of that amount; NULL when neither agrees. */
static GArray *
find_credits (const GuicheReconciliation *self, GuicheDay day, gint64 amount, AmountFunc amount_of)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) single = g_array_new (FALSE, FALSE, sizeof (guint));
  gint64 total = 0;

  for (guint i = 0; i < self->credits->len; i++) {
    const GuicheCredit *credit = &g_array_index (self->credits, GuicheCredit, i);
    gint64 value = amount_of (credit);

    if (credit->day != day || value == 0)
      continue;
    total += value;
    g_array_append_val (all, i);
    if (value == amount)
      g_array_append_val (single, i);
  }
  if (all->len > 0 && total == amount)
    return g_steal_pointer (&all);
  return single->len == 1 ? g_steal_pointer (&single) : NULL;
}

static void
link_credits (GuicheReconciliation *self, GArray *places, gboolean is_tariff, gboolean is_net)
{
  for (guint i = 0; i < places->len; i++) {
    guint *place = &g_array_index (places, guint, i);
    GuicheCredit *credit = &g_array_index (self->credits, GuicheCredit, *place);

    credit->is_linked |= !is_tariff;
    credit->is_tariff_linked |= is_tariff || is_net;
    *place = credit->event; /* from here on the events */
  }
}

gboolean
guiche_reconciliation_link_statement (GuicheReconciliation *self,
                                      const GuicheReconcileEvent *event,
                                      GuicheDecision *decision)
{
  gboolean is_tariff = event->amount_cents < 0, is_net = FALSE;
  GArray *places =
      find_credits (self, event->day, ABS (event->amount_cents), is_tariff ? tariff : gross);

  if (places == NULL && !is_tariff) {
    places = find_credits (self, event->day, event->amount_cents, net);
    is_net = TRUE;
  }
  if (places == NULL)
    return FALSE;
  link_credits (self, places, is_tariff, is_net);
  decision->kind = is_tariff ? GUICHE_DECISION_TARIFF : GUICHE_DECISION_STATEMENT;
  decision->rule = is_tariff ? "statement-tariff" : is_net ? "statement-net" : "statement-gross";
  decision->confidence = places->len == 1 ? 95 : 97;
  decision->others = places;
  return TRUE;
}

GArray *
guiche_reconciliation_missing_credits (const GuicheReconciliation *self, GuicheDay today)
{
  GArray *events = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->credits->len; i++) {
    const GuicheCredit *credit = &g_array_index (self->credits, GuicheCredit, i);

    if (!credit->is_linked && credit->day != GUICHE_DAY_NONE &&
        guiche_day_count_banking_days (credit->day, today, NULL) > DAYS_OF_PATIENCE)
      g_array_append_val (events, credit->event);
  }
  return events;
}
