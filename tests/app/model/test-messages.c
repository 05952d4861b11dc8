/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/desk-private.h"
#include "support/desktop.h"
#include "support/populate.h"

#include <string.h>

/* The message list against a naive one that is rebuilt from items-changed: what is shown is always
 * the history, in order, and then the outbox. */

typedef struct {
  GuicheDesk *desk;
  GuicheConversation *conversation;
  GuicheMessageList *list;
  GPtrArray *mirror; /* (element-type GuicheMessage): held only where @holds */
  guint n_signals, n_changed;
} Fixture;

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, Fixture *fixture)
{
  fixture->n_signals++;
  fixture->n_changed += removed + added;
  g_ptr_array_remove_range (fixture->mirror, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (fixture->mirror, (int) (position + i),
                        g_list_model_get_item (model, position + i));
}

static void
set_up (Fixture *fixture, const char *profile_id, guint n_messages)
{
  GuicheProfile profile = { .id = (char *) profile_id,
                            .url = (char *) "http://127.0.0.1:9",
                            .tenant = (char *) "demo",
                            .login = (char *) "ana" };
  g_autoptr (GuicheSession) session = guiche_session_new (&profile);
  g_autofree char *directory =
      g_build_filename (g_get_user_data_dir (), "guiche", "profiles", profile_id, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (guiche_populate_cache (
      directory, &(GuichePopulate){ .n_conversations = 8, .n_messages = 8, .n_long = n_messages },
      &error));
  fixture->desk = guiche_desk_new (session, &error);
  g_assert_no_error (error);
  fixture->conversation = guiche_desk_find_conversation (fixture->desk, GUICHE_POPULATE_LONG_ID);
  fixture->list = guiche_message_list_new (fixture->desk, fixture->conversation);
  fixture->mirror = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->list)); i++)
    g_ptr_array_add (fixture->mirror, g_list_model_get_item (G_LIST_MODEL (fixture->list), i));
  g_signal_connect (fixture->list, "items-changed", G_CALLBACK (on_items_changed), fixture);
}

static void
tear_down (Fixture *fixture)
{
  g_ptr_array_unref (fixture->mirror);
  g_object_unref (fixture->list);
  g_object_unref (fixture->desk);
}

static char *
message_json (gint64 seq, const char *client_id, gboolean is_mine, const char *body)
{
  return g_strdup_printf (
      "{\"id\":\"00000000-0000-7000-8000-aaaa%08x\",\"conversation_id\":\"%s\",\"seq\":"
      "%" G_GINT64_FORMAT ",\"client_id\":\"%s\",\"sender\":{\"kind\":\"%s\",\"id\":\"%s\","
      "\"name\":\"X\"},\"kind\":\"text\",\"body\":\"%s\","
      "\"attachments\":[],\"quote\":null,\"at\":%" G_GINT64_FORMAT ",\"state\":1,\"mentions\":[]}",
      (guint) seq, GUICHE_POPULATE_LONG_ID, seq, client_id, is_mine ? "agent" : "customer",
      is_mine ? GUICHE_POPULATE_ME : "00000000-0000-7000-8000-000200000001", body,
      g_get_real_time ());
}

static void
apply (Fixture *fixture, GuicheCacheInput input, const char *text, gboolean is_live)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GuicheChanges) changes = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (texts, g_bytes_new (text, strlen (text)));
  changes = guiche_cache_apply_sync (fixture->desk->cache, input, texts, &error);
  g_assert_no_error (error);
  guiche_desk_take_changes (fixture->desk, changes, is_live);
}

static void
create (Fixture *fixture,
        gint64 event_seq,
        gint64 seq,
        const char *client_id,
        gboolean is_mine,
        const char *body)
{
  g_autofree char *message = message_json (seq, client_id, is_mine, body);
  g_autofree char *event =
      g_strdup_printf ("{\"seq\":%" G_GINT64_FORMAT
                       ",\"at\":1,\"kind\":\"message.created\",\"data\":{\"message\":%s}}",
                       event_seq, message);

  apply (fixture, GUICHE_CACHE_EVENTS, event, TRUE);
}

/* History in order by seq, then the outbox in order. */
static void
check (Fixture *fixture)
{
  GListModel *model = G_LIST_MODEL (fixture->list);
  guint n = g_list_model_get_n_items (model), n_stored;
  GPtrArray *entries = guiche_outbox_get_entries (fixture->desk->outbox);

  n_stored = (guint) guiche_conversation_get_last_seq (fixture->conversation);
  g_assert_cmpuint (n, ==, n_stored + entries->len);
  g_assert_cmpuint (fixture->mirror->len, ==, n);
  for (guint i = 0; i < n; i++) {
    g_autoptr (GuicheMessage) message = g_list_model_get_item (model, i);
    g_assert_true (message == g_ptr_array_index (fixture->mirror, i));
    if (i < n_stored) {
      g_assert_cmpint (guiche_message_get_seq (message), ==, i + 1);
    } else {
      const GuicheOutboxEntry *entry = g_ptr_array_index (entries, i - n_stored);
      g_assert_cmpstr (guiche_message_get_row (message)->client_id, ==, entry->row->client_id);
    }
  }
}

static char *
random_id (void)
{
  g_autofree char *id = g_uuid_string_random ();

  return g_steal_pointer (&id);
}

/* The oldest of the outbox is acknowledged as @seq. */
static void
store_first (Fixture *fixture, gint64 event_seq, gint64 seq)
{
  const GuicheOutboxEntry *entry =
      g_ptr_array_index (guiche_outbox_get_entries (fixture->desk->outbox), 0);
  g_autofree char *client_id = g_strdup (entry->row->client_id);
  g_autofree char *body = g_strdup (entry->row->body);

  if (g_test_rand_bit ()) {
    g_autofree char *message = message_json (seq, client_id, TRUE, body);
    apply (fixture, GUICHE_CACHE_OWN_MESSAGE, message, FALSE);
  }
  create (fixture, event_seq, seq, client_id, TRUE, body);
}

static void
test_like_a_naive_list (void)
{
  Fixture fixture = { 0 };
  gint64 seq = 200, event_seq = 1;

  set_up (&fixture, "naive", (guint) seq);
  check (&fixture);
  for (guint step = 0; step < 400; step++) {
    guint n_waiting = guiche_outbox_get_entries (fixture.desk->outbox)->len;
    int what = g_test_rand_int_range (0, 4);

    if (what == 0) {
      g_autofree char *body = g_strdup_printf ("minha %u", step);
      g_autoptr (GuicheMessage) message =
                     guiche_desk_send (fixture.desk, fixture.conversation,
                                       &(GuicheOutgoing){ .body = body, .undo_ms = 10000 }, NULL);
    } else if (what == 1 && n_waiting > 0) {
      store_first (&fixture, ++event_seq, ++seq);
    } else if (what == 2 && n_waiting > 2) {
      const GuicheOutboxEntry *entry =
          g_ptr_array_index (guiche_outbox_get_entries (fixture.desk->outbox), 1);
      g_autoptr (GuicheMessage) message = g_object_ref (
          g_hash_table_lookup (fixture.desk->outgoing, entry->row->client_id));
      g_assert_true (guiche_desk_undo_send (fixture.desk, message));
    } else {
      g_autofree char *client_id = random_id ();
      create (&fixture, ++event_seq, ++seq, client_id, FALSE, "do cliente");
    }
    check (&fixture);
  }
  tear_down (&fixture);
}

static void
test_stored_in_place (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GuicheMessage) message = NULL;

  set_up (&fixture, "in-place", 100);
  message = guiche_desk_send (fixture.desk, fixture.conversation, &(GuicheOutgoing){ .body = "oi" },
                              NULL);
  g_assert_cmpuint (fixture.n_changed, ==, 1);
  store_first (&fixture, 2, 101);
  /* The same object at the same place: nothing to tell. */
  g_assert_cmpuint (fixture.n_changed, ==, 1);
  g_assert_cmpint (guiche_message_get_seq (message), ==, 101);
  check (&fixture);
  tear_down (&fixture);
}

static void
test_drops_what_is_not_shown (void)
{
  Fixture fixture = { 0 };
  GListModel *model;
  guint n_alive = 0;
  g_autoptr (GPtrArray) weak = g_ptr_array_new_with_free_func (g_free);

  set_up (&fixture, "drops", 20000);
  g_ptr_array_set_size (fixture.mirror, 0);
  g_signal_handlers_disconnect_by_data (fixture.list, &fixture);
  model = G_LIST_MODEL (fixture.list);
  for (guint i = 0; i < 20000; i++) {
    g_autoptr (GuicheMessage) message = g_list_model_get_item (model, i);
    GWeakRef *reference = g_new0 (GWeakRef, 1);
    g_weak_ref_init (reference, message);
    g_ptr_array_add (weak, reference);
  }
  for (guint i = 0; i < weak->len; i++) {
    g_autoptr (GObject) object = g_weak_ref_get (g_ptr_array_index (weak, i));
    n_alive += object != NULL;
    g_weak_ref_clear (g_ptr_array_index (weak, i));
  }
  g_assert_cmpuint (n_alive, <=, 1024);
  tear_down (&fixture);
}

static void
test_flags_from_neighbours (void)
{
  Fixture fixture = { 0 };
  guint n_days = 0, first_unread;
  gboolean is_first_unread = FALSE;

  set_up (&fixture, "flags", 1000);
  first_unread = guiche_message_list_find_first_unread (fixture.list);
  g_assert_cmpuint (first_unread, ==, 998);
  for (guint i = 0; i < 1000; i++) {
    g_autoptr (GuicheMessage) message = g_list_model_get_item (G_LIST_MODEL (fixture.list), i);
    gboolean starts_day = FALSE, starts_group = FALSE;
    g_object_get (message, "starts-day", &starts_day, "starts-group", &starts_group,
                  "is-first-unread", &is_first_unread, NULL);
    n_days += starts_day;
    g_assert_true (starts_group);
    g_assert_cmpint (is_first_unread, ==, i == first_unread);
  }
  /* A message each seven minutes: 1,000 of them touch five or six days. */
  g_assert_cmpuint (n_days, >=, 5);
  g_assert_cmpuint (n_days, <=, 6);
  tear_down (&fixture);
}

static void
test_finds_places (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GuicheMessage) message = NULL;
  gint64 at = 0;

  set_up (&fixture, "places", 1000);
  message = g_list_model_get_item (G_LIST_MODEL (fixture.list), 500);
  g_object_get (message, "at", &at, NULL);
  g_assert_cmpuint (guiche_message_list_find_seq (fixture.list, 501), ==, 500);
  g_assert_cmpuint (guiche_message_list_find_seq (fixture.list, 0), ==, G_MAXUINT);
  g_assert_cmpuint (guiche_message_list_find_seq (fixture.list, 1001), ==, G_MAXUINT);
  g_assert_cmpuint (guiche_message_list_find_time (fixture.list, at), ==, 500);
  g_assert_cmpuint (guiche_message_list_find_time (fixture.list, at - 1), ==, 500);
  g_assert_cmpuint (guiche_message_list_find_time (fixture.list, 0), ==, 0);
  g_assert_cmpuint (guiche_message_list_find_time (fixture.list, G_MAXINT64), ==, G_MAXUINT);
  tear_down (&fixture);
}

static void
test_updates_what_is_shown (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GuicheMessage) message = NULL;
  g_autofree char *json = NULL, *event = NULL, *body = NULL;
  gboolean is_edited = FALSE;
  guint state = 0;
  gint64 seq;

  set_up (&fixture, "updates", 100);
  /* One of an agent's own. */
  for (seq = 1; message == NULL; seq++) {
    g_autoptr (GuicheMessage) next =
                   g_list_model_get_item (G_LIST_MODEL (fixture.list), (guint) seq - 1);
    if (g_str_equal (guiche_message_get_row (next)->sender_kind, "agent"))
      message = g_steal_pointer (&next);
  }
  seq--;
  json = message_json (seq, "10000000-0000-7000-8000-000000000001", TRUE, "corrigida");
  event = g_strdup_printf ("{\"seq\":2,\"at\":1,\"kind\":\"message.updated\",\"data\":{\"message\":"
                           "%.*s,\"edited_at\":7}}}",
                           (int) strlen (json) - 1, json);
  apply (&fixture, GUICHE_CACHE_EVENTS, event, TRUE);
  g_object_get (message, "body", &body, "is-edited", &is_edited, NULL);
  g_assert_cmpstr (body, ==, "corrigida");
  g_assert_true (is_edited);
  g_free (event);
  event = g_strdup_printf (
      "{\"seq\":3,\"at\":1,\"kind\":\"message.delivery\",\"data\":{\"conversation_id\":\"%s\","
      "\"side\":\"customer\",\"state\":3,\"seq\":%" G_GINT64_FORMAT "}}",
      GUICHE_POPULATE_LONG_ID, seq);
  apply (&fixture, GUICHE_CACHE_EVENTS, event, TRUE);
  g_object_get (message, "state", &state, NULL);
  g_assert_cmpuint (state, ==, 3);
  g_assert_cmpuint (fixture.n_signals, ==, 0);
  tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  guiche_test_isolate ();
  g_test_add_func ("/model/messages/like-a-naive-list", test_like_a_naive_list);
  g_test_add_func ("/model/messages/stored-in-place", test_stored_in_place);
  g_test_add_func ("/model/messages/drops-what-is-not-shown", test_drops_what_is_not_shown);
  g_test_add_func ("/model/messages/flags-from-neighbours", test_flags_from_neighbours);
  g_test_add_func ("/model/messages/finds-places", test_finds_places);
  g_test_add_func ("/model/messages/updates-what-is-shown", test_updates_what_is_shown);
  result = g_test_run ();
  guiche_test_isolate_end ();
  return result;
}
