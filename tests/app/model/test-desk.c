/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/desk-private.h"
#include "support/desktop.h"
#include "support/populate.h"

/* The desk opened on a cache, without any server. */

static GuicheDesk *
open_desk (const GuichePopulate *options, const char *profile_id)
{
  GuicheProfile profile = { .id = (char *) profile_id,
                            .url = (char *) "http://127.0.0.1:9",
                            .tenant = (char *) "demo",
                            .login = (char *) "ana" };
  g_autoptr (GuicheSession) session = guiche_session_new (&profile);
  g_autofree char *directory =
      g_build_filename (g_get_user_data_dir (), "guiche", "profiles", profile_id, NULL);
  g_autoptr (GError) error = NULL;
  GuicheDesk *desk;

  if (options != NULL)
    g_assert_true (guiche_populate_cache (directory, options, &error));
  g_assert_no_error (error);
  desk = guiche_desk_new (session, &error);
  g_assert_no_error (error);
  return desk;
}

static guint
count (GuicheDesk *desk, GuicheView view)
{
  return g_list_model_get_n_items (guiche_desk_get_view (desk, view));
}

static void
test_opens_on_the_cache (void)
{
  g_autoptr (GuicheDesk) desk = open_desk (&(GuichePopulate){ .n_conversations = 80 }, "opens");
  g_autofree char *id = guiche_populate_conversation_id (4);
  GuicheConversation *conversation = guiche_desk_find_conversation (desk, id);

  g_assert_cmpuint (count (desk, GUICHE_VIEW_CLOSED), ==, 10);
  g_assert_cmpuint (count (desk, GUICHE_VIEW_SNOOZED), ==, 10);
  g_assert_cmpuint (count (desk, GUICHE_VIEW_QUEUE), ==, 20);
  g_assert_cmpuint (count (desk, GUICHE_VIEW_MINE), ==, 20);
  g_assert_cmpuint (count (desk, GUICHE_VIEW_ALL), ==, 60);
  g_assert_cmpuint (count (desk, GUICHE_VIEW_CHANNELS), ==, 1);
  g_assert_cmpstr (guiche_person_get_name (guiche_desk_get_me (desk)), ==, "Ana Beatriz Ramos");
  g_assert_cmpint (guiche_desk_get_state (desk), ==, GUICHE_DESK_OFFLINE);
  g_assert_nonnull (conversation);
  g_assert_true (guiche_conversation_get_is_mine (conversation));
  g_assert_cmpstr (guiche_customer_get_name (guiche_conversation_get_customer (conversation)), ==,
                   guiche_conversation_get_title (conversation));
  g_assert_cmpuint (g_list_model_get_n_items (guiche_desk_get_people (desk)), ==, 12);
  g_assert_cmpuint (g_list_model_get_n_items (guiche_desk_get_canned_replies (desk)), ==, 4);
}

static void
test_queues_count_who_waits (void)
{
  g_autoptr (GuicheDesk) desk = open_desk (&(GuichePopulate){ .n_conversations = 80 }, "queues");
  GListModel *queues = guiche_desk_get_queues (desk);
  guint sum = 0;

  g_assert_cmpuint (g_list_model_get_n_items (queues), ==, 5);
  for (guint i = 0; i < 5; i++) {
    g_autoptr (GObject) queue = g_list_model_get_item (queues, i);
    guint waiting = 0;
    g_object_get (queue, "waiting", &waiting, NULL);
    sum += waiting;
  }
  g_assert_cmpuint (sum, ==, 20);
}

static void
test_sends_offline (void)
{
  g_autofree char *id = guiche_populate_conversation_id (4);
  g_autofree char *client_id = NULL;

  for (int round = 0; round < 2; round++) {
    g_autoptr (GuicheDesk) desk = open_desk (round == 0 ? &(GuichePopulate){ 0 } : NULL, "offline");
    GuicheConversation *conversation = guiche_desk_find_conversation (desk, id);
    g_autoptr (GuicheMessageList) list = guiche_message_list_new (desk, conversation);
    guint n = g_list_model_get_n_items (G_LIST_MODEL (list));
    g_autoptr (GuicheMessage) last = NULL;
    guint pending = 0;

    if (round == 0) {
      g_autoptr (GuicheMessage) message = guiche_desk_send (
          desk, conversation, &(GuicheOutgoing){ .body = "Até amanhã!" }, NULL);
      g_assert_nonnull (message);
      g_object_get (message, "client-id", &client_id, NULL);
      n++;
    }
    g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, n);
    last = g_list_model_get_item (G_LIST_MODEL (list), n - 1);
    g_assert_cmpstr (guiche_message_get_row (last)->client_id, ==, client_id);
    g_assert_cmpstr (guiche_message_get_row (last)->body, ==, "Até amanhã!");
    g_object_get (desk, "pending", &pending, NULL);
    g_assert_cmpuint (pending, ==, 1);
  }
}

static void
test_takes_back (void)
{
  g_autoptr (GuicheDesk) desk = open_desk (&(GuichePopulate){ 0 }, "undo");
  g_autofree char *id = guiche_populate_conversation_id (4);
  GuicheConversation *conversation = guiche_desk_find_conversation (desk, id);
  g_autoptr (GuicheMessageList) list = guiche_message_list_new (desk, conversation);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));
  g_autoptr (GuicheMessage) message = guiche_desk_send (
      desk, conversation, &(GuicheOutgoing){ .body = "cedo demais", .undo_ms = 10000 }, NULL);
  gboolean can_undo = FALSE;

  g_object_get (message, "can-undo", &can_undo, NULL);
  g_assert_true (can_undo);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, n + 1);
  g_assert_true (guiche_desk_undo_send (desk, message));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, n);
  g_assert_false (guiche_desk_undo_send (desk, message));
}

static void
test_keeps_drafts_and_marks (void)
{
  g_autofree char *id = guiche_populate_conversation_id (4);

  for (int round = 0; round < 2; round++) {
    g_autoptr (GuicheDesk) desk = open_desk (round == 0 ? &(GuichePopulate){ 0 } : NULL, "drafts");
    GuicheConversation *conversation = guiche_desk_find_conversation (desk, id);
    g_autofree char *draft = NULL;
    gboolean has_draft = FALSE;

    if (round == 0) {
      g_assert_cmpuint (guiche_conversation_get_unread (conversation), >, 0);
      guiche_desk_set_draft (desk, conversation, "Ol");
      guiche_desk_set_draft (desk, conversation, "Olá, Mar");
      guiche_desk_mark_read (desk, conversation);
    }
    draft = guiche_desk_dup_draft (desk, conversation);
    g_object_get (conversation, "has-draft", &has_draft, NULL);
    g_assert_cmpstr (draft, ==, "Olá, Mar");
    g_assert_true (has_draft);
    g_assert_cmpuint (guiche_conversation_get_unread (conversation), ==, 0);
  }
}

typedef struct {
  GListModel *hits;
  gboolean is_done;
} Search;

static void
on_searched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Search *search = user_data;

  search->hits = guiche_desk_search_finish (GUICHE_DESK (source), result, NULL);
  search->is_done = TRUE;
}

static guint
count_hits (GuicheDesk *desk, const char *query, GuicheHitKind kind)
{
  Search search = { 0 };
  guint n = 0;

  guiche_desk_search_async (desk, query, NULL, on_searched, &search);
  while (!search.is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (search.hits);
  for (guint i = 0; i < g_list_model_get_n_items (search.hits); i++) {
    g_autoptr (GObject) hit = g_list_model_get_item (search.hits, i);
    int found = -1;
    g_object_get (hit, "kind", &found, NULL);
    n += found == (int) kind;
  }
  g_object_unref (search.hits);
  return n;
}

static void
test_searches (void)
{
  g_autoptr (GuicheDesk) desk = open_desk (&(GuichePopulate){ 0 }, "search");

  guiche_index_fill_sync (desk->index);
  g_assert_cmpuint (count_hits (desk, "nao", GUICHE_HIT_MESSAGE), ==, 50);
  g_assert_cmpuint (count_hits (desk, "NÃO func", GUICHE_HIT_MESSAGE), >, 0);
  g_assert_cmpuint (count_hits (desk, "caminhao rompido", GUICHE_HIT_MESSAGE), >, 0);
  g_assert_cmpuint (count_hits (desk, "inexistentíssimo", GUICHE_HIT_MESSAGE), ==, 0);
  g_assert_cmpuint (count_hits (desk, "\" OR words:*", GUICHE_HIT_MESSAGE), ==, 0);
  g_assert_cmpuint (count_hits (desk, "sofia", GUICHE_HIT_PERSON), ==, 1);
  g_assert_cmpuint (count_hits (desk, "81900015838", GUICHE_HIT_PERSON), ==, 1);
  g_assert_cmpuint (count_hits (desk, "8190001-5838", GUICHE_HIT_PERSON), ==, 1);
  g_assert_cmpuint (count_hits (desk, "C-001003", GUICHE_HIT_PERSON), ==, 1);
  g_assert_cmpuint (count_hits (desk, "suporte", GUICHE_HIT_CONVERSATION), ==, 1);
  g_assert_cmpuint (count_hits (desk, "   ", GUICHE_HIT_MESSAGE), ==, 0);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  guiche_test_isolate ();
  g_test_add_func ("/model/desk/opens-on-the-cache", test_opens_on_the_cache);
  g_test_add_func ("/model/desk/queues-count-who-waits", test_queues_count_who_waits);
  g_test_add_func ("/model/desk/sends-offline", test_sends_offline);
  g_test_add_func ("/model/desk/takes-back", test_takes_back);
  g_test_add_func ("/model/desk/keeps-drafts-and-marks", test_keeps_drafts_and_marks);
  g_test_add_func ("/model/desk/searches", test_searches);
  result = g_test_run ();
  guiche_test_isolate_end ();
  return result;
}
