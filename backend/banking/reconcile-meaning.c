/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same two digits mean different things to different banks: 07 is a partial payment to Banco do
 * Brasil's CNAB 400, a write-off to Inter's, and a confirmed instruction to CNAB 240 (C044). */
#include "banking/reconciliation-private.h"

#include <string.h>

static const struct {
  const char *movement;
  GuicheMeaning cnab_240, bb_400, sicoob_400, inter_400;
} movements[] = {
  { "02", GUICHE_MEANS_REGISTERED, GUICHE_MEANS_REGISTERED, GUICHE_MEANS_REGISTERED,
    GUICHE_MEANS_REGISTERED },
  { "03", GUICHE_MEANS_REJECTED, GUICHE_MEANS_REJECTED, GUICHE_MEANS_REJECTED,
    GUICHE_MEANS_REJECTED },
  { "05", GUICHE_MEANS_NOTHING, GUICHE_MEANS_PAID, GUICHE_MEANS_PAID, GUICHE_MEANS_NOTHING },
  { "06", GUICHE_MEANS_PAID, GUICHE_MEANS_PAID, GUICHE_MEANS_PAID, GUICHE_MEANS_PAID },
  { "07", GUICHE_MEANS_NOTHING, GUICHE_MEANS_PARTIAL, GUICHE_MEANS_NOTHING,
    GUICHE_MEANS_WRITTEN_OFF },
  { "08", GUICHE_MEANS_NOTHING, GUICHE_MEANS_BALANCE, GUICHE_MEANS_NOTHING, GUICHE_MEANS_NOTHING },
  { "09", GUICHE_MEANS_WRITTEN_OFF, GUICHE_MEANS_WRITTEN_OFF, GUICHE_MEANS_WRITTEN_OFF,
    GUICHE_MEANS_NOTHING },
  { "10", GUICHE_MEANS_WRITTEN_OFF, GUICHE_MEANS_WRITTEN_OFF, GUICHE_MEANS_WRITTEN_OFF,
    GUICHE_MEANS_NOTHING },
  { "15", GUICHE_MEANS_NOTHING, GUICHE_MEANS_PAID, GUICHE_MEANS_PAID, GUICHE_MEANS_NOTHING },
  { "17", GUICHE_MEANS_PAID_LATE_OR_UNKNOWN, GUICHE_MEANS_NOTHING, GUICHE_MEANS_NOTHING,
    GUICHE_MEANS_NOTHING },
  { "25", GUICHE_MEANS_WRITTEN_OFF, GUICHE_MEANS_NOTHING, GUICHE_MEANS_NOTHING,
    GUICHE_MEANS_NOTHING },
  { "28", GUICHE_MEANS_TARIFF, GUICHE_MEANS_TARIFF, GUICHE_MEANS_TARIFF, GUICHE_MEANS_NOTHING },
  { "44", GUICHE_MEANS_RETURNED, GUICHE_MEANS_RETURNED, GUICHE_MEANS_NOTHING,
    GUICHE_MEANS_NOTHING },
  { "45", GUICHE_MEANS_PAID, GUICHE_MEANS_NOTHING, GUICHE_MEANS_NOTHING, GUICHE_MEANS_NOTHING },
  { "46", GUICHE_MEANS_NOTHING, GUICHE_MEANS_PROVISIONAL, GUICHE_MEANS_NOTHING,
    GUICHE_MEANS_NOTHING },
  { "50", GUICHE_MEANS_PROVISIONAL, GUICHE_MEANS_NOTHING, GUICHE_MEANS_NOTHING,
    GUICHE_MEANS_NOTHING },
};

/* What the banks' APIs call it (Inter's situacao, Sicoob's and BB's words for the same). */
static GuicheMeaning
meaning_of_situation (const char *situation)
{
  static const struct {
    const char *words;
    GuicheMeaning meaning;
  } situations[] = {
    { " RECEBIDO MARCADO_RECEBIDO PAGO LIQUIDADO CONCLUIDA ", GUICHE_MEANS_PAID },
    { " CANCELADO EXPIRADO BAIXADO REMOVIDA_PELO_USUARIO_RECEBEDOR REMOVIDA_PELO_PSP ",
      GUICHE_MEANS_WRITTEN_OFF },
    { " A_RECEBER ATRASADO ATIVA ", GUICHE_MEANS_REGISTERED },
    { " FALHA_EMISSAO NEGADA ", GUICHE_MEANS_REJECTED },
  };

  g_autofree char *word = g_strconcat (" ", situation, " ", NULL);

  if (*situation == '\0')
    return GUICHE_MEANS_PAID;
  for (gsize i = 0; i < G_N_ELEMENTS (situations); i++)
    if (strstr (situations[i].words, word) != NULL)
      return situations[i].meaning;
  return GUICHE_MEANS_NOTHING;
}

GuicheMeaning
guiche_reconcile_meaning (const GuicheReconcileEvent *event)
{
  switch (event->source) {
  case GUICHE_EVENT_PIX:
  case GUICHE_EVENT_STATEMENT:
    return GUICHE_MEANS_PAID;
  case GUICHE_EVENT_API:
    return meaning_of_situation (event->movement);
  case GUICHE_EVENT_PROVISIONAL:
    return GUICHE_MEANS_PROVISIONAL;
  case GUICHE_EVENT_PROVISIONAL_CANCELLED:
    return GUICHE_MEANS_CANCELLED;
  case GUICHE_EVENT_PIX_REFUND:
    return GUICHE_MEANS_NOTHING;
  case GUICHE_EVENT_CNAB_240:
  case GUICHE_EVENT_CNAB_400_BB:
  case GUICHE_EVENT_CNAB_400_INTER:
  case GUICHE_EVENT_CNAB_400_SICOOB:
  default:
    break;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (movements); i++) {
    GuicheMeaning meaning = event->source == GUICHE_EVENT_CNAB_240      ? movements[i].cnab_240
                            : event->source == GUICHE_EVENT_CNAB_400_BB ? movements[i].bb_400
                            : event->source == GUICHE_EVENT_CNAB_400_INTER
                                ? movements[i].inter_400
                                : movements[i].sicoob_400;

    if (strcmp (movements[i].movement, event->movement) != 0)
      continue;
    if (meaning == GUICHE_MEANS_PAID && event->source == GUICHE_EVENT_CNAB_400_BB)
      return strcmp (event->nature, "02") == 0   ? GUICHE_MEANS_PARTIAL
             : strcmp (event->nature, "03") == 0 ? GUICHE_MEANS_BALANCE
                                                 : meaning;
    return meaning;
  }
  return GUICHE_MEANS_NOTHING;
}
