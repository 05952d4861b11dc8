/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/id.h"
#include "base/settings.h"
#include "base/text.h"

#include <glib/gstdio.h>
#include <string.h>

static void
test_error_names (void)
{
  for (guint i = 0; i < GUICHE_N_ERRORS; i++) {
    GuicheError code = GUICHE_N_ERRORS;

    g_assert_nonnull (guiche_error_code_name ((GuicheError) i));
    g_assert_true (guiche_error_code_from_name (guiche_error_code_name ((GuicheError) i), &code));
    g_assert_cmpint (code, ==, i);
    g_assert_cmpuint (guiche_error_http_status ((GuicheError) i), >=, 400);
  }
}

static void
test_error_details (void)
{
  g_autoptr (GError) error = g_error_new (GUICHE_ERROR, GUICHE_ERROR_RATE_LIMITED, "too \"many\"");
  g_autoptr (GError) copy = NULL;
  g_autoptr (GError) foreign = g_error_new (G_FILE_ERROR, G_FILE_ERROR_ACCES, "secret path");
  g_autofree char *json = NULL;
  g_autofree char *foreign_json = NULL;

  guiche_error_set_detail_int (error, "retry_after_s", 1);
  guiche_error_set_detail_int (error, "retry_after_s", 30);
  guiche_error_set_detail (error, "field", "a\"b");
  copy = g_error_copy (error);
  g_clear_error (&error);
  g_assert_cmpstr (guiche_error_get_detail (copy, "retry_after_s"), ==, "30");
  json = guiche_error_to_json (copy);
  g_assert_cmpstr (json, ==,
                   "{\"error\":{\"code\":\"rate-limited\",\"message\":\"too \\\"many\\\"\","
                   "\"details\":{\"retry_after_s\":30,\"field\":\"a\\\"b\"}}}");

  guiche_error_set_detail (foreign, "x", "y");
  foreign_json = guiche_error_to_json (foreign);
  g_assert_null (strstr (foreign_json, "secret"));
}

static void
test_id_text (void)
{
  static const char *const wrong[] = {
    NULL,
    "",
    "01890a5d",
    "01890a5d-ac96-774b-bcce-b302099a805",
    "01890a5d-ac96-774b-bcce-b302099a80577",
    "01890a5dac96774bbcceb302099a8057",
    "01890a5d-ac96-774b-bcce-b302099a805g",
    "{01890a5d-ac96-774b-bcce-b302099a8057}",
    "01890a5d_ac96-774b-bcce-b302099a8057",
  };
  GuicheId id;
  char text[GUICHE_ID_STRING_LENGTH + 1];

  g_assert_true (guiche_id_parse ("01890A5D-ac96-774b-bcce-b302099a8057", &id));
  guiche_id_to_string (&id, text);
  g_assert_cmpstr (text, ==, "01890a5d-ac96-774b-bcce-b302099a8057");
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (guiche_id_parse (wrong[i], &id));
  for (gsize i = 0; i < GUICHE_ID_STRING_LENGTH; i++) {
    g_autofree char *cut = g_strndup (text, i);

    g_assert_false (guiche_id_parse (cut, &id));
  }
}

static void
test_id_order (void)
{
  g_autoptr (GuicheClock) clock = guiche_clock_new_fixed (1763622197000000);
  g_autoptr (GuicheIdSource) source = guiche_id_source_new (clock, 0);
  GuicheId last = guiche_id_source_next (source);

  for (int i = 0; i < 100000; i++) {
    GuicheId next;

    if (i % 1000 == 0)
      guiche_clock_advance (clock, i % 3000 == 0 ? -3600 * (gint64) G_USEC_PER_SEC : 900);
    next = guiche_id_source_next (source);
    g_assert_cmpint (guiche_id_compare (&last, &next), <, 0);
    g_assert_cmpint (next.bytes[6] >> 4, ==, 7);
    g_assert_cmpint (next.bytes[8] >> 6, ==, 2);
    last = next;
  }
}

static void
test_id_seed (void)
{
  g_autoptr (GuicheClock) clock = guiche_clock_new_fixed (1763622197000000);
  g_autoptr (GuicheIdSource) one = guiche_id_source_new (clock, 7);
  g_autoptr (GuicheIdSource) same = guiche_id_source_new (clock, 7);
  g_autoptr (GuicheIdSource) other = guiche_id_source_new (clock, 8);

  for (int i = 0; i < 100; i++) {
    GuicheId a = guiche_id_source_next (one);
    GuicheId b = guiche_id_source_next (same);
    GuicheId c = guiche_id_source_next (other);

    g_assert_true (guiche_id_equal (&a, &b));
    g_assert_false (guiche_id_equal (&a, &c));
  }
}

static void
assert_text (char *made, const char *expected)
{
  g_assert_cmpstr (made, ==, expected);
  g_free (made);
}

static void
test_text (void)
{
  assert_text (guiche_text_fold ("NÃO"), "nao");
  assert_text (guiche_text_fold ("Açaí ﬁm Straße"), "acai fim strasse");
  assert_text (guiche_text_fold ("a\xff"
                                 "b"),
               "a\xef\xbf\xbd"
               "b");
  assert_text (guiche_text_fold (NULL), "");
  assert_text (guiche_text_digits ("+55 (11) 98765-4321"), "5511987654321");
  assert_text (guiche_text_one_line ("  a\n b\t\u00a0c  ", 100), "a b c");
  assert_text (guiche_text_one_line ("ação", 3), "açã");
  assert_text (guiche_text_one_line ("ab  cd", 3), "ab");
  assert_text (guiche_text_one_line ("a\u202eb\x01\u200f", 10), "a\ufffdb\ufffd\ufffd");
  assert_text (guiche_text_body ("a\r\nb\rc\u2028d\te"), "a\nb\nc\nd\te");
  assert_text (guiche_text_body ("<b>\u2067x\x07\xc3</b>"), "<b>\ufffdx\ufffd\ufffd</b>");
  assert_text (guiche_text_body ("👩‍👩‍👧"), "👩‍👩‍👧");
  assert_text (guiche_text_body ("ação\tÀÿ\n\xc3\x7f\xc3"), "ação\tÀÿ\n\ufffd\ufffd\ufffd");
}

static void
test_text_file_name (void)
{
  g_autofree char *long_name = g_strnfill (3000, 'a');
  g_autofree char *long_file = g_strconcat (long_name, "ção.pdf", NULL);
  g_autofree char *shortened = guiche_text_file_name (long_file);

  assert_text (guiche_text_file_name ("../../etc/passwd"), "passwd");
  assert_text (guiche_text_file_name ("C:\\x\\boleto.pdf"), "boleto.pdf");
  assert_text (guiche_text_file_name (".bashrc"), "bashrc");
  assert_text (guiche_text_file_name (""), "file");
  assert_text (guiche_text_file_name ("../"), "file");
  assert_text (guiche_text_file_name (".."), "file");
  assert_text (guiche_text_file_name ("nul.txt"), "_nul.txt");
  assert_text (guiche_text_file_name ("COM1"), "_COM1");
  assert_text (guiche_text_file_name ("a<b>:c?.png. "), "a_b__c_.png");
  assert_text (guiche_text_file_name ("fatura\u202egnp.exe"), "fatura\ufffdgnp.exe");
  g_assert_cmpuint (strlen (shortened), <=, 180);
  g_assert_true (g_utf8_validate (shortened, -1, NULL));
}

static GuicheSettings *
load (const char *contents, char **environment, GError **error)
{
  g_autofree char *path = NULL;
  GuicheSettings *settings;

  g_close (g_file_open_tmp ("guiche-XXXXXX.conf", &path, NULL), NULL);
  g_assert_true (g_file_set_contents (path, contents, -1, NULL));
  settings = guiche_settings_load (path, environment, error);
  g_unlink (path);
  return settings;
}

static void
test_settings (void)
{
  char *environment[] = { "GUICHE_HTTP_PORT=9000", "GUICHE_LIMITS_ENABLED=false", NULL };
  char *nothing[] = { NULL };
  g_autofree char *example = guiche_settings_example ();
  g_autoptr (GuicheSettings) settings =
                 load ("[http]\nport=8000\nlisten=127.0.0.2\n", environment, NULL);
  g_autoptr (GuicheSettings) defaults = load (example, nothing, NULL);

  g_assert_cmpint (guiche_settings_get_int (settings, "http", "port"), ==, 9000);
  g_assert_cmpstr (guiche_settings_get_string (settings, "http", "listen"), ==, "127.0.0.2");
  g_assert_false (guiche_settings_get_bool (settings, "limits", "enabled"));
  g_assert_cmpint (guiche_settings_get_int (defaults, "http", "port"), ==, 8480);
  g_assert_nonnull (strstr (example, "#port=8480"));
}

static void
test_settings_wrong (void)
{
  static const struct {
    const char *contents;
    const char *told;
  } wrong[] = {
    { "[http]\n\nport=abc\n", ":3: port" },         { "[http]\nport=70000\n", ":2: port" },
    { "[http]\nprot=1\n", ":2: unknown key prot" }, { "\n[htpp]\nport=1\n", ":2: unknown group" },
    { "[limits]\nenabled=maybe\n", ":2: enabled" },
  };

  char *nothing[] = { NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (load (wrong[i].contents, nothing, &error));
    g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST);
    g_assert_nonnull (strstr (error->message, wrong[i].told));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/names", test_error_names);
  g_test_add_func ("/error/details", test_error_details);
  g_test_add_func ("/id/text", test_id_text);
  g_test_add_func ("/id/order", test_id_order);
  g_test_add_func ("/id/seed", test_id_seed);
  g_test_add_func ("/text", test_text);
  g_test_add_func ("/text/file-name", test_text_file_name);
  g_test_add_func ("/settings", test_settings);
  g_test_add_func ("/settings/wrong", test_settings_wrong);
  return g_test_run ();
}
