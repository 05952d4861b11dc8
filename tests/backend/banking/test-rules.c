/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/charges.h"
#include "banking/check-digit.h"
#include "banking/document.h"
#include "banking/money.h"
#include "base/error.h"
#include "rows.h"

#include <string.h>

static GuicheDay
day_of (const char *text)
{
  GuicheDay day;

  g_assert_true (guiche_day_parse_iso (text, &day));
  return day;
}

static void
test_documents (void)
{
  g_autoptr (TestRows) rows = test_rows_load ("documents/cpf_cnpj.csv");
  char bare[15], formatted[GUICHE_DOCUMENT_FORMATTED_SIZE];

  for (guint i = 0; i < test_rows_count (rows); i++) {
    GuicheDocumentKind kind = strcmp (test_rows_get (rows, i, "tipo"), "CPF") == 0
                                  ? GUICHE_DOCUMENT_CPF
                                  : GUICHE_DOCUMENT_CNPJ;
    const char *value = test_rows_get (rows, i, "valor");

    g_assert_cmpint (guiche_document_is_valid (kind, value), ==,
                     *test_rows_get (rows, i, "valido") == '1');
    if (*test_rows_get (rows, i, "valido") == '1') {
      guiche_document_format (kind, value, formatted);
      g_assert_true (guiche_document_unmask (kind, formatted, bare));
      g_assert_cmpstr (bare, ==, value);
    }
  }
  guiche_document_format (GUICHE_DOCUMENT_CNPJ, "12ABC34501DE35", formatted);
  g_assert_cmpstr (formatted, ==, "12.ABC.345/01DE-35");
  g_assert_false (guiche_document_is_valid (GUICHE_DOCUMENT_CNPJ, ""));
  g_assert_false (guiche_document_unmask (GUICHE_DOCUMENT_CPF, "529.982.247-2A", bare));
  g_assert_false (guiche_document_unmask (GUICHE_DOCUMENT_CPF, "529982247255", bare));
}

static void
test_cooperativas (void)
{
  g_autoptr (TestRows) rows = test_rows_load ("documents/sicoob_cooperativas_dv.csv");

  for (guint i = 0; i < test_rows_count (rows); i++) {
    const char *code = test_rows_get (rows, i, "cooperativa");
    int digit = 11 - guiche_modulo_11_rest (code, strlen (code));

    g_assert_cmpint (digit > 9 ? 0 : digit, ==, atoi (test_rows_get (rows, i, "dv")));
  }
}

static void
test_money (void)
{
  char text[GUICHE_MONEY_TEXT_SIZE];
  gint64 value;

  g_assert_true (guiche_money_parse ("1234.05", FALSE, &value));
  g_assert_cmpint (value, ==, 123405);
  g_assert_true (guiche_money_parse ("7", TRUE, &value));
  g_assert_cmpint (value, ==, 700);
  g_assert_true (guiche_money_parse ("92233720368547758.07", FALSE, &value));
  g_assert_cmpint (value, ==, G_MAXINT64);
  for (const char *const *bad = (const char *[]){ "", ".05", "1.", "1.2", "1.234", "-1.00", "1,00",
                                                  "92233720368547758.08", " 1.00", "1.00 ", NULL };
       *bad != NULL; bad++)
    g_assert_false (guiche_money_parse (*bad, FALSE, &value));
  guiche_money_format (G_MININT64, text);
  g_assert_cmpstr (text, ==, "-92233720368547758.08");
  guiche_money_format (5, text);
  g_assert_cmpstr (text, ==, "0.05");
  g_assert_false (guiche_money_add (G_MAXINT64, 1, &value));
  g_assert_false (guiche_money_subtract (G_MININT64, 1, &value));
  g_assert_false (guiche_money_multiply (G_MAXINT64, 2, &value));
  g_assert_false (guiche_money_apply_rate (G_MAXINT64, 2 * GUICHE_RATE_SCALE, 1, 1, &value));
  g_assert_true (guiche_money_apply_rate (-5, GUICHE_RATE_SCALE, 1, 10, &value));
  g_assert_cmpint (value, ==, -1);
  g_assert_true (guiche_money_apply_rate (5, GUICHE_RATE_SCALE, 1, 10, &value));
  g_assert_cmpint (value, ==, 1);
  g_assert_true (guiche_rate_parse ("0.033333", &value));
  g_assert_cmpint (value, ==, 33333);
  g_assert_false (guiche_rate_parse ("0.0333333", &value));
}

static void
test_charges (void)
{
  GuicheChargeTerms terms = {
    .face_cents = 10000,
    .due = day_of ("2026-12-10"),
    .fine_kind = GUICHE_FINE_PERCENT,
    .fine = 2 * GUICHE_RATE_SCALE,
    .interest_kind = GUICHE_INTEREST_PERCENT_PER_MONTH,
    .interest = GUICHE_RATE_SCALE,
  };
  GuicheCharges charges;
  g_autoptr (GError) error = NULL;

  g_assert_true (guiche_charges_compute (&terms, terms.due, NULL, &charges, NULL));
  g_assert_cmpint (charges.total_cents, ==, 10000);
  g_assert_true (guiche_charges_compute (&terms, terms.due + 1, NULL, &charges, NULL));
  g_assert_cmpint (charges.total_cents, ==, 10203);
  /* a holiday of the payer's city on the due date: the next banking day is free */
  g_assert_true (guiche_charges_compute (&terms, terms.due + 1, &(GuicheHolidays){ &terms.due, 1 },
                                         &charges, NULL));
  g_assert_cmpint (charges.total_cents, ==, 10000);
  /* abatement reduces the base; the best discount that is still open counts */
  terms.abatement_cents = 5000;
  g_assert_true (guiche_charges_compute (&terms, terms.due + 1, NULL, &charges, NULL));
  g_assert_cmpint (charges.fine_cents, ==, 100);
  g_assert_cmpint (charges.total_cents, ==, 5102);
  terms.discounts[0] = (GuicheDiscount){ GUICHE_DISCOUNT_CENTS_UNTIL, 900, day_of ("2026-12-01") };
  terms.discounts[1] = (GuicheDiscount){ GUICHE_DISCOUNT_CENTS_UNTIL, 400, day_of ("2026-12-05") };
  terms.discounts[2] = (GuicheDiscount){ GUICHE_DISCOUNT_CENTS_UNTIL, 9000, day_of ("2026-12-20") };
  g_assert_true (guiche_charges_compute (&terms, day_of ("2026-12-03"), NULL, &charges, NULL));
  g_assert_cmpint (charges.discount_cents, ==, 5000); /* not more than is owed */
  terms.discounts[2].amount = 100;
  g_assert_true (guiche_charges_compute (&terms, day_of ("2026-12-03"), NULL, &charges, NULL));
  g_assert_cmpint (charges.discount_cents, ==, 400);
  g_assert_true (guiche_charges_compute (&terms, day_of ("2026-12-11"), NULL, &charges, NULL));
  g_assert_cmpint (charges.discount_cents, ==, 0);
  terms.face_cents = -1;
  g_assert_false (guiche_charges_compute (&terms, terms.due, NULL, &charges, &error));
  g_assert_cmpstr (guiche_error_get_detail (error, "field"), ==, "v");
}

static void
test_charges_in_range (void)
{
  GuicheChargeTerms terms = {
    .face_cents = G_MAXINT64,
    .due = day_of ("2026-12-10"),
    .fine_kind = GUICHE_FINE_PERCENT,
    .fine = 2 * GUICHE_RATE_SCALE,
  };
  GuicheCharges charges;
  g_autoptr (GError) error = NULL;

  g_assert_false (guiche_charges_compute (&terms, terms.due + 1, NULL, &charges, &error));
  g_assert_cmpstr (guiche_error_get_detail (error, "reason"), ==, "range");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/banking/documents", test_documents);
  g_test_add_func ("/banking/cooperativas", test_cooperativas);
  g_test_add_func ("/banking/money", test_money);
  g_test_add_func ("/banking/charges", test_charges);
  g_test_add_func ("/banking/charges-in-range", test_charges_in_range);
  return g_test_run ();
}
