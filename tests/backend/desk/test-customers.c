/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/desk.h"

#include <string.h>

#define NOTHING NULL

static JsonObject *
items_at (JsonObject *answer, guint index)
{
  return json_array_get_object_element (json_object_get_array_member (answer, "items"), index);
}

static guint
n_items (JsonObject *answer)
{
  return json_array_get_length (json_object_get_array_member (answer, "items"));
}

static const char *
detail (JsonObject *answer, const char *name)
{
  return json_object_get_string_member (
      json_object_get_object_member (json_object_get_object_member (answer, "error"), "details"),
      name);
}

static const char *
text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static void
test_customer (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  JsonObject *answer = guiche_test_expect (
      desk, &desk->ana, 201, "POST", "/api/v1/customers",
      "{\"name\":\"  João \\u202e da\\tSilva \",\"phones\":[\"+55 (11) "
      "98765-4321\",\"5511987654321\"],"
      "\"emails\":[\"Joao@Exemplo.com.br\"],\"document\":\"123.456.789-09\",\"contract\":\"C-77\","
      "\"status\":\"active\"}");

  g_assert_cmpstr (text (answer, "name"), ==, "João \ufffd da Silva");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (answer, "phones")), ==, 1);
  g_assert_cmpstr (
      json_array_get_string_element (json_object_get_array_member (answer, "phones"), 0), ==,
      "5511987654321");
  g_assert_cmpstr (
      json_array_get_string_element (json_object_get_array_member (answer, "emails"), 0), ==,
      "joao@exemplo.com.br");
  g_assert_cmpstr (text (answer, "document"), ==, "12345678909");
  id = g_strdup (text (answer, "id"));
  path = g_strconcat ("/api/v1/customers/", id, NULL);
  answer = guiche_test_expect (desk, &desk->ana, 200, "PATCH", path,
                               "{\"plan\":\"600 Mega\",\"contract\":\"\"}");
  g_assert_cmpstr (text (answer, "plan"), ==, "600 Mega");
  g_assert_true (json_object_get_null_member (answer, "contract"));
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET", path, NOTHING);
  g_assert_cmpstr (text (answer, "plan"), ==, "600 Mega");
  g_assert_cmpstr (text (answer, "name"), ==, "João \ufffd da Silva");
}

static void
test_customer_duplicates (void)
{
  static const struct {
    const char *member, *field;
  } same[] = {
    { "\"phones\":[\"(11) 98765-4321\"]", "phones" },
    { "\"emails\":[\"JOAO@exemplo.com.br\"]", "emails" },
    { "\"document\":\"123 456 789 09\"", "document" },
  };

  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  g_autofree char *id = g_strdup (text (
      guiche_test_expect (desk, &desk->ana, 201, "POST", "/api/v1/customers",
                          "{\"name\":\"João\",\"phones\":[\"5511987654321\"],"
                          "\"emails\":[\"joao@exemplo.com.br\"],\"document\":\"12345678909\"}"),
      "id"));

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++) {
    JsonObject *answer = guiche_test_expect (desk, &desk->ana, 409, "POST", "/api/v1/customers",
                                             "{\"name\":\"Outro\",%s}", same[i].member);

    g_assert_cmpstr (detail (answer, "customer_id"), ==, id);
    g_assert_cmpstr (detail (answer, "field"), ==, same[i].field);
    guiche_test_expect (desk, &desk->ana, 201, "POST", "/api/v1/customers",
                        "{\"name\":\"Outro\",\"allow_duplicate\":true,%s}", same[i].member);
  }
}

static void
test_customer_bad_input (void)
{
  static const struct {
    const char *body, *field;
  } cases[] = {
    { "{}", "name" },
    { "{\"name\":\" \\t \"}", "name" },
    { "{\"name\":7}", "name" },
    { "{\"name\":\"x\",\"phones\":[\"12\"]}", "phones" },
    { "{\"name\":\"x\",\"phones\":[7]}", "phones[0]" },
    { "{\"name\":\"x\",\"emails\":[\"sem arroba\"]}", "emails" },
    { "{\"name\":\"x\",\"emails\":[\"a@b\"]}", "emails" },
    { "{\"name\":\"x\",\"document\":\"123\"}", "document" },
    { "{\"name\":\"x\",\"document\":\"abc\"}", "document" },
    { "{\"name\":\"x\",\"status\":\"vip\"}", "status" },
    { "{\"name\":\"x\",\"notes\":[]}", "notes" },
  };

  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (detail (guiche_test_expect (desk, &desk->ana, 400, "POST", "/api/v1/customers",
                                                 "%s", cases[i].body),
                             "field"),
                     ==, cases[i].field);
}

/* Pages neither repeat nor miss while customers come; accents, case and spelling do not count. */
static void
test_customer_list (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *cursor = NULL;
  JsonObject *answer;

  for (int i = 0; i < 25; i++)
    guiche_test_expect (desk, &desk->ana, 201, "POST", "/api/v1/customers",
                        "{\"name\":\"Átila %d\"}", i % 5);
  do {
    g_autofree char *path =
        cursor == NULL ? g_strdup ("/api/v1/customers?limit=4&q=atila")
                       : g_strconcat ("/api/v1/customers?limit=4&q=atila&cursor=", cursor, NULL);

    answer = guiche_test_expect (desk, &desk->ana, 200, "GET", path, NOTHING);
    g_clear_pointer (&cursor, g_free);
    cursor = g_strdup (text (answer, "next_cursor"));
    for (guint i = 0; i < n_items (answer); i++)
      g_assert_true (g_hash_table_add (seen, g_strdup (text (items_at (answer, i), "id"))));
    if (g_hash_table_size (seen) == 8)
      guiche_test_expect (desk, &desk->ana, 201, "POST", "/api/v1/customers",
                          "{\"name\":\"Átila 0\"}");
  } while (cursor != NULL);
  g_assert_cmpuint (g_hash_table_size (seen), ==, 25);
  guiche_test_expect (desk, &desk->ana, 400, "GET", "/api/v1/customers?cursor=x", NOTHING);
  guiche_test_expect (desk, &desk->ana, 201, "POST", "/api/v1/customers",
                      "{\"name\":\"100%% Fibra_\",\"phones\":[\"11 4002-8922\"]}");
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET", "/api/v1/customers?q=%25", NOTHING);
  g_assert_cmpuint (n_items (answer), ==, 1);
  answer =
      guiche_test_expect (desk, &desk->ana, 200, "GET", "/api/v1/customers?q=4002-8922", NOTHING);
  g_assert_cmpuint (n_items (answer), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desk/customers/create-and-change", test_customer);
  g_test_add_func ("/desk/customers/duplicates", test_customer_duplicates);
  g_test_add_func ("/desk/customers/bad-input", test_customer_bad_input);
  g_test_add_func ("/desk/customers/list", test_customer_list);
  return g_test_run ();
}
