/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/br-code.h"
#include "banking/qr.h"
#include "base/error.h"
#include "rows.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

static JsonNode *
load (const char *name)
{
  g_autofree char *path = test_data_path (name);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

static const char *
text_of (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static void
test_conformance (void)
{
  static const char *const kinds[] = { "estatico", "dinamico", "outro" };
  g_autoptr (JsonNode) root = load ("pix/brcodes.json");
  JsonArray *codes = json_node_get_array (root);
  guint n_refused = 0;

  for (guint i = 0; i < json_array_get_length (codes); i++) {
    JsonObject *expected = json_array_get_object_element (codes, i);
    const char *payload = text_of (expected, "payload");
    g_autoptr (GError) error = NULL;
    g_autoptr (GuicheBrCode) code = guiche_br_code_parse (payload, &error);
    g_autofree char *crc = g_strdup_printf ("%04X", guiche_crc16 (payload, strlen (payload) - 4));

    g_assert_cmpstr (crc, ==, text_of (expected, "crc_calculado"));
    g_assert_cmpint (code != NULL, ==, json_object_get_boolean_member (expected, "tlv_ok"));
    if (code == NULL) {
      g_assert_cmpstr (guiche_error_get_detail (error, "field"), ==, "payload");
      n_refused++;
      continue;
    }
    g_assert_cmpstr (kinds[guiche_br_code_kind (code)], ==, text_of (expected, "tipo"));
    g_assert_cmpstr (guiche_br_code_get (code, "59", NULL), ==,
                     text_of (json_object_get_object_member (expected, "campos"), "59"));
  }
  g_assert_cmpuint (n_refused, ==, 2);
}

static void
test_static_codes (void)
{
  g_autoptr (JsonNode) root = load ("pix/static_generated.json");
  JsonArray *codes = json_node_get_array (root);

  for (guint i = 0; i < json_array_get_length (codes); i++) {
    JsonObject *input = json_array_get_object_element (codes, i);
    GuichePixCode code = {
      .key = text_of (input, "key"),
      .name = text_of (input, "name"),
      .city = text_of (input, "city"),
      .txid = text_of (input, "txid"),
      .description = text_of (input, "msg"),
    };
    g_autofree char *payload = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (GuicheBrCode) parsed = NULL;
    gint64 cents = 0;

    if (json_object_has_member (input, "value"))
      code.amount_cents = (gint64) (json_object_get_double_member (input, "value") * 100 + 0.5);
    payload = guiche_br_code_encode (&code, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (payload, ==, text_of (input, "spec"));
    parsed = guiche_br_code_parse (payload, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (guiche_br_code_get_account (parsed, "01"), ==, code.key);
    g_assert_cmpint (guiche_br_code_get_amount (parsed, &cents), ==, code.amount_cents > 0);
    g_assert_cmpint (cents, ==, code.amount_cents);
  }
}

static void
test_dynamic_codes (void)
{
  GuichePixCode code = { .url = "pix.example.com/qr/v2/cobv/1e6c54d3ec9449b7a7fc53b6b0f998e7",
                         .name = "Padaria Pão de Açúcar e Cia Ltda",
                         .city = "São José dos Campos",
                         .amount_cents = 990,
                         .is_single_use = TRUE };
  g_autofree char *payload = guiche_br_code_encode (&code, NULL);
  g_autoptr (GuicheBrCode) parsed = guiche_br_code_parse (payload, NULL);

  g_assert_nonnull (parsed);
  g_assert_cmpint (guiche_br_code_kind (parsed), ==, GUICHE_BR_CODE_DYNAMIC);
  g_assert_cmpstr (guiche_br_code_get (parsed, "01", NULL), ==, "12");
  g_assert_cmpstr (guiche_br_code_get (parsed, "59", NULL), ==, "Padaria Pao de Acucar e C");
  g_assert_cmpstr (guiche_br_code_get (parsed, "60", NULL), ==, "Sao Jose dos Ca");
  g_assert_cmpstr (guiche_br_code_get (parsed, "54", NULL), ==, "9.90");
  g_assert_cmpstr (guiche_br_code_get (parsed, "62", "05"), ==, "***");
  g_assert_null (guiche_br_code_get (parsed, "62", "06"));
  g_assert_null (guiche_br_code_get (parsed, "99", "06"));
}

static void
test_refusals (void)
{
  static const struct {
    GuichePixCode code;
    const char *field;
  } cases[] = {
    { { .name = "A", .city = "B" }, "chave" },
    { { .key = "52998224726", .name = "A", .city = "B" }, "chave" },
    { { .key = "a@b", .name = "A", .city = "B" }, "chave" },
    { { .key = "52998224725", .url = "a/b", .name = "A", .city = "B" }, "chave" },
    { { .url = "https://pix.example.com/a", .name = "A", .city = "B" }, "url" },
    { { .key = "52998224725", .city = "B" }, "nome" },
    { { .key = "52998224725", .name = "A", .city = "ü\xE2\x82\xAC" }, NULL },
    { { .key = "52998224725", .name = "A", .city = "\xE2\x82\xAC" }, "cidade" },
    { { .key = "52998224725", .name = "A", .city = "B", .txid = "A-1" }, "txid" },
    { { .key = "52998224725", .name = "A", .city = "B", .txid = "12345678901234567890123456" },
      "txid" },
    { { .key = "52998224725", .name = "A", .city = "B", .amount_cents = -1 }, "valor_centavos" },
    { { .key = "52998224725",
        .name = "A",
        .city = "B",
        .description = "1234567890123456789012345678901234567890123456789012345678901234567890" },
      "descricao" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *payload = guiche_br_code_encode (&cases[i].code, &error);

    if (cases[i].field == NULL) {
      g_assert_no_error (error);
      continue;
    }
    g_assert_null (payload);
    g_assert_cmpstr (guiche_error_get_detail (error, "field"), ==, cases[i].field);
  }
}

static void
test_any_change_is_found (void)
{
  const char *payload = "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-"
                        "4266554400005204000053039865802BR5913Fulano de "
                        "Tal6008BRASILIA62070503***63041D3D";

  for (gsize i = 0; i < strlen (payload); i++) {
    g_autofree char *wrong = g_strdup (payload);

    wrong[i] = wrong[i] == '7' ? '8' : '7';
    g_assert_null (guiche_br_code_parse (wrong, NULL));
  }
}

/* A picture of the code is read by somebody else's decoder. */
static void
test_qr (void)
{
  const char *payload = "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-"
                        "4266554400005204000053039865802BR5913Fulano de "
                        "Tal6008BRASILIA62070503***63041D3D";
  g_autofree char *zbarimg = g_find_program_in_path ("zbarimg");
  g_autofree GuicheQr *qr = g_new0 (GuicheQr, 1);
  g_autofree char *path = NULL;
  g_autoptr (GString) picture = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) reader = NULL;
  g_autofree char *found = NULL;
  guint side;
  int fd;

  g_assert_true (guiche_qr_encode (payload, qr, &error));
  g_assert_no_error (error);
  if (zbarimg == NULL) {
    g_test_skip ("zbarimg is not installed");
    return;
  }
  side = (qr->width + 8) * 4;
  g_string_append_printf (picture, "P2 %u %u 255\n", side, side);
  for (guint y = 0; y < side; y++)
    for (guint x = 0; x < side; x++) {
      guint column = x / 4 - 4, row = y / 4 - 4;
      gboolean is_dark =
          column < qr->width && row < qr->width && qr->modules[row * qr->width + column] != 0;

      g_string_append (picture, is_dark ? "0\n" : "255\n");
    }
  fd = g_file_open_tmp ("guiche-qr-XXXXXX.pgm", &path, NULL);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, picture->str, -1, NULL));
  reader = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                             &error, zbarimg, "-q", "--raw", path, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (reader, NULL, NULL, &found, NULL, NULL));
  g_unlink (path);
  g_assert_cmpstr (g_strchomp (found), ==, payload);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/banking/pix/conformance", test_conformance);
  g_test_add_func ("/banking/pix/static-codes", test_static_codes);
  g_test_add_func ("/banking/pix/dynamic-codes", test_dynamic_codes);
  g_test_add_func ("/banking/pix/refusals", test_refusals);
  g_test_add_func ("/banking/pix/any-change-is-found", test_any_change_is_found);
  g_test_add_func ("/banking/pix/qr", test_qr);
  return g_test_run ();
}
