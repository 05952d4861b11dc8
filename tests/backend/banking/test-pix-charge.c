/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/pix-charge.h"
#include "base/error.h"
#include "base/json.h"

#include <string.h>

#define DUE 20797 /* 2026-12-10 */

static char *
body_of (const GuichePixCharge *charge, GError **error)
{
  g_autoptr (GuicheJsonWriter) out = guiche_json_writer_new ();

  return guiche_pix_charge_write (charge, out, error) ? guiche_json_writer_steal (out, NULL) : NULL;
}

/* The body that the BCB's own examples and Prism take. */
static void
test_cob (void)
{
  GuichePixCharge charge = { .key = "7d9f0335-8dcc-4054-9bf9-0dbd61d36906",
                             .payer_document = "12345678000195",
                             .payer_name = "Empresa de Serviços SA",
                             .message = "Fatura 12",
                             .expires_s = 3600,
                             .terms = { .face_cents = 3700 } };
  g_autofree char *body = body_of (&charge, NULL);
  g_autofree char *anonymous = NULL;

  g_assert_cmpstr (body, ==,
                   "{\"calendario\":{\"expiracao\":3600},\"devedor\":{\"cnpj\":\"12345678000195\","
                   "\"nome\":\"Empresa de Serviços SA\"},\"valor\":{\"original\":\"37.00\"},"
                   "\"chave\":\"7d9f0335-8dcc-4054-9bf9-0dbd61d36906\","
                   "\"solicitacaoPagador\":\"Fatura 12\"}");
  charge.payer_document = charge.message = NULL;
  anonymous = body_of (&charge, NULL);
  g_assert_null (strstr (anonymous, "devedor"));
}

static void
test_cobv (void)
{
  GuichePixCharge charge = {
    .key = "a@b.com",
    .payer_document = "52998224725",
    .payer_name = "Ana",
    .has_due_date = TRUE,
    .days_after_due = 30,
    .terms = { .face_cents = 12345,
               .abatement_cents = 100,
               .due = DUE,
               .fine_kind = GUICHE_FINE_PERCENT,
               .fine = 2000000,
               .interest_kind = GUICHE_INTEREST_PERCENT_PER_MONTH,
               .interest = 1000000,
               .discounts = { { GUICHE_DISCOUNT_CENTS_UNTIL, 500, DUE - 10 },
                              { GUICHE_DISCOUNT_CENTS_UNTIL, 250, DUE - 5 } } },
  };
  g_autofree char *body = body_of (&charge, NULL);
  g_autofree char *daily = NULL;

  g_assert_cmpstr (
      body, ==,
      "{\"calendario\":{\"dataDeVencimento\":\"2026-12-10\",\"validadeAposVencimento\":30},"
      "\"devedor\":{\"cpf\":\"52998224725\",\"nome\":\"Ana\"},\"valor\":{\"original\":\"123.45\","
      "\"multa\":{\"modalidade\":2,\"valorPerc\":\"2.00\"},"
      "\"juros\":{\"modalidade\":3,\"valorPerc\":\"1.00\"},"
      "\"abatimento\":{\"modalidade\":1,\"valorPerc\":\"1.00\"},"
      "\"desconto\":{\"modalidade\":1,\"descontoDataFixa\":["
      "{\"data\":\"2026-11-30\",\"valorPerc\":\"5.00\"},"
      "{\"data\":\"2026-12-05\",\"valorPerc\":\"2.50\"}]}},\"chave\":\"a@b.com\"}");
  memset (charge.terms.discounts, 0, sizeof charge.terms.discounts);
  charge.terms.discounts[0].kind = GUICHE_DISCOUNT_PERCENT_PER_DAY;
  charge.terms.discounts[0].amount = 100000;
  daily = body_of (&charge, NULL);
  g_assert_nonnull (strstr (daily, "\"desconto\":{\"modalidade\":5,\"valorPerc\":\"0.10\"}"));
}

static void
test_refusals (void)
{
  GuichePixCharge good = { .key = "a@b.com",
                           .payer_document = "52998224725",
                           .payer_name = "Ana",
                           .has_due_date = TRUE,
                           .terms = { .face_cents = 1, .due = DUE } };
  GuichePixCharge cases[8];
  static const char *const fields[] = { "valor",   "chave", "devedor",  "devedor",
                                        "devedor", "multa", "desconto", "calendario" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    cases[i] = good;
  cases[0].terms.face_cents = 0;
  cases[1].key = "";
  cases[2].payer_document = NULL;
  cases[3].payer_document = "52998224726";
  cases[4].payer_name = "";
  cases[5].terms.fine_kind = GUICHE_FINE_PERCENT;
  cases[5].terms.fine = 2005000 + 1;
  cases[6].terms.discounts[0] = (GuicheDiscount){ GUICHE_DISCOUNT_CENTS_UNTIL, 1, DUE + 1 };
  cases[7].has_due_date = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *body = body_of (&cases[i], &error);

    g_assert_null (body);
    g_assert_cmpstr (guiche_error_get_detail (error, "field"), ==, fields[i]);
  }
}

static void
test_answers (void)
{
  const char *text = "{\"txid\":\"7978c0c97ea847e78e8849634473c1f1\",\"status\":\"CONCLUIDA\","
                     "\"valor\":{\"original\":\"100.00\"},\"pix\":[{\"endToEndId\":\"E1\","
                     "\"txid\":\"7978c0c97ea847e78e8849634473c1f1\",\"valor\":\"110.00\","
                     "\"horario\":\"2026-12-10T20:15:00.358Z\"}]}";
  g_autoptr (JsonNode) node = guiche_json_parse_object (text, strlen (text), 10000, NULL);
  g_autoptr (GError) error = NULL;
  GuichePixAnswer answer;
  GuichePixPayment payment;

  g_assert_true (guiche_pix_answer_read (json_node_get_object (node), &answer, NULL));
  g_assert_cmpstr (answer.status, ==, "CONCLUIDA");
  g_assert_cmpint (answer.amount_cents, ==, 10000);
  g_assert_true (
      guiche_pix_payment_read (json_array_get_object_element (answer.payments, 0), &payment, NULL));
  g_assert_cmpstr (payment.end_to_end, ==, "E1");
  g_assert_cmpint (payment.amount_cents, ==, 11000);
  g_assert_false (guiche_pix_payment_read (json_node_get_object (node), &payment, &error));
  g_assert_cmpstr (guiche_error_get_detail (error, "field"), ==, "endToEndId");
  g_assert_true (guiche_pix_txid_is_valid (answer.txid));
  g_assert_false (guiche_pix_txid_is_valid ("7978c0c97ea847e78e8849634"));
  g_assert_false (guiche_pix_txid_is_valid ("7978c0c97ea847e78e8849634473c1f1-"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/banking/pix-charge/cob", test_cob);
  g_test_add_func ("/banking/pix-charge/cobv", test_cobv);
  g_test_add_func ("/banking/pix-charge/refusals", test_refusals);
  g_test_add_func ("/banking/pix-charge/answers", test_answers);
  return g_test_run ();
}
