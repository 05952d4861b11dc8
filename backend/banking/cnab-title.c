/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/cnab-title.h"

#include "banking/check-digit.h"

#include <string.h>

#define FREE_NUMBER 17

/* Columns trimmed on both sides into a terminated buffer; banks' own text, so bytes are enough. */
static void
copy_text (const GuicheCnabGroup *group, GuicheCnabName name, char *out, gsize size)
{
  out[0] = '\0';
  for (guint i = 0; i < group->n_records; i++) {
    const GuicheCnabField *field =
        group->records[i] == NULL ? NULL : guiche_cnab_record_field (group->records[i], name);
    const char *text;
    gsize length;

    if (field == NULL)
      continue;
    text = group->text[i] + field->from - 1;
    for (length = field->length; length > 0 && text[length - 1] == ' ';)
      length--;
    for (; length > 0 && *text == ' '; text++)
      length--;
    length = MIN (length, size - 1);
    memcpy (out, text, length);
    out[length] = '\0';
    return;
  }
}

static gint64
first_number (const GuicheCnabGroup *group, GuicheCnabName name, GuicheCnabName other)
{
  return guiche_cnab_group_get_number (group, guiche_cnab_group_has (group, name) ? name : other);
}

static GuicheCnabName
first_of (const GuicheCnabGroup *group, GuicheCnabName name, GuicheCnabName other)
{
  return guiche_cnab_group_has (group, name) ? name : other;
}

/* BB's old agreements of six digits with 17 free ones: the number stands in 46 to 62 of record 1,
 * and 63 to 73 is empty (CBR643). */
static void
read_free_number (const GuicheCnabGroup *group, GuicheCnabTitle *out)
{
  const char *text = group->text[0] + 45;

  if (group->records[0] == NULL || group->records[0]->type != '1' ||
      strcmp (group->layout->id, "bb400ret") != 0 ||
      strspn (out->nosso_numero, "0") != strlen (out->nosso_numero) ||
      !guiche_is_digits (text, FREE_NUMBER))
    return;
  memcpy (out->nosso_numero, text, FREE_NUMBER);
  out->nosso_numero[FREE_NUMBER] = '\0';
  out->nosso_numero_dv[0] = '\0';
}

void
guiche_cnab_title_read (const GuicheCnabGroup *group, GuicheCnabTitle *out)
{
  memset (out, 0, sizeof *out);
  out->line = group->line;
  out->face_cents = guiche_cnab_group_get_number (group, GUICHE_CNAB_VALOR_TITULO);
  out->paid_cents = first_number (group, GUICHE_CNAB_VALOR_PAGO, GUICHE_CNAB_VALOR_RECEBIDO);
  out->net_cents = first_number (group, GUICHE_CNAB_VALOR_LIQUIDO, GUICHE_CNAB_VALOR_LANCAMENTO);
  out->tariff_cents = guiche_cnab_group_get_number (group, GUICHE_CNAB_TARIFA);
  out->charges_cents = first_number (group, GUICHE_CNAB_ACRESCIMOS, GUICHE_CNAB_JUROS_MORA);
  out->discount_cents = guiche_cnab_group_get_number (group, GUICHE_CNAB_DESCONTO);
  out->abatement_cents = guiche_cnab_group_get_number (group, GUICHE_CNAB_ABATIMENTO);
  out->due = guiche_cnab_group_get_day (group, GUICHE_CNAB_VENCIMENTO);
  out->occurred = guiche_cnab_group_get_day (group, GUICHE_CNAB_DATA_OCORRENCIA);
  out->credited = guiche_cnab_group_get_day (group, GUICHE_CNAB_DATA_CREDITO);
  copy_text (group, first_of (group, GUICHE_CNAB_MOVIMENTO, GUICHE_CNAB_COMANDO), out->movement,
             sizeof out->movement);
  copy_text (group, GUICHE_CNAB_NATUREZA, out->nature, sizeof out->nature);
  copy_text (group, GUICHE_CNAB_NOSSO_NUMERO, out->nosso_numero, sizeof out->nosso_numero);
  copy_text (group, GUICHE_CNAB_NOSSO_NUMERO_DV, out->nosso_numero_dv, sizeof out->nosso_numero_dv);
  copy_text (group, GUICHE_CNAB_CONVENIO, out->convenio, sizeof out->convenio);
  copy_text (group, GUICHE_CNAB_NUMERO_DOCUMENTO, out->document, sizeof out->document);
  copy_text (group, first_of (group, GUICHE_CNAB_USO_EMPRESA, GUICHE_CNAB_CONTROLE),
             out->company_use, sizeof out->company_use);
  copy_text (group, GUICHE_CNAB_PAGADOR_DOC, out->payer_document, sizeof out->payer_document);
  copy_text (group, GUICHE_CNAB_MOTIVOS, out->reasons, sizeof out->reasons);
  read_free_number (group, out);
}
