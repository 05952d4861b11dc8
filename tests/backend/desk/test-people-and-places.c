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

/* --- customers ----------------------------------------------------------------------------------
 */

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

/* --- queues and lists
 * ------------------------------------------------------------------------------- */

static void
test_queues (void)
{
  static const char *const keys[] = { "technical_urgent", "technical_normal", "commercial",
                                      "financial", "cancellation" };
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  JsonObject *answer = guiche_test_expect (desk, &desk->ana, 200, "GET", "/api/v1/queues", NOTHING);
  g_autoptr (GuicheViewer) viewer = NULL;

  g_assert_cmpuint (n_items (answer), ==, G_N_ELEMENTS (keys));
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_assert_cmpstr (text (items_at (answer, i), "key"), ==, keys[i]);
  guiche_test_expect (desk, &desk->sofia, 400, "PATCH", "/api/v1/queues/financial",
                      "{\"members\":[\"01980000-0000-7000-8000-000000000001\"]}");
  guiche_test_expect (desk, &desk->sofia, 400, "PATCH", "/api/v1/queues/financial",
                      "{\"priority\":10}");
  guiche_test_expect (desk, &desk->sofia, 200, "PATCH", "/api/v1/queues/financial",
                      "{\"name\":\"Cobrança\",\"priority\":1,\"members\":[]}");
  viewer = guiche_test_viewer (desk, &desk->bruno);
  g_assert_false (g_strv_contains ((const char *const *) viewer->queues, "financial"));
}

static void
test_waiting_order (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  static const char *const queues[] = { "commercial", "technical_normal", "technical_urgent",
                                        "technical_normal" };
  static const guint order[] = { 2, 1, 3, 0 };
  char *ids[4];
  JsonObject *answer;

  for (guint i = 0; i < 4; i++) {
    GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", queues[i]);

    ids[i] = guiche_id_dup_string (&visitor.conversation_id);
    guiche_clock_advance (desk->store->clock, G_TIME_SPAN_SECOND);
  }
  answer = guiche_test_expect (desk, &desk->sofia, 200, "GET", "/api/v1/conversations?view=queue",
                               NOTHING);
  g_assert_cmpuint (n_items (answer), ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpstr (text (items_at (answer, i), "id"), ==, ids[order[i]]);
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET",
                               "/api/v1/conversations?view=queue&queue=technical_normal&limit=1",
                               NOTHING);
  g_assert_cmpuint (n_items (answer), ==, 1);
  g_assert_nonnull (text (answer, "next_cursor"));
  for (guint i = 0; i < 4; i++)
    g_free (ids[i]);
}

/* Newest activity first, and pages that go on where the last ended. */
static void
test_activity_order (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitors[7];
  g_autofree char *cursor = NULL;
  guint n_seen = 0;

  for (guint i = 0; i < 7; i++)
    visitors[i] = guiche_test_visit (desk, "Maria", "commercial");
  for (guint i = 0; i < 7; i++) {
    guiche_clock_advance (desk->store->clock, G_TIME_SPAN_SECOND);
    guiche_test_write_as_visitor (desk, &visitors[(i * 3) % 7], "oi");
  }
  do {
    g_autofree char *path = g_strconcat ("/api/v1/conversations?view=all&limit=3",
                                         cursor == NULL ? "" : "&cursor=", cursor, NULL);
    JsonObject *answer = guiche_test_expect (desk, &desk->carla, 200, "GET", path, NOTHING);

    g_free (cursor);
    cursor = g_strdup (text (answer, "next_cursor"));
    for (guint i = 0; i < n_items (answer); i++) {
      g_autofree char *expected =
          guiche_id_dup_string (&visitors[((6 - n_seen++) * 3) % 7].conversation_id);

      g_assert_cmpstr (text (items_at (answer, i), "id"), ==, expected);
    }
  } while (cursor != NULL);
  g_assert_cmpuint (n_seen, ==, 7);
}

/* The last closed first; those closed at the same moment in a fixed order. */
static void
test_closed_order (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *cursor = NULL;
  gint64 last = G_MAXINT64;

  for (guint i = 0; i < 9; i++) {
    GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "commercial");
    g_autofree char *path = guiche_test_path (&visitor.conversation_id, "/close");

    guiche_test_expect (desk, &desk->carla, 200, "POST", path, "{\"reason\":\"resolvido\"}");
    if (i % 4 == 0)
      guiche_clock_advance (desk->store->clock, G_TIME_SPAN_SECOND);
  }
  do {
    g_autofree char *path = g_strconcat ("/api/v1/conversations?view=closed&limit=2",
                                         cursor == NULL ? "" : "&cursor=", cursor, NULL);
    JsonObject *answer = guiche_test_expect (desk, &desk->carla, 200, "GET", path, NOTHING);

    g_free (cursor);
    cursor = g_strdup (text (answer, "next_cursor"));
    for (guint i = 0; i < n_items (answer); i++) {
      JsonObject *item = items_at (answer, i);

      g_assert_true (g_hash_table_add (seen, g_strdup (text (item, "id"))));
      g_assert_cmpint (json_object_get_int_member (item, "closed_at"), <=, last);
      last = json_object_get_int_member (item, "closed_at");
    }
  } while (cursor != NULL);
  g_assert_cmpuint (g_hash_table_size (seen), ==, 9);
}

/* --- channels
 * ------------------------------------------------------------------------------------------ */

static void
test_channels (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  g_autofree char *id = NULL;
  g_autofree char *join = NULL;
  g_autofree char *leave = NULL;
  g_autofree char *messages = NULL;
  JsonObject *answer;
  GuicheId conversation_id;

  answer = guiche_test_expect (desk, &desk->ana, 201, "POST", "/api/v1/channels",
                               "{\"name\":\"#Suporte Técnico\"}");
  g_assert_cmpstr (text (answer, "title"), ==, "suporte-técnico");
  id = g_strdup (text (answer, "id"));
  g_assert_true (guiche_id_parse (id, &conversation_id));
  guiche_test_expect (desk, &desk->bruno, 409, "POST", "/api/v1/channels",
                      "{\"name\":\"suporte técnico\"}");
  join = g_strconcat ("/api/v1/channels/", id, "/join", NULL);
  leave = g_strconcat ("/api/v1/channels/", id, "/leave", NULL);
  messages = guiche_test_path (&conversation_id, "/messages");
  answer = guiche_test_expect (desk, &desk->bruno, 200, "GET", "/api/v1/channels", NOTHING);
  g_assert_false (json_object_get_boolean_member (items_at (answer, 0), "is_member"));
  guiche_test_expect (desk, &desk->bruno, 404, "GET", messages, NOTHING);
  guiche_test_expect (desk, &desk->bruno, 200, "POST", join, "{}");
  guiche_test_expect (desk, &desk->bruno, 200, "POST", join, "{}");
  guiche_test_say (desk, &desk->bruno, &conversation_id, "@ana oi");
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET", messages, NOTHING);
  g_assert_cmpuint (n_items (answer), ==, 3);
  g_assert_cmpstr (text (items_at (answer, 1), "body"), ==, "joined:Bruno");
  g_assert_cmpuint (
      json_array_get_length (json_object_get_array_member (items_at (answer, 2), "mentions")), ==,
      1);
  guiche_test_expect (desk, &desk->bruno, 400, "POST", messages,
                      "{\"client_id\":\"01980000-0000-7000-8000-0000000000a1\",\"kind\":\"note\","
                      "\"body\":\"x\"}");
  guiche_test_expect (desk, &desk->bruno, 200, "POST", leave, "{}");
  guiche_test_expect (desk, &desk->bruno, 404, "GET", messages, NOTHING);
  guiche_test_expect (desk, &desk->bruno, 404, "POST", leave, "{}");
}

static void
test_direct (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  g_autofree char *ana = guiche_id_dup_string (&desk->ana.id);
  g_autofree char *bruno = guiche_id_dup_string (&desk->bruno.id);
  g_autofree char *id =
      g_strdup (text (guiche_test_expect (desk, &desk->ana, 201, "POST", "/api/v1/direct",
                                          "{\"user_id\":\"%s\"}", bruno),
                      "id"));

  g_assert_cmpstr (text (guiche_test_expect (desk, &desk->bruno, 200, "POST", "/api/v1/direct",
                                             "{\"user_id\":\"%s\"}", ana),
                         "id"),
                   ==, id);
  guiche_test_expect (desk, &desk->ana, 400, "POST", "/api/v1/direct", "{\"user_id\":\"%s\"}", ana);
  guiche_test_expect (desk, &desk->ana, 400, "POST", "/api/v1/direct",
                      "{\"user_id\":\"01980000-0000-7000-8000-000000000001\"}");
}

/* --- what one keeps
 * ---------------------------------------------------------------------------------------- */

static void
test_canned_replies (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  g_autofree char *path = NULL;
  JsonObject *answer;

  answer = guiche_test_expect (desk, &desk->sofia, 201, "POST", "/api/v1/canned-replies",
                               "{\"shortcut\":\"Ola\",\"title\":\"Olá\",\"body\":\"Olá "
                               "{{customer.first_name}}\"}");
  g_assert_cmpstr (text (answer, "shortcut"), ==, "ola");
  path = g_strconcat ("/api/v1/canned-replies/", text (answer, "id"), NULL);
  guiche_test_expect (desk, &desk->sofia, 409, "POST", "/api/v1/canned-replies",
                      "{\"shortcut\":\"ola\",\"title\":\"x\",\"body\":\"x\"}");
  guiche_test_expect (desk, &desk->sofia, 400, "POST", "/api/v1/canned-replies",
                      "{\"shortcut\":\"o la\",\"title\":\"x\",\"body\":\"x\"}");
  guiche_test_expect (desk, &desk->sofia, 200, "PATCH", path, "{\"title\":\"Oi\"}");
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET", "/api/v1/canned-replies", NOTHING);
  g_assert_cmpstr (text (items_at (answer, 0), "title"), ==, "Oi");
  guiche_test_expect (desk, &desk->sofia, 200, "DELETE", path, NOTHING);
  guiche_test_expect (desk, &desk->sofia, 404, "DELETE", path, NOTHING);
}

static void
test_drafts (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
  g_autofree char *path = guiche_test_path (&visitor.conversation_id, "/draft");
  JsonArray *drafts;

  guiche_test_expect (desk, &desk->ana, 200, "PUT", path, "{\"body\":\"quase\"}");
  guiche_test_expect (desk, &desk->ana, 200, "PUT", path, "{\"body\":\"quase pronto\"}");
  drafts = json_object_get_array_member (
      guiche_test_expect (desk, &desk->ana, 200, "GET", "/api/v1/snapshot", NOTHING), "drafts");
  g_assert_cmpuint (json_array_get_length (drafts), ==, 1);
  g_assert_cmpstr (text (json_array_get_object_element (drafts, 0), "body"), ==, "quase pronto");
  drafts = json_object_get_array_member (
      guiche_test_expect (desk, &desk->bruno, 200, "GET", "/api/v1/snapshot", NOTHING), "drafts");
  g_assert_cmpuint (json_array_get_length (drafts), ==, 0);
  guiche_test_expect (desk, &desk->ana, 200, "PUT", path, "{\"body\":\"\"}");
  g_assert_cmpint (guiche_test_number (desk->store, "SELECT COUNT(*) FROM drafts"), ==, 0);
}

/* --- send later
 * ------------------------------------------------------------------------------------------- */

static char *
schedule (GuicheTestDesk *desk,
          const GuicheTestPerson *visitor,
          const char *client_id,
          guint status)
{
  g_autofree char *messages = guiche_test_path (&visitor->conversation_id, "/messages");
  gint64 at = GUICHE_TEST_START_US + G_TIME_SPAN_HOUR;

  return g_strdup (text (
      guiche_test_expect (desk, &desk->ana, status, "POST", messages,
                          "{\"client_id\":\"%s\",\"body\":\"depois\",\"send_at\":%" G_GINT64_FORMAT
                          "}",
                          client_id, at),
      "id"));
}

static gint64
n_sent (GuicheTestDesk *desk)
{
  return guiche_test_number (desk->store, "SELECT COUNT(*) FROM messages WHERE body = 'depois'");
}

static void
test_send_later (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
  g_autofree char *messages = guiche_test_path (&visitor.conversation_id, "/messages");
  g_autofree char *client_id = guiche_test_client_id (desk);
  g_autofree char *first = schedule (desk, &visitor, client_id, 201);
  g_autofree char *again = schedule (desk, &visitor, client_id, 200);

  g_assert_cmpstr (first, ==, again);
  guiche_clock_advance (desk->store->clock, G_TIME_SPAN_HOUR - 1);
  guiche_test_run_jobs (desk);
  g_assert_cmpint (n_sent (desk), ==, 0);
  guiche_clock_advance (desk->store->clock, 1);
  guiche_test_run_jobs (desk);
  guiche_test_run_jobs (desk);
  g_assert_cmpint (n_sent (desk), ==, 1);
  g_assert_cmpint (guiche_test_number (desk->store, "SELECT COUNT(*) FROM scheduled_messages"), ==,
                   0);
  /* It was sent with its client_id: a late repeat of the request finds it. */
  guiche_test_expect (desk, &desk->ana, 200, "POST", messages,
                      "{\"client_id\":\"%s\",\"body\":\"depois\"}", client_id);
  guiche_test_expect (desk, &desk->ana, 409, "POST", messages,
                      "{\"client_id\":\"%s\",\"body\":\"depois\",\"send_at\":%" G_GINT64_FORMAT "}",
                      client_id, guiche_clock_now_us (desk->store->clock) + G_TIME_SPAN_HOUR);
  g_assert_cmpint (n_sent (desk), ==, 1);
}

static void
test_send_later_cancelled (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
  g_autofree char *client_id = guiche_test_client_id (desk);
  g_autofree char *id = schedule (desk, &visitor, client_id, 201);
  g_autofree char *path = g_strconcat ("/api/v1/scheduled/", id, NULL);

  guiche_test_expect (desk, &desk->bruno, 404, "DELETE", path, NOTHING);
  guiche_test_expect (desk, &desk->ana, 200, "DELETE", path, NOTHING);
  guiche_test_expect (desk, &desk->ana, 404, "DELETE", path, NOTHING);
  guiche_clock_advance (desk->store->clock, 2 * G_TIME_SPAN_HOUR);
  guiche_test_run_jobs (desk);
  g_assert_cmpint (n_sent (desk), ==, 0);
}

/* What may not be sent any more is not lost: it comes back as a draft. */
static void
test_send_later_refused (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
  g_autofree char *client_id = guiche_test_client_id (desk);
  g_autofree char *id = schedule (desk, &visitor, client_id, 201);
  g_autofree char *close = guiche_test_path (&visitor.conversation_id, "/close");

  guiche_test_expect (desk, &desk->sofia, 200, "POST", close, "{\"reason\":\"resolvido\"}");
  guiche_clock_advance (desk->store->clock, 2 * G_TIME_SPAN_HOUR);
  guiche_test_run_jobs (desk);
  g_assert_cmpint (n_sent (desk), ==, 0);
  g_assert_cmpint (
      guiche_test_number (desk->store, "SELECT COUNT(*) FROM drafts WHERE body = 'depois'"), ==, 1);
  g_assert_cmpint (guiche_test_number (desk->store, "SELECT COUNT(*) FROM scheduled_messages"), ==,
                   0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desk/customers/create-and-change", test_customer);
  g_test_add_func ("/desk/customers/duplicates", test_customer_duplicates);
  g_test_add_func ("/desk/customers/bad-input", test_customer_bad_input);
  g_test_add_func ("/desk/customers/list", test_customer_list);
  g_test_add_func ("/desk/queues", test_queues);
  g_test_add_func ("/desk/lists/waiting", test_waiting_order);
  g_test_add_func ("/desk/lists/activity", test_activity_order);
  g_test_add_func ("/desk/lists/closed", test_closed_order);
  g_test_add_func ("/desk/channels", test_channels);
  g_test_add_func ("/desk/direct", test_direct);
  g_test_add_func ("/desk/canned-replies", test_canned_replies);
  g_test_add_func ("/desk/drafts", test_drafts);
  g_test_add_func ("/desk/send-later/once", test_send_later);
  g_test_add_func ("/desk/send-later/cancelled", test_send_later_cancelled);
  g_test_add_func ("/desk/send-later/refused", test_send_later_refused);
  return g_test_run ();
}
