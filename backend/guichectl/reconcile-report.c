/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guichectl/banking-lines.h"

/* In the order of GuicheDecisionKind. */
static const char *const kind_names[] = { "liquidado", "ligado",    "repetido", "estado",
                                          "posicao",   "duplicado", "ambiguo",  "desconhecido",
                                          "extrato",   "devolucao", "tarifa" };

static const GuicheDecision *
decision_at (const GArray *decisions, guint i)
{
  return &g_array_index (decisions, GuicheDecision, i);
}

static void
write_states (GuicheJsonWriter *out, const GuicheReconcileTitle *titles, guint n)
{
  for (guint i = 0; i < n; i++)
    guiche_json_writer_member_string (out, titles[i].id, guiche_title_state_name (titles[i].state));
}

/* One number a title, where @is_said. */
static void
write_numbers (GuicheJsonWriter *out, const GuicheReconcileTitle *titles, guint n)
{
  gint64 divergence = 0;

  guiche_json_writer_name (out, "saldo");
  guiche_json_writer_begin_object (out);
  for (guint i = 0; i < n; i++) {
    gboolean is_over = titles[i].state == GUICHE_TITLE_PAID ||
                       titles[i].state == GUICHE_TITLE_PAID_DIVERGENT ||
                       titles[i].state == GUICHE_TITLE_PAID_AFTER_WRITE_OFF;

    guiche_json_writer_member_int (
        out, titles[i].id,
        is_over ? 0 : guiche_reconcile_balance (&titles[i], titles[i].terms.due));
    divergence += titles[i].divergence_cents;
  }
  guiche_json_writer_end_object (out);
  guiche_json_writer_name (out, "encargos");
  guiche_json_writer_begin_object (out);
  for (guint i = 0; i < n; i++)
    if (titles[i].charges_cents > 0)
      guiche_json_writer_member_int (out, titles[i].id, titles[i].charges_cents);
  guiche_json_writer_end_object (out);
  guiche_json_writer_member_int (out, "divergencia", divergence);
  guiche_json_writer_name (out, "nosso_numero");
  guiche_json_writer_begin_object (out);
  for (guint i = 0; i < n; i++)
    if (titles[i].learned_nosso_numero != NULL)
      guiche_json_writer_member_string (out, titles[i].id, titles[i].learned_nosso_numero);
  guiche_json_writer_end_object (out);
}

/* The events of a kind, or of two. */
static guint
write_events (GuicheJsonWriter *out,
              const char *name,
              const GArray *decisions,
              const GuicheReconcileEvent *events,
              guint kinds)
{
  guint n = 0;

  guiche_json_writer_name (out, name);
  guiche_json_writer_begin_array (out);
  for (guint i = 0; i < decisions->len; i++)
    if ((kinds & 1u << decision_at (decisions, i)->kind) != 0) {
      guiche_json_writer_string (out, events[decision_at (decisions, i)->event].id);
      n++;
    }
  guiche_json_writer_end_array (out);
  return n;
}

static void
write_candidates (GuicheJsonWriter *out,
                  const GArray *decisions,
                  const GuicheReconcileTitle *titles,
                  const GuicheReconcileEvent *events)
{
  guiche_json_writer_name (out, "candidatos");
  guiche_json_writer_begin_object (out);
  for (guint i = 0; i < decisions->len; i++) {
    const GuicheDecision *decision = decision_at (decisions, i);

    if (decision->kind != GUICHE_DECISION_AMBIGUOUS)
      continue;
    guiche_json_writer_name (out, events[decision->event].id);
    guiche_json_writer_begin_array (out);
    for (guint j = 0; j < decision->others->len; j++)
      guiche_json_writer_string (out, titles[g_array_index (decision->others, guint, j)].id);
    guiche_json_writer_end_array (out);
  }
  guiche_json_writer_end_object (out);
}

static void
write_statement (GuicheJsonWriter *out, const GArray *decisions, const GuicheReconcileEvent *events)
{
  guiche_json_writer_name (out, "extrato_ligado");
  guiche_json_writer_begin_object (out);
  for (guint i = 0; i < decisions->len; i++) {
    const GuicheDecision *decision = decision_at (decisions, i);
    gboolean is_tariff = decision->kind == GUICHE_DECISION_TARIFF;

    if ((!is_tariff && decision->kind != GUICHE_DECISION_STATEMENT) || decision->others == NULL)
      continue;
    guiche_json_writer_name (out, events[decision->event].id);
    guiche_json_writer_begin_array (out);
    for (guint j = 0; j < decision->others->len; j++) {
      const char *id = events[g_array_index (decision->others, guint, j)].id;
      g_autofree char *text = g_strconcat (is_tariff ? "tarifa:" : "", id, NULL);

      guiche_json_writer_string (out, text);
    }
    guiche_json_writer_end_array (out);
  }
  guiche_json_writer_end_object (out);
}

static void
write_decisions (GuicheJsonWriter *out,
                 const GArray *decisions,
                 const GuicheReconcileTitle *titles,
                 const GuicheReconcileEvent *events)
{
  guiche_json_writer_name (out, "decisoes");
  guiche_json_writer_begin_array (out);
  for (guint i = 0; i < decisions->len; i++) {
    const GuicheDecision *decision = decision_at (decisions, i);

    guiche_json_writer_begin_object (out);
    guiche_json_writer_member_string (out, "evento", events[decision->event].id);
    guiche_json_writer_member_string (out, "decisao", kind_names[decision->kind]);
    guiche_json_writer_member_string (out, "titulo",
                                      decision->title < 0 ? NULL : titles[decision->title].id);
    guiche_json_writer_member_string (out, "regra", decision->rule);
    guiche_json_writer_member_int (out, "confianca", decision->confidence);
    guiche_json_writer_member_int (out, "valor", decision->amount_cents);
    guiche_json_writer_member_int (out, "esperado", decision->expected_cents);
    guiche_json_writer_member_bool (out, "pessoa", decision->needs_person);
    guiche_json_writer_end_object (out);
  }
  guiche_json_writer_end_array (out);
}

void
guichectl_write_reconciliation (GuicheJsonWriter *out,
                                const char *id,
                                const GuicheReconcileTitle *titles,
                                guint n_titles,
                                const GuicheReconcileEvent *events,
                                const GuicheReconciliation *run)
{
  const GArray *decisions = guiche_reconciliation_decisions (run);
  gboolean needs_person = FALSE, has_repeated = FALSE;
  guint n_duplicates;

  for (guint i = 0; i < decisions->len; i++) {
    needs_person |= decision_at (decisions, i)->needs_person;
    has_repeated |= decision_at (decisions, i)->kind == GUICHE_DECISION_REPEATED;
  }
  guiche_json_writer_begin_object (out);
  guiche_json_writer_member_string (out, "id", id);
  write_states (out, titles, n_titles);
  write_numbers (out, titles, n_titles);
  write_events (out, "eventos_ligados", decisions, events,
                1u << GUICHE_DECISION_SETTLED | 1u << GUICHE_DECISION_LINKED);
  n_duplicates =
      write_events (out, "duplicados", decisions, events, 1u << GUICHE_DECISION_DUPLICATE);
  guiche_json_writer_member_bool (out, "duplicado", n_duplicates > 0);
  write_events (out, "nao_identificado", decisions, events,
                1u << GUICHE_DECISION_AMBIGUOUS | 1u << GUICHE_DECISION_UNKNOWN);
  write_candidates (out, decisions, titles, events);
  write_statement (out, decisions, events);
  guiche_json_writer_member_int (out, "custo", guiche_reconciliation_tariffs (run));
  guiche_json_writer_member_bool (out, "contado_uma_vez", has_repeated);
  guiche_json_writer_member_bool (out, "alerta", needs_person);
  write_decisions (out, decisions, titles, events);
  guiche_json_writer_end_object (out);
}
