/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/json-writer.h"
#include "base/json.h"

#include <string.h>

static gboolean
check (const char *text)
{
  return guiche_json_check (text, strlen (text), GUICHE_JSON_MAX_BYTES, NULL);
}

static void
test_accepts (void)
{
  static const char *const texts[] = {
    "{}",
    "[]",
    " \t\r\n{\"a\" : [ 1 , -2.5e+3 , true , false , null , \"x\" ] } ",
    "0",
    "-0",
    "9223372036854775807",
    "-9223372036854775808",
    "1.7976931348623157e308",
    "5e-324",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"",
    "\"não 😀 \x7f\"",
    "{\"a\":{\"a\":1},\"b\":{\"a\":1}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    guiche_json_check (texts[i], strlen (texts[i]), GUICHE_JSON_MAX_BYTES, &error);
    g_assert_no_error (error);
  }
}

static void
test_refuses (void)
{
  static const char *const texts[] = {
    "",
    " ",
    "{",
    "}",
    "[",
    "]",
    "[1,]",
    "[,1]",
    "[1 2]",
    "{\"a\":1,}",
    "{\"a\"}",
    "{\"a\":}",
    "{a:1}",
    "{'a':1}",
    "'a'",
    "{\"a\":1 \"b\":2}",
    "{1:2}",
    "{\"a\":1}x",
    "{} {}",
    "01",
    "-01",
    "+1",
    ".5",
    "1.",
    "1.e5",
    "1e",
    "1e+",
    "-",
    "--1",
    "0x10",
    "1_000",
    "Infinity",
    "NaN",
    "nan",
    "-Infinity",
    "1e400",
    "-1e400",
    "9223372036854775808",
    "18446744073709551616",
    "-9223372036854775809",
    "tru",
    "True",
    "nul",
    "nulll",
    "undefined",
    "// x\n1",
    "/* x */ 1",
    "1 // x",
    "# x\n1",
    "var x = {}",
    "\"\n\"",
    "\"\t\"",
    "\"\x01\"",
    "\"\\x41\"",
    "\"\\u12\"",
    "\"\\u000g\"",
    "\"\\u0000\"",
    "\"a\\u0000b\"",
    "\"\\ud800\"",
    "\"\\udc00\"",
    "\"\\ud800x\"",
    "\"\\ud800\\u0041\"",
    "\"\\ud800\\ud800\"",
    "\"",
    "\"\\",
    "\"\\u",
    "\"\xff\"",
    "\"\xc0\x80\"",
    "\"\xed\xa0\x80\"",
    "\"\xf5\x80\x80\x80\"",
    "\xef\xbb\xbf{}",
    "{\"a\":1,\"a\":2}",
    "{\"a\":1,\"\\u0061\":2}",
    "{\"\":1,\"\":2}",
    "\v1",
    "\f1",
    "\xc2\xa0{}",
    "[1;2]",
    "{\"a\"=1}",
    "0.00000000000000000000000000000000000000000000000000000000000000001",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    if (check (texts[i]))
      g_error ("accepted: %s", texts[i]);
  }
}

static void
test_refuses_nul (void)
{
  g_assert_false (guiche_json_check ("{}\0", 3, 100, NULL));
  g_assert_false (guiche_json_check ("\"a\0b\"", 5, 100, NULL));
  g_assert_false (guiche_json_check (NULL, 0, 100, NULL));
}

static char *
nested (gsize depth)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < depth; i++)
    g_string_append_c (text, '[');
  for (gsize i = 0; i < depth; i++)
    g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

static void
test_depth_and_size (void)
{
  g_autofree char *deepest = nested (GUICHE_JSON_MAX_DEPTH);
  g_autofree char *deeper = nested (GUICHE_JSON_MAX_DEPTH + 1);
  g_autofree char *abyss = nested (100000);
  g_autoptr (GError) error = NULL;

  g_assert_true (check (deepest));
  g_assert_false (check (deeper));
  g_assert_false (check (abyss));
  g_assert_false (guiche_json_check ("[1,2,3]", 7, 6, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_TOO_LARGE);
}

/* Many keys go through the sorting path; a repeated one is found there too. */
static void
test_many_keys (void)
{
  for (int repeated = 0; repeated < 2; repeated++) {
    g_autoptr (GString) text = g_string_new ("{\"k0\":0");

    for (int i = 1; i < 20000; i++)
      g_string_append_printf (text, ",\"k%d\":0", i);
    g_string_append (text, repeated ? ",\"k777\":1}" : ",\"z\":1}");
    g_assert_cmpint (guiche_json_check (text->str, text->len, GUICHE_JSON_MAX_BYTES, NULL), ==,
                     !repeated);
  }
}

static void
test_error_position (void)
{
  g_autoptr (GError) error = NULL;
  const char *text = "{\n  \"a\": 1,\n  \"b\": nope\n}";

  g_assert_false (guiche_json_check (text, strlen (text), 1000, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_JSON);
  g_assert_cmpstr (guiche_error_get_detail (error, "line"), ==, "3");
  g_assert_cmpstr (guiche_error_get_detail (error, "column"), ==, "8");
}

static void
test_members (void)
{
  const char *text = "{\"s\":\"\\u00e9\\ud83d\\ude00\",\"i\":-9223372036854775808,\"b\":true,"
                     "\"id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"o\":{\"x\":1},\"a\":[1,2],"
                     "\"n\":null,\"d\":1.5}";
  g_autoptr (JsonNode) node = guiche_json_parse_object (text, strlen (text), 1000, NULL);
  g_autoptr (GError) error = NULL;
  JsonObject *object = json_node_get_object (node);
  const char *string = "kept";
  gint64 integer = 7;
  gboolean boolean = FALSE;
  GuicheId id = GUICHE_ID_NONE;
  JsonObject *inner = NULL;
  JsonArray *array = NULL;

  g_assert_true (guiche_json_get_string (object, "n", FALSE, &string, NULL));
  g_assert_cmpstr (string, ==, "kept");
  g_assert_true (guiche_json_get_string (object, "s", TRUE, &string, NULL));
  g_assert_cmpstr (string, ==, "é😀");
  g_assert_true (guiche_json_get_int (object, "absent", FALSE, &integer, NULL));
  g_assert_cmpint (integer, ==, 7);
  g_assert_true (guiche_json_get_int (object, "i", TRUE, &integer, NULL));
  g_assert_cmpint (integer, ==, G_MININT64);
  g_assert_true (guiche_json_get_bool (object, "b", TRUE, &boolean, NULL));
  g_assert_true (boolean);
  g_assert_true (guiche_json_get_id (object, "id", TRUE, &id, NULL));
  g_assert_false (guiche_id_is_none (&id));
  g_assert_true (guiche_json_get_object (object, "o", TRUE, &inner, NULL));
  g_assert_true (guiche_json_get_array (object, "a", TRUE, &array, NULL));
  g_assert_cmpuint (json_array_get_length (array), ==, 2);

  g_assert_false (guiche_json_get_int (object, "d", TRUE, &integer, NULL));
  g_assert_false (guiche_json_get_string (object, "i", FALSE, &string, NULL));
  g_assert_false (guiche_json_get_bool (object, "i", FALSE, &boolean, NULL));
  g_assert_false (guiche_json_get_object (object, "a", FALSE, &inner, NULL));
  g_assert_false (guiche_json_get_array (object, "o", FALSE, &array, NULL));
  g_assert_false (guiche_json_get_id (object, "s", FALSE, &id, NULL));
  g_assert_false (guiche_json_get_string (object, "n", TRUE, &string, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST);
  g_assert_cmpstr (guiche_error_get_detail (error, "field"), ==, "n");
  g_assert_null (guiche_json_parse_object ("[]", 2, 10, NULL));
}

static void
test_writer (void)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  GuicheId id = { .bytes = { 1, 2, 3 } };
  g_autofree char *text = NULL;

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "s", "a\"b\\c\n\x01 não 😀");
  guiche_json_writer_member_string (writer, "z", NULL);
  guiche_json_writer_member_int (writer, "min", G_MININT64);
  guiche_json_writer_member_int (writer, "max", G_MAXINT64);
  guiche_json_writer_member_bool (writer, "t", TRUE);
  guiche_json_writer_member_id (writer, "id", &id);
  guiche_json_writer_member_id (writer, "none", &GUICHE_ID_NONE);
  guiche_json_writer_member_raw (writer, "raw", "[1,2]", -1);
  guiche_json_writer_name (writer, "a");
  guiche_json_writer_begin_array (writer);
  guiche_json_writer_double (writer, 1.5);
  guiche_json_writer_double (writer, G_MAXDOUBLE * 2);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_end_object (writer);
  guiche_json_writer_bool (writer, FALSE);
  guiche_json_writer_end_array (writer);
  guiche_json_writer_end_object (writer);
  text = guiche_json_writer_steal (writer, NULL);
  g_assert_cmpstr (text, ==,
                   "{\"s\":\"a\\\"b\\\\c\\n\\u0001 não 😀\",\"z\":null,\"min\":-9223372036854775808,"
                   "\"max\":9223372036854775807,\"t\":true,"
                   "\"id\":\"01020300-0000-0000-0000-000000000000\",\"none\":null,\"raw\":[1,2],"
                   "\"a\":[1.5,null,{},false]}");
}

/* Whatever text goes in comes out of the door unchanged. */
static void
test_round_trip (void)
{
  GRand *rand = g_rand_new_with_seed (42);

  for (int round = 0; round < 3000; round++) {
    g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
    g_autoptr (GString) value = g_string_new (NULL);
    g_autoptr (JsonNode) node = NULL;
    const char *text;
    const char *read = NULL;
    gsize length;

    for (int i = g_rand_int_range (rand, 0, 40); i > 0; i--) {
      gunichar c = (gunichar) g_rand_int_range (rand, 1, round % 2 ? 0x80 : 0x10fff0);

      if (c < 0xd800 || c > 0xdfff)
        g_string_append_unichar (value, c);
    }
    guiche_json_writer_begin_object (writer);
    guiche_json_writer_member_string (writer, "v", value->str);
    guiche_json_writer_end_object (writer);
    text = guiche_json_writer_peek (writer, &length);
    node = guiche_json_parse_object (text, length, GUICHE_JSON_MAX_BYTES, NULL);
    g_assert_nonnull (node);
    g_assert_true (guiche_json_get_string (json_node_get_object (node), "v", TRUE, &read, NULL));
    g_assert_cmpstr (read, ==, value->str);
  }
  g_rand_free (rand);
}

/* Every prefix and every one-byte change of a document is refused or read, never worse. */
static void
test_mutations (void)
{
  const char *text = "{\"a\":[1,2.5,\"x\\u00e9\\n\",{\"b\":null,\"c\":true}],\"d\":-3e2}";
  gsize length = strlen (text);

  for (gsize i = 0; i < length; i++) {
    g_assert_false (guiche_json_check (text, i, 1000, NULL));
    for (int byte = 0; byte < 256; byte++) {
      g_autofree char *changed = g_memdup2 (text, length);
      g_autoptr (JsonNode) node = NULL;

      changed[i] = (char) byte;
      node = guiche_json_parse_object (changed, length, 1000, NULL);
      g_assert_true (node == NULL || guiche_json_check (changed, length, 1000, NULL));
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/accepts", test_accepts);
  g_test_add_func ("/json/refuses", test_refuses);
  g_test_add_func ("/json/refuses-nul", test_refuses_nul);
  g_test_add_func ("/json/depth-and-size", test_depth_and_size);
  g_test_add_func ("/json/many-keys", test_many_keys);
  g_test_add_func ("/json/error-position", test_error_position);
  g_test_add_func ("/json/members", test_members);
  g_test_add_func ("/json/writer", test_writer);
  g_test_add_func ("/json/round-trip", test_round_trip);
  g_test_add_func ("/json/mutations", test_mutations);
  return g_test_run ();
}
