/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/boleto.h"
#include "banking/check-digit.h"
#include "banking/due-factor.h"
#include "base/error.h"
#include "rows.h"

#include <string.h>

static const char *const files[] = { "linha_digitavel/bb.csv", "linha_digitavel/inter.csv",
                                     "linha_digitavel/sicoob.csv" };

static GuicheDay
day_of (const char *text)
{
  GuicheDay day;

  g_assert_true (guiche_day_parse_iso (text, &day));
  return day;
}

static void
assert_refused (GError *error, const char *field, const char *reason)
{
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST);
  g_assert_cmpstr (guiche_error_get_detail (error, "field"), ==, field);
  g_assert_cmpstr (guiche_error_get_detail (error, "reason"), ==, reason);
  g_error_free (error);
}

static GuicheBoletoTitle
title_of_row (const TestRows *rows, guint i)
{
  return (GuicheBoletoTitle){
    .input = { test_rows_get (rows, i, "banco"), test_rows_get (rows, i, "tipo"),
               test_rows_get (rows, i, "agencia"), test_rows_get (rows, i, "conta"),
               test_rows_get (rows, i, "convenio"), test_rows_get (rows, i, "carteira"),
               test_rows_get (rows, i, "modalidade"), test_rows_get (rows, i, "parcela"),
               test_rows_get (rows, i, "numero") },
    .due = day_of (test_rows_get (rows, i, "vencimento")),
    .amount_cents = g_ascii_strtoll (test_rows_get (rows, i, "valor_centavos"), NULL, 10),
  };
}

static void
check_encoded (const TestRows *rows, guint i)
{
  GuicheBoletoTitle title = title_of_row (rows, i);
  GuicheNossoNumero number;
  GuicheBoleto boleto;
  g_autoptr (GError) error = NULL;

  guiche_boleto_encode (&title, &number, &boleto, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (number.digits, ==, test_rows_get (rows, i, "nosso_numero"));
  g_assert_cmpstr (number.dv, ==, test_rows_get (rows, i, "nosso_numero_dv"));
  g_assert_cmpstr (boleto.campo_livre, ==, test_rows_get (rows, i, "campo_livre"));
  g_assert_cmpstr (boleto.codigo_barras, ==, test_rows_get (rows, i, "codigo_barras"));
  g_assert_cmpstr (boleto.linha_digitavel, ==, test_rows_get (rows, i, "linha_digitavel"));
}

static void
check_decoded (const TestRows *rows, guint i)
{
  GuicheDay due = day_of (test_rows_get (rows, i, "vencimento"));
  const char *texts[] = { test_rows_get (rows, i, "codigo_barras"),
                          test_rows_get (rows, i, "linha_digitavel") };

  for (guint way = 0; way < 2; way++) {
    GuicheBoleto boleto;
    g_autoptr (GError) error = NULL;

    if (way == 0)
      guiche_boleto_decode_barcode (texts[way], due, &boleto, &error);
    else
      guiche_boleto_decode_linha (texts[way], due, &boleto, &error);
    g_assert_no_error (error);
    g_assert_cmpint (boleto.due, ==, due);
    g_assert_cmpint (boleto.amount_cents, ==,
                     g_ascii_strtoll (test_rows_get (rows, i, "valor_centavos"), NULL, 10));
    g_assert_cmpstr (boleto.bank, ==, test_rows_get (rows, i, "banco"));
    g_assert_cmpstr (boleto.codigo_barras, ==, texts[0]);
    g_assert_cmpstr (boleto.linha_digitavel, ==, texts[1]);
  }
}

static void
test_conformance (void)
{
  g_autoptr (TestRows) peers = test_rows_load ("linha_digitavel/peer_test_rows.csv");

  for (gsize file = 0; file < G_N_ELEMENTS (files); file++) {
    g_autoptr (TestRows) rows = test_rows_load (files[file]);

    for (guint i = 0; i < test_rows_count (rows); i++) {
      check_encoded (rows, i);
      check_decoded (rows, i);
    }
  }
  for (guint i = 0; i < test_rows_count (peers); i++)
    check_decoded (peers, i);
}

static void
test_due_factor (void)
{
  g_autoptr (TestRows) days = test_rows_load ("linha_digitavel/fator_vencimento.csv");
  g_autoptr (TestRows) decoded = test_rows_load ("linha_digitavel/fator_decode.csv");
  GuicheDay due, today = day_of ("2026-11-20");

  for (guint i = 0; i < test_rows_count (days); i++)
    g_assert_cmpint (guiche_due_factor (day_of (test_rows_get (days, i, "vencimento"))), ==,
                     atoi (test_rows_get (days, i, "fator")));
  for (guint i = 0; i < test_rows_count (decoded); i++) {
    int factor = atoi (test_rows_get (decoded, i, "fator"));
    GuicheDay day = day_of (test_rows_get (decoded, i, "hoje"));
    const char *expected = test_rows_get (decoded, i, "vencimento_esperado");

    g_assert_cmpint (guiche_due_factor_decode (factor, day, &due), ==,
                     strcmp (expected, "FORA_DA_FAIXA") != 0);
    if (strcmp (expected, "FORA_DA_FAIXA") != 0)
      g_assert_cmpint (due, ==, day_of (expected));
  }
  g_assert_cmpint (guiche_due_factor (GUICHE_DAY_NONE), ==, 0);
  g_assert_cmpint (guiche_due_factor (day_of ("1997-10-06")), ==, -1);
  /* every day of the window comes back, and the 499 factors between its ends are refused */
  for (GuicheDay day = today - 3000; day <= today + 5500; day++) {
    g_assert_true (guiche_due_factor_decode (guiche_due_factor (day), today, &due));
    g_assert_cmpint (due, ==, day);
  }
  for (GuicheDay day = today + 5501; day < today + 6000; day++)
    g_assert_false (guiche_due_factor_decode (guiche_due_factor (day), today, &due));
}

static void
test_value_over_factor (void)
{
  GuicheBoletoTitle title = { { "756", "", "4277", "", "61526", "1", "01", "", "1" },
                              day_of ("2026-12-10"),
                              G_GINT64_CONSTANT (10000000000) };
  GuicheNossoNumero number;
  GuicheBoleto boleto, again;
  GError *error = NULL;

  g_assert_true (guiche_boleto_encode (&title, &number, &boleto, NULL));
  g_assert_cmpint (memcmp (boleto.codigo_barras + 5, "00010000000000", 14), ==, 0);
  g_assert_true (guiche_boleto_decode_barcode (boleto.codigo_barras, title.due, &again, NULL));
  g_assert_cmpint (again.due, ==, GUICHE_DAY_NONE);
  g_assert_cmpint (again.amount_cents, ==, title.amount_cents);
  title.due = GUICHE_DAY_NONE;
  title.amount_cents = 12345;
  g_assert_true (guiche_boleto_encode (&title, &number, &boleto, NULL));
  g_assert_true (guiche_boleto_decode_linha (boleto.linha_digitavel, 20000, &again, NULL));
  g_assert_cmpint (again.due, ==, GUICHE_DAY_NONE);
  g_assert_cmpint (again.amount_cents, ==, 12345);
  title.amount_cents = G_GINT64_CONSTANT (10000000000000);
  g_assert_false (guiche_boleto_encode (&title, &number, &boleto, &error));
  assert_refused (error, "valor_centavos", "range");
}

static void
test_agreements_of_bb (void)
{
  GuicheBoletoTitle title = { { "001", "", "4406", "81606", "094014", "18", "", "", "816" },
                              20000,
                              1 };
  GuicheNossoNumero number;
  GuicheBoleto boleto;
  GError *error = NULL;

  g_assert_true (guiche_boleto_encode (&title, &number, &boleto, NULL));
  g_assert_cmpstr (number.digits, ==, "09401400816");
  g_assert_cmpstr (boleto.campo_livre, ==, "0940140081644060008160618");
  title.input.numero = "12345678901234567";
  g_assert_true (guiche_boleto_encode (&title, &number, &boleto, NULL));
  g_assert_cmpstr (number.digits, ==, "12345678901234567");
  g_assert_cmpstr (number.dv, ==, "");
  g_assert_cmpstr (boleto.campo_livre, ==, "0940141234567890123456721");
  title.input.convenio = "12345";
  g_assert_false (guiche_boleto_encode (&title, &number, &boleto, &error));
  assert_refused (error, "convenio", "range");
  /* the manual's number whose digit its own sum gives as 1 */
  title.input = (GuicheBoletoInput){ "001", "", "1", "1", "0500", "18", "", "", "9401448" };
  g_assert_true (guiche_boleto_encode (&title, &number, &boleto, NULL));
  g_assert_cmpstr (number.dv, ==, "1");
}

static void
test_refusals (void)
{
  static const struct {
    const char *linha, *reason;
  } cases[] = {
    { "75691.42776 01006.152605 00000.170076 5 10000000000002", "check-digit" },
    { "75691.42776 01006.152606 00000.170076 5 10000000000001", "check-digit" },
    { "75691.42776 01006.152605 00000.170076 5 1000000000000", "width" },
    { "75691.42776 01006.152605 00000.170076 5 100000000000011111", "width" },
    { "75691.4277A 01006.152605 00000.170076 5 10000000000001", "digits" },
    { "", "width" },
    { "846700000017435900240209024050002435842210108119", "arrecadacao" },
    { "84670000001-7 43590024020-9 02405000243-5 84221010811-9", "arrecadacao" },
  };

  GuicheBoleto boleto;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    GError *error = NULL;

    g_assert_false (guiche_boleto_decode_linha (cases[i].linha, 20000, &boleto, &error));
    assert_refused (error, "linha_digitavel", cases[i].reason);
  }
  g_assert_true (guiche_arrecadacao_is_valid ("846700000017435900240209024050002435842210108119"));
  g_assert_false (guiche_arrecadacao_is_valid ("846700000017435900240209024050002435842210108118"));
}

/* Any one digit that is changed is found. */
static void
test_every_typing_error (void)
{
  const char *line = "75691427760100615260500000170076510000000000001";
  GuicheBoleto boleto;
  char wrong[48];

  for (guint i = 0; i < 47; i++) {
    for (char digit = '0'; digit <= '9'; digit++) {
      if (digit == line[i])
        continue;
      memcpy (wrong, line, sizeof wrong);
      wrong[i] = digit;
      g_assert_false (guiche_boleto_decode_linha (wrong, day_of ("2000-07-03"), &boleto, NULL));
    }
  }
}

static void
test_banks (void)
{
  GuicheBoletoTitle title = { { "237", "", "", "", "", "", "", "", "" }, 20000, 1 };
  GuicheNossoNumero number;
  GuicheBoleto boleto;
  GError *error = NULL;

  g_assert_false (guiche_boleto_encode (&title, &number, &boleto, &error));
  assert_refused (error, "banco", "unknown");
  title.input = (GuicheBoletoInput){ "077", "", "", "", "4471333", "110", "", "", "00000000015" };
  error = NULL;
  g_assert_false (guiche_boleto_encode (&title, &number, &boleto, &error));
  assert_refused (error, "numero", "check-digit");
  title.input.numero = "1";
  g_assert_true (guiche_boleto_encode (&title, &number, &boleto, NULL));
  g_assert_cmpstr (boleto.campo_livre, ==, "0001110447133300000000014");
  title.input.carteira = "111";
  error = NULL;
  g_assert_false (guiche_boleto_encode (&title, &number, &boleto, &error));
  assert_refused (error, "carteira", "range");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/banking/boleto/conformance", test_conformance);
  g_test_add_func ("/banking/boleto/due-factor", test_due_factor);
  g_test_add_func ("/banking/boleto/value-over-factor", test_value_over_factor);
  g_test_add_func ("/banking/boleto/agreements-of-bb", test_agreements_of_bb);
  g_test_add_func ("/banking/boleto/refusals", test_refusals);
  g_test_add_func ("/banking/boleto/every-typing-error", test_every_typing_error);
  g_test_add_func ("/banking/boleto/banks", test_banks);
  return g_test_run ();
}
