/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/statement.h"

#include <string.h>

#define DEBIT 'D'
#define CREDIT 'C'

gboolean
guiche_statement_from_cnab (const GuicheCnabGroup *group, GuicheStatementFunc visit, gpointer data)
{
  g_autofree char *bank = guiche_cnab_group_get_text (group, GUICHE_CNAB_BANCO);
  g_autofree char *branch = guiche_cnab_group_get_text (group, GUICHE_CNAB_AGENCIA);
  g_autofree char *account = guiche_cnab_group_get_text (group, GUICHE_CNAB_CONTA);
  g_autofree char *category = guiche_cnab_group_get_text (group, GUICHE_CNAB_CATEGORIA);
  g_autofree char *memo = guiche_cnab_group_get_text (group, GUICHE_CNAB_HISTORICO);
  g_autofree char *document = guiche_cnab_group_get_text (group, GUICHE_CNAB_DOCUMENTO);
  g_autofree char *direction = guiche_cnab_group_get_text (group, GUICHE_CNAB_TIPO_LANCAMENTO);
  GuicheStatementLine line = {
    .bank = bank,
    .branch = branch,
    .account = account,
    .fitid = "",
    .kind = category,
    .memo = memo,
    .document = document,
    .posted = guiche_cnab_group_get_day (group, GUICHE_CNAB_DATA_LANCAMENTO),
    .amount_cents = guiche_cnab_group_get_number (group, GUICHE_CNAB_VALOR_LANCAMENTO),
  };

  if (group->records[0] == NULL || group->records[0]->segment != 'E' ||
      line.posted == GUICHE_DAY_NONE || (*direction != DEBIT && *direction != CREDIT))
    return FALSE;
  if (*direction == DEBIT)
    line.amount_cents = -line.amount_cents;
  visit (&line, data);
  return TRUE;
}
