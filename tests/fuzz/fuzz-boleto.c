/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/boleto.h"
#include "banking/document.h"
#include "banking/money.h"
#include "base/error.h"

#include <string.h>

/* A line or barcode as somebody typed it: what is taken comes back the same from its own line and
 * barcode, what is refused names its field. Documents and amounts from the same text. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define TODAY 20000

static void
check_boleto (const GuicheBoleto *boleto)
{
  GuicheBoleto again;

  g_assert_true (guiche_boleto_decode_linha (boleto->linha_digitavel, TODAY, &again, NULL));
  g_assert_cmpstr (again.codigo_barras, ==, boleto->codigo_barras);
  g_assert_true (guiche_boleto_decode_barcode (boleto->codigo_barras, TODAY, &again, NULL));
  g_assert_cmpstr (again.linha_digitavel, ==, boleto->linha_digitavel);
  g_assert_cmpint (again.amount_cents, ==, boleto->amount_cents);
  g_assert_cmpint (again.due, ==, boleto->due);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) linha_error = NULL;
  g_autoptr (GError) barcode_error = NULL;
  GuicheBoleto boleto;
  char bare[15];
  gint64 amount;

  if (guiche_boleto_decode_linha (text, TODAY, &boleto, &linha_error))
    check_boleto (&boleto);
  else
    g_assert_nonnull (guiche_error_get_detail (linha_error, "field"));
  if (guiche_boleto_decode_barcode (text, TODAY, &boleto, &barcode_error))
    check_boleto (&boleto);
  else
    g_assert_nonnull (guiche_error_get_detail (barcode_error, "reason"));
  guiche_arrecadacao_is_valid (text);
  for (GuicheDocumentKind kind = GUICHE_DOCUMENT_CPF; kind <= GUICHE_DOCUMENT_CNPJ; kind++)
    if (guiche_document_unmask (kind, text, bare))
      guiche_document_is_valid (kind, bare);
  if (guiche_money_parse (text, TRUE, &amount)) {
    char formatted[GUICHE_MONEY_TEXT_SIZE];
    gint64 again;

    guiche_money_format (amount, formatted);
    g_assert_true (guiche_money_parse (formatted, FALSE, &again));
    g_assert_cmpint (again, ==, amount);
  }
  return 0;
}
