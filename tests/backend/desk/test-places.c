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
text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desk/queues", test_queues);
  g_test_add_func ("/desk/lists/waiting", test_waiting_order);
  g_test_add_func ("/desk/lists/activity", test_activity_order);
  g_test_add_func ("/desk/lists/closed", test_closed_order);
  g_test_add_func ("/desk/channels", test_channels);
  g_test_add_func ("/desk/direct", test_direct);
  return g_test_run ();
}
