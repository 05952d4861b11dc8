/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/reconciliation.h"
#include "base/error.h"

#include <string.h>

#define DUE 20797 /* 2026-12-10 */

/* Every text that a test does not set. */
#define TITLE(...)                                                                                 \
  {                                                                                                \
    .id = "t", .bank = "", .convenio = "", .nosso_numero = "", .nosso_numero_dv = "", .txid = "",  \
    .codigo_solicitacao = "", .seu_numero = "", .payer_document = "",                              \
    .terms = { .face_cents = 10000, .due = DUE }, __VA_ARGS__                                      \
  }
#define EVENT(...)                                                                                 \
  {                                                                                                \
    .id = "e", .bank = "", .convenio = "", .nosso_numero = "", .movement = "", .nature = "",       \
    .reason = "", .txid = "", .end_to_end = "", .refund = "", .refund_status = "",                 \
    .codigo_solicitacao = "", .seu_numero = "", .payer_document = "", .memo = "", .account = "",   \
    .fitid = "", .day = DUE, .credited = GUICHE_DAY_NONE, __VA_ARGS__                              \
  }

#pragma GCC diagnostic ignored "-Woverride-init"

static const GuicheDecision *
decision (const GuicheReconciliation *run, guint i)
{
  return &g_array_index (guiche_reconciliation_decisions (run), GuicheDecision, i);
}

static void
test_partial (void)
{
  GuicheReconcileTitle titles[] = { TITLE (.nosso_numero = "24") };
  GuicheReconcileEvent events[] = {
    EVENT (.source = GUICHE_EVENT_CNAB_400_BB, .movement = "07", .nosso_numero = "24",
           .amount_cents = 3000),
    EVENT (.source = GUICHE_EVENT_CNAB_400_BB, .movement = "06", .nature = "02",
           .nosso_numero = "24", .amount_cents = 2000),
    EVENT (.source = GUICHE_EVENT_CNAB_400_BB, .movement = "08", .nosso_numero = "24",
           .amount_cents = 4000),
  };
  g_autoptr (GuicheReconciliation) run = guiche_reconciliation_new (titles, 1);

  guiche_reconciliation_run (run, events, 2);
  g_assert_cmpint (titles[0].state, ==, GUICHE_TITLE_PARTIAL);
  g_assert_cmpint (guiche_reconcile_balance (&titles[0], DUE), ==, 5000);
  guiche_reconciliation_run (run, events + 2, 1);
  g_assert_cmpint (titles[0].state, ==, GUICHE_TITLE_PAID_DIVERGENT);
  g_assert_cmpint (titles[0].divergence_cents, ==, -1000);
  g_assert_true (decision (run, 2)->needs_person);
}

static void
test_late_and_over (void)
{
  GuicheReconcileTitle titles[] = {
    TITLE (.nosso_numero = "1"),
    TITLE (.nosso_numero = "2"),
    TITLE (.nosso_numero = "3"),
  };
  GuicheReconcileEvent events[] = {
    EVENT (.movement = "06", .nosso_numero = "1", .day = DUE + 1, .amount_cents = 10000),
    EVENT (.movement = "06", .nosso_numero = "2", .day = DUE + 1, .amount_cents = 10202),
    EVENT (.movement = "06", .nosso_numero = "3", .amount_cents = 12000),
  };
  g_autoptr (GuicheReconciliation) run = NULL;

  for (guint i = 0; i < 3; i++) {
    titles[i].terms.fine_kind = GUICHE_FINE_PERCENT;
    titles[i].terms.fine = 2000000;
    titles[i].terms.interest_kind = GUICHE_INTEREST_PERCENT_PER_MONTH;
    titles[i].terms.interest = 1000000;
  }
  run = guiche_reconciliation_new (titles, 3);
  guiche_reconciliation_run (run, events, 3);
  g_assert_cmpint (titles[0].state, ==, GUICHE_TITLE_PAID_DIVERGENT);
  g_assert_cmpint (titles[0].divergence_cents, ==, -203);
  g_assert_cmpint (titles[1].state, ==, GUICHE_TITLE_PAID); /* the bank cut a cent of interest */
  g_assert_cmpint (titles[1].charges_cents, ==, 202);
  g_assert_cmpint (titles[2].divergence_cents, ==, 2000);
}

/* The two roads of a bolepix in either order, and the bank's 17 that says it was paid again. */
static void
test_two_roads (void)
{
  for (guint order = 0; order < 2; order++) {
    GuicheReconcileTitle titles[] = { TITLE (.nosso_numero = "30061000009", .txid = "TX") };
    GuicheReconcileEvent events[] = {
      EVENT (.source = GUICHE_EVENT_PIX, .txid = "TX", .end_to_end = "E1", .amount_cents = 10000),
      EVENT (.movement = "06", .nosso_numero = "30061000009", .amount_cents = 10000),
      EVENT (.movement = "17", .nosso_numero = "30061000009", .amount_cents = 10000),
      EVENT (.source = GUICHE_EVENT_PIX, .txid = "TX", .end_to_end = "E2", .amount_cents = 10000),
      EVENT (.source = GUICHE_EVENT_PIX, .txid = "TX", .end_to_end = "E1", .amount_cents = 10000),
    };
    g_autoptr (GuicheReconciliation) run = guiche_reconciliation_new (titles, 1);

    if (order == 1) {
      GuicheReconcileEvent first = events[0];

      events[0] = events[1];
      events[1] = first;
    }
    guiche_reconciliation_run (run, events, G_N_ELEMENTS (events));
    g_assert_cmpint (decision (run, 0)->kind, ==, GUICHE_DECISION_SETTLED);
    g_assert_cmpint (decision (run, 1)->kind, ==, GUICHE_DECISION_LINKED);
    g_assert_cmpint (decision (run, 2)->kind, ==, GUICHE_DECISION_DUPLICATE);
    g_assert_cmpint (decision (run, 3)->kind, ==, GUICHE_DECISION_DUPLICATE);
    g_assert_cmpint (decision (run, 4)->kind, ==, GUICHE_DECISION_REPEATED);
    g_assert_cmpint (titles[0].state, ==, GUICHE_TITLE_PAID);
    g_assert_cmpint (titles[0].settled_cents, ==, 10000);
  }
}

/* Whatever is told twice, and in whatever order, changes nothing the second time. */
static void
test_repetition (void)
{
  GuicheReconcileTitle titles[] = { TITLE (.nosso_numero = "1"),
                                    TITLE (.nosso_numero = "2", .txid = "TX") };
  GuicheReconcileEvent events[] = {
    EVENT (.movement = "02", .nosso_numero = "1"),
    EVENT (.movement = "06", .nosso_numero = "1", .amount_cents = 10000, .tariff_cents = 150),
    EVENT (.source = GUICHE_EVENT_PIX, .txid = "TX", .end_to_end = "E", .amount_cents = 10000),
    EVENT (.source = GUICHE_EVENT_STATEMENT, .amount_cents = 777, .account = "1", .fitid = "F"),
  };
  g_autoptr (GuicheReconciliation) run = guiche_reconciliation_new (titles, 2);

  guiche_reconciliation_run (run, events, 4);
  guiche_reconciliation_run (run, events, 4);
  for (guint i = 4; i < 8; i++)
    g_assert_cmpint (decision (run, i)->kind, ==, GUICHE_DECISION_REPEATED);
  g_assert_cmpint (titles[0].settled_cents, ==, 10000);
  g_assert_cmpint (titles[1].settled_cents, ==, 10000);
  g_assert_cmpint (guiche_reconciliation_tariffs (run), ==, 150);
}

static void
test_never_guesses (void)
{
  GuicheReconcileTitle titles[] = {
    TITLE (.nosso_numero = "1", .payer_document = "A"),
    TITLE (.nosso_numero = "1", .payer_document = "A"),
    TITLE (.nosso_numero = "3", .payer_document = "B", .terms = { .face_cents = 7000, .due = DUE }),
  };
  GuicheReconcileEvent events[] = {
    EVENT (.movement = "06", .nosso_numero = "1", .amount_cents = 10000),
    EVENT (.source = GUICHE_EVENT_STATEMENT, .payer_document = "A", .amount_cents = 10000),
    EVENT (.source = GUICHE_EVENT_STATEMENT, .amount_cents = 7000),
    EVENT (.source = GUICHE_EVENT_STATEMENT, .payer_document = "B", .amount_cents = 7001),
    EVENT (.movement = "06", .nosso_numero = "0000000000", .amount_cents = 10),
    EVENT (.source = GUICHE_EVENT_STATEMENT, .payer_document = "B", .amount_cents = 7000),
  };
  g_autoptr (GuicheReconciliation) run = guiche_reconciliation_new (titles, 3);

  guiche_reconciliation_run (run, events, 5);
  for (guint i = 0; i < 5; i++) {
    g_assert_cmpint (decision (run, i)->kind, ==,
                     i < 3 ? GUICHE_DECISION_AMBIGUOUS : GUICHE_DECISION_UNKNOWN);
    g_assert_true (decision (run, i)->needs_person);
  }
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (titles[i].state, ==, GUICHE_TITLE_OPEN);
  guiche_reconciliation_run (run, events + 5, 1);
  g_assert_cmpint (titles[2].state, ==, GUICHE_TITLE_PAID);
  g_assert_cmpstr (decision (run, 5)->rule, ==, "value-document");
}

static void
test_life (void)
{
  GuicheReconcileTitle titles[] = { TITLE (.nosso_numero = "9", .txid = "TX") };
  GuicheReconcileEvent events[] = {
    EVENT (.movement = "03", .nosso_numero = "9"),
    EVENT (.movement = "02", .nosso_numero = "9", .day = DUE + 1),
    EVENT (.source = GUICHE_EVENT_PROVISIONAL, .nosso_numero = "9", .amount_cents = 10000),
    EVENT (.movement = "06", .nosso_numero = "9", .amount_cents = 10000),
    EVENT (.movement = "44", .nosso_numero = "9"),
    EVENT (.source = GUICHE_EVENT_PIX, .txid = "TX", .end_to_end = "E", .amount_cents = 10000),
    EVENT (.source = GUICHE_EVENT_PIX_REFUND, .end_to_end = "E", .refund = "D",
           .refund_status = "EM_PROCESSAMENTO", .amount_cents = 10000),
    EVENT (.source = GUICHE_EVENT_PIX_REFUND, .end_to_end = "E", .refund = "D",
           .refund_status = "DEVOLVIDO", .amount_cents = 10000),
  };
  static const GuicheTitleState states[] = {
    GUICHE_TITLE_REJECTED, GUICHE_TITLE_REGISTERED, GUICHE_TITLE_PROVISIONAL, GUICHE_TITLE_PAID,
    GUICHE_TITLE_OPEN,     GUICHE_TITLE_PAID,       GUICHE_TITLE_PAID,        GUICHE_TITLE_REFUNDED,
  };
  g_autoptr (GuicheReconciliation) run = guiche_reconciliation_new (titles, 1);

  for (guint i = 0; i < G_N_ELEMENTS (events); i++) {
    guiche_reconciliation_run (run, events + i, 1);
    g_assert_cmpint (titles[0].state, ==, states[i]);
  }
}

static void
test_api (void)
{
  GuicheReconcileTitle titles[] = { TITLE (.codigo_solicitacao = "S1"),
                                    TITLE (.codigo_solicitacao = "S2") };
  GuicheReconcileEvent events[] = {
    EVENT (.source = GUICHE_EVENT_API, .movement = "A_RECEBER", .codigo_solicitacao = "S1",
           .nosso_numero = "00815936556"),
    EVENT (.source = GUICHE_EVENT_API, .movement = "RECEBIDO", .codigo_solicitacao = "S1",
           .amount_cents = 10000),
    EVENT (.source = GUICHE_EVENT_API, .movement = "RECEBIDO", .codigo_solicitacao = "S1",
           .amount_cents = 10000),
    EVENT (.source = GUICHE_EVENT_API, .movement = "EXPIRADO", .codigo_solicitacao = "S2"),
    EVENT (.source = GUICHE_EVENT_CNAB_400_INTER, .movement = "07", .nosso_numero = "815936556"),
    EVENT (.source = GUICHE_EVENT_API, .movement = "EM_PROCESSAMENTO", .codigo_solicitacao = "S2"),
  };
  g_autoptr (GuicheReconciliation) run = guiche_reconciliation_new (titles, 2);

  guiche_reconciliation_run (run, events, G_N_ELEMENTS (events));
  g_assert_cmpstr (titles[0].learned_nosso_numero, ==, "00815936556");
  g_assert_cmpint (titles[0].state, ==, GUICHE_TITLE_PAID);
  g_assert_cmpint (decision (run, 2)->kind, ==, GUICHE_DECISION_REPEATED);
  g_assert_cmpint (decision (run, 4)->title, ==, 0);
  g_assert_cmpint (titles[1].state, ==, GUICHE_TITLE_WRITTEN_OFF);
}

static void
test_undo (void)
{
  GuicheReconcileTitle titles[] = { TITLE (.nosso_numero = "9") };
  GuicheReconcileEvent events[] = {
    EVENT (.movement = "02", .nosso_numero = "9"),
    EVENT (.movement = "06", .nosso_numero = "9", .amount_cents = 9000),
  };
  g_autoptr (GuicheReconciliation) run = guiche_reconciliation_new (titles, 1);
  g_autoptr (GError) error = NULL;

  guiche_reconciliation_run (run, events, 2);
  g_assert_cmpint (titles[0].state, ==, GUICHE_TITLE_PAID_DIVERGENT);
  g_assert_false (guiche_reconciliation_undo (run, 0, &error));
  g_assert_cmpstr (guiche_error_get_detail (error, "reason"), ==, "order");
  g_assert_true (guiche_reconciliation_undo (run, 1, NULL));
  g_assert_cmpint (titles[0].state, ==, GUICHE_TITLE_REGISTERED);
  g_assert_cmpint (titles[0].settled_cents, ==, 0);
  g_assert_cmpint (titles[0].divergence_cents, ==, 0);
}

static void
test_statement (void)
{
  GuicheReconcileTitle titles[] = { TITLE (.nosso_numero = "1"), TITLE (.nosso_numero = "2"),
                                    TITLE (.nosso_numero = "3") };
  GuicheReconcileEvent events[] = {
    EVENT (.movement = "06", .nosso_numero = "1", .amount_cents = 10000, .tariff_cents = 150,
           .credited = DUE + 1),
    EVENT (.movement = "06", .nosso_numero = "2", .amount_cents = 10000, .tariff_cents = 150,
           .credited = DUE + 1),
    EVENT (.movement = "06", .nosso_numero = "3", .amount_cents = 10000, .credited = DUE + 4),
    EVENT (.source = GUICHE_EVENT_STATEMENT, .amount_cents = 19700, .day = DUE + 1),
    EVENT (.source = GUICHE_EVENT_STATEMENT, .amount_cents = -300, .day = DUE + 1),
  };
  g_autoptr (GuicheReconciliation) run = guiche_reconciliation_new (titles, 3);
  g_autoptr (GArray) missing = NULL;

  guiche_reconciliation_run (run, events, 5);
  g_assert_cmpint (decision (run, 3)->kind, ==, GUICHE_DECISION_STATEMENT);
  g_assert_cmpstr (decision (run, 3)->rule, ==, "statement-net");
  g_assert_cmpuint (decision (run, 3)->others->len, ==, 2);
  g_assert_cmpint (decision (run, 4)->kind, ==, GUICHE_DECISION_UNKNOWN); /* netted already */
  missing = guiche_reconciliation_missing_credits (run, DUE + 12);
  g_assert_cmpuint (missing->len, ==, 1);
  g_assert_cmpuint (g_array_index (missing, guint, 0), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/banking/reconciliation/partial", test_partial);
  g_test_add_func ("/banking/reconciliation/late-and-over", test_late_and_over);
  g_test_add_func ("/banking/reconciliation/two-roads", test_two_roads);
  g_test_add_func ("/banking/reconciliation/repetition", test_repetition);
  g_test_add_func ("/banking/reconciliation/never-guesses", test_never_guesses);
  g_test_add_func ("/banking/reconciliation/life", test_life);
  g_test_add_func ("/banking/reconciliation/api", test_api);
  g_test_add_func ("/banking/reconciliation/undo", test_undo);
  g_test_add_func ("/banking/reconciliation/statement", test_statement);
  return g_test_run ();
}
