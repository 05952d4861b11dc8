/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"
#include "support/desktop.h"

#include <glib/gstdio.h>
#include <string.h>

/* The desktop's parts against the real server: what a person at it would see. */

static GuicheTestServer *server;

#define is_online(desk) (guiche_desk_get_state (desk) == GUICHE_DESK_ONLINE)

static void
assert_equal_to_server (GuicheDesk *desk)
{
  guiche_test_assert_equal_to_server (desk, server->url, "all that");
}

static void
test_first_snapshot (void)
{
  g_autoptr (GuicheDesk) desk = guiche_test_desk_open (server->url, "ana", "snapshot");

  guiche_test_wait_for (is_online (desk), 20);
  g_assert_cmpuint (g_list_model_get_n_items (guiche_desk_get_people (desk)), >=, 4);
  g_assert_cmpuint (g_list_model_get_n_items (guiche_desk_get_queues (desk)), ==, 5);
  g_assert_cmpuint (g_list_model_get_n_items (guiche_desk_get_view (desk, GUICHE_VIEW_ALL)), >, 0);
  g_assert_cmpstr (guiche_person_get_name (guiche_desk_get_me (desk)), !=, "");
  assert_equal_to_server (desk);
  /* A snapshot has none that are closed: they are asked for in pages. */
  guiche_desk_load_closed_async (desk, NULL, NULL, NULL);
  guiche_test_wait_for (
      g_list_model_get_n_items (guiche_desk_get_view (desk, GUICHE_VIEW_CLOSED)) > 0, 10);
}

typedef struct {
  GuicheConversation *waiting; /* (owned) */
  GuicheMessage *message;      /* (owned) */
  guint n_waiting, n_messages;
} News;

static void
on_conversation_arrived (GuicheDesk *desk, GuicheConversation *conversation, News *news)
{
  g_set_object (&news->waiting, conversation);
  news->n_waiting++;
}

static void
on_message_arrived (GuicheDesk *desk,
                    GuicheConversation *conversation,
                    GuicheMessage *message,
                    News *news)
{
  g_set_object (&news->message, message);
  news->n_messages++;
}

typedef struct {
  gboolean is_done;
  char *id;
  GError *error;
} Action;

static void
on_action (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Action *action = user_data;

  guiche_desk_action_finish (GUICHE_DESK (source), result, &action->id, &action->error);
  action->is_done = TRUE;
}

static void
finish_action (Action *action)
{
  guiche_test_wait_for (action->is_done, 20);
  g_assert_no_error (action->error);
  action->is_done = FALSE;
  g_clear_pointer (&action->id, g_free);
}

static guint
state_of (GuicheMessage *message)
{
  guint state = 0;

  g_object_get (message, "state", &state, NULL);
  return state;
}

static gboolean
is_delivered (GuicheConversation *conversation, const char *last_body)
{
  const GuicheConversationRow *row = guiche_conversation_get_row (conversation);

  return g_strcmp0 (row->last_body, last_body) == 0 && row->agent_delivered_seq == row->last_seq &&
         row->agent_read_seq < row->last_seq;
}

static void
test_customer_writes_agent_answers (void)
{
  g_autoptr (GuicheDesk) desk = guiche_test_desk_open (server->url, "ana", "answers");
  g_autofree char *visitor = NULL, *conversation_id = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GuicheMessageList) list = NULL;
  g_autoptr (GuicheMessage) answer = NULL;
  News news = { 0 };
  Action action = { 0 };
  guint n;

  g_signal_connect (desk, "conversation-arrived", G_CALLBACK (on_conversation_arrived), &news);
  g_signal_connect (desk, "message-arrived", G_CALLBACK (on_message_arrived), &news);
  guiche_test_wait_for (is_online (desk), 20);
  visitor =
      guiche_test_open_visit (server->url, "Dona Zuleide", "technical_normal", &conversation_id);
  node = guiche_test_request (
      server->url, "POST", "/api/v1/webchat/messages", visitor,
      "{\"client_id\":\"01890000-0000-7000-8000-000000000001\",\"body\":\"Minha internet caiu\"}",
      NULL);
  g_assert_nonnull (node);
  guiche_test_wait_for (
      news.waiting != NULL && news.message != NULL &&
          g_str_equal (guiche_message_get_row (news.message)->body, "Minha internet caiu"),
      10);
  g_assert_cmpstr (guiche_conversation_get_id (news.waiting), ==, conversation_id);
  g_assert_cmpstr (guiche_conversation_get_title (news.waiting), ==, "Dona Zuleide");

  guiche_desk_accept_async (desk, news.waiting, NULL, on_action, &action);
  finish_action (&action);
  guiche_test_wait_for (guiche_conversation_get_is_mine (news.waiting), 5);
  g_clear_pointer (&node, json_node_unref);
  node = guiche_test_request (
      server->url, "POST", "/api/v1/webchat/messages", visitor,
      "{\"client_id\":\"01890000-0000-7000-8000-000000000002\",\"body\":\"Alô?\"}", NULL);
  g_assert_nonnull (node);
  /* It is here, and the server knows without anybody having looked at it. */
  guiche_test_wait_for (is_delivered (news.waiting, "Alô?"), 10);
  list = guiche_message_list_new (desk, news.waiting);
  n = g_list_model_get_n_items (G_LIST_MODEL (list));
  answer = guiche_desk_send (desk, news.waiting,
                             &(GuicheOutgoing){ .body = "Boa tarde! Vou verificar." }, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, n + 1);
  guiche_test_wait_for (guiche_message_get_seq (answer) > 0 && state_of (answer) >= 1, 10);
  guiche_desk_mark_read (desk, news.waiting);
  guiche_desk_set_draft (desk, news.waiting, "rascunho");
  guiche_desk_close_async (desk, news.waiting, "resolvido", NULL, on_action, &action);
  finish_action (&action);
  guiche_test_wait_for (g_strcmp0 (guiche_conversation_get_state (news.waiting), "closed") == 0, 5);
  guiche_desk_reopen_async (desk, news.waiting, NULL, on_action, &action);
  finish_action (&action);
  guiche_test_wait_for (g_strcmp0 (guiche_conversation_get_state (news.waiting), "open") == 0, 5);
  g_assert_cmpuint (news.n_waiting, ==, 1);
  assert_equal_to_server (desk);
  g_clear_object (&news.waiting);
  g_clear_object (&news.message);
}

static void
on_file (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Action *action = user_data;

  action->id = guiche_desk_fetch_file_finish (GUICHE_DESK (source), result, &action->error);
  action->is_done = TRUE;
}

static GuicheConversation *
first_of (GuicheDesk *desk, GuicheView view)
{
  g_autoptr (GuicheConversation) conversation =
                 g_list_model_get_item (guiche_desk_get_view (desk, view), 0);

  g_assert_nonnull (conversation);
  return guiche_desk_find_conversation (desk, guiche_conversation_get_id (conversation));
}

static void
test_sends_a_file (void)
{
  g_autoptr (GuicheDesk) desk = guiche_test_desk_open (server->url, "ana", "file");
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "relatório.txt", NULL);
  g_autofree char *file_id = NULL, *contents = NULL;
  g_autoptr (GuicheMessage) message = NULL;
  GuicheAttachment *attachment;
  Action action = { 0 };

  g_assert_true (g_file_set_contents (path, "linha um\n", -1, NULL));
  guiche_test_wait_for (is_online (desk), 20);
  message = guiche_desk_send (desk, first_of (desk, GUICHE_VIEW_ALL),
                              &(GuicheOutgoing){ .body = "", .kind = "file", .path = path }, NULL);
  g_assert_nonnull (message);
  g_remove (path);
  guiche_test_wait_for (state_of (message) >= 1, 10);
  attachment = guiche_message_get_attachment (message);
  g_assert_nonnull (attachment);
  g_object_get (attachment, "file-id", &file_id, NULL);
  g_assert_nonnull (file_id);
  for (int i = 0; i < 2; i++) {
    g_autofree char *cached =
        g_build_filename (guiche_cache_directory (desk->cache), "files", file_id, NULL);
    if (i == 1)
      g_assert_cmpint (g_remove (cached), ==, 0);
    guiche_desk_fetch_file_async (desk, file_id, NULL, on_file, &action);
    guiche_test_wait_for (action.is_done, 10);
    g_assert_no_error (action.error);
    g_assert_true (g_file_get_contents (action.id, &contents, NULL, NULL));
    g_assert_cmpstr (contents, ==, "linha um\n");
    g_clear_pointer (&contents, g_free);
    g_clear_pointer (&action.id, g_free);
    action.is_done = FALSE;
  }
}

static void
test_refused_message_fails (void)
{
  g_autoptr (GuicheDesk) desk = guiche_test_desk_open (server->url, "ana", "refused");
  g_autofree char *visitor = NULL, *conversation_id = NULL, *failure = NULL;
  g_autoptr (GuicheMessage) message = NULL;
  GuicheConversation *conversation;
  Action action = { 0 };
  guint pending = 9;

  guiche_test_wait_for (is_online (desk), 20);
  visitor = guiche_test_open_visit (server->url, "Seu Nilo", "financial", &conversation_id);
  guiche_test_wait_for (guiche_desk_find_conversation (desk, conversation_id) != NULL, 10);
  conversation = guiche_desk_find_conversation (desk, conversation_id);
  guiche_desk_accept_async (desk, conversation, NULL, on_action, &action);
  finish_action (&action);
  guiche_desk_close_async (desk, conversation, "resolvido", NULL, on_action, &action);
  finish_action (&action);
  message =
      guiche_desk_send (desk, conversation, &(GuicheOutgoing){ .body = "tarde demais" }, NULL);
  guiche_test_wait_for ((g_object_get (message, "failure", &failure, NULL), failure != NULL), 10);
  g_assert_cmpstr (failure, ==, "conversation-closed");
  guiche_desk_reopen_async (desk, conversation, NULL, on_action, &action);
  finish_action (&action);
  guiche_desk_retry_send (desk, message);
  guiche_test_wait_for (state_of (message) >= 1, 10);
  guiche_test_wait_for ((g_object_get (desk, "pending", &pending, NULL), pending == 0), 10);
}

static void
test_reads_history (void)
{
  g_autoptr (GuicheDesk) desk = guiche_test_desk_open (server->url, "ana", "history");
  GListModel *all = guiche_desk_get_view (desk, GUICHE_VIEW_ALL);
  GuicheConversation *longest = NULL;
  g_autoptr (GuicheMessageList) list = NULL;
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_loading = 1;

  guiche_test_wait_for (is_online (desk), 20);
  for (guint i = 0; i < g_list_model_get_n_items (all); i++) {
    g_autoptr (GuicheConversation) conversation = g_list_model_get_item (all, i);
    if (longest == NULL || guiche_conversation_get_last_seq (conversation) >
                               guiche_conversation_get_last_seq (longest))
      longest = conversation;
  }
  g_assert_nonnull (longest);
  list = guiche_message_list_new (desk, longest);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    g_ptr_array_add (messages, g_list_model_get_item (G_LIST_MODEL (list), i));
  while (n_loading > 0) {
    n_loading = 0;
    for (guint i = 0; i < messages->len; i++)
      n_loading += guiche_message_get_is_loading (g_ptr_array_index (messages, i));
    if (n_loading > 0)
      g_main_context_iteration (NULL, TRUE);
  }
  for (guint i = 0; i < messages->len; i++)
    g_assert_cmpint (guiche_message_get_seq (g_ptr_array_index (messages, i)), ==, i + 1);
}

static void
test_channel_and_direct (void)
{
  g_autoptr (GuicheDesk) ana = guiche_test_desk_open (server->url, "ana", "channel-ana");
  g_autoptr (GuicheDesk) bruno = guiche_test_desk_open (server->url, "bruno", "channel-bruno");
  g_autofree char *bruno_id = NULL;
  g_autoptr (GuicheMessage) message = NULL;
  GuicheConversation *direct;
  Action action = { 0 };
  News news = { 0 };

  g_signal_connect (bruno, "message-arrived", G_CALLBACK (on_message_arrived), &news);
  guiche_test_wait_for (is_online (ana) && is_online (bruno), 20);
  bruno_id = g_strdup (guiche_person_get_id (guiche_desk_get_me (bruno)));
  guiche_desk_open_direct_async (ana, bruno_id, NULL, on_action, &action);
  guiche_test_wait_for (action.is_done, 10);
  g_assert_no_error (action.error);
  g_assert_nonnull (action.id);
  guiche_test_wait_for (guiche_desk_find_conversation (ana, action.id) != NULL, 10);
  direct = guiche_desk_find_conversation (ana, action.id);
  g_assert_cmpstr (guiche_conversation_get_title (direct), !=, NULL);
  message = guiche_desk_send (ana, direct, &(GuicheOutgoing){ .body = "Oi, Bruno" }, NULL);
  guiche_test_wait_for (news.message != NULL, 10);
  g_assert_cmpstr (guiche_message_get_row (news.message)->body, ==, "Oi, Bruno");
  guiche_test_wait_for (state_of (message) >= 1, 10);
  assert_equal_to_server (ana);
  assert_equal_to_server (bruno);
  g_clear_pointer (&action.id, g_free);
  g_clear_object (&news.message);
}

static gboolean
has_channel (GuicheDesk *desk, const char *id)
{
  GListModel *channels = guiche_desk_get_view (desk, GUICHE_VIEW_CHANNELS);

  for (guint i = 0; i < g_list_model_get_n_items (channels); i++) {
    g_autoptr (GuicheConversation) conversation = g_list_model_get_item (channels, i);

    if (strcmp (guiche_conversation_get_id (conversation), id) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
test_leaves_and_comes_back (void)
{
  g_autoptr (GuicheDesk) desk = guiche_test_desk_open (server->url, "ana", "leaves");
  g_autofree char *id = NULL;
  Action action = { 0 };

  guiche_test_wait_for (is_online (desk), 20);
  guiche_desk_create_channel_async (desk, "passageiro", NULL, on_action, &action);
  guiche_test_wait_for (action.is_done, 10);
  g_assert_no_error (action.error);
  id = g_steal_pointer (&action.id);
  guiche_test_wait_for (has_channel (desk, id), 10);
  assert_equal_to_server (desk);
  action.is_done = FALSE;
  guiche_desk_leave_channel_async (desk, id, NULL, on_action, &action);
  finish_action (&action);
  guiche_test_wait_for (!has_channel (desk, id), 10);
  assert_equal_to_server (desk);
  guiche_desk_join_channel_async (desk, id, NULL, on_action, &action);
  finish_action (&action);
  guiche_test_wait_for (has_channel (desk, id), 10);
  /* What was said there comes with the snapshot that the new right asks for. */
  assert_equal_to_server (desk);
}

static void
test_sends_later_or_not (void)
{
  g_autoptr (GuicheDesk) desk = guiche_test_desk_open (server->url, "ana", "later");
  GListModel *scheduled = guiche_desk_get_scheduled (desk);
  g_autoptr (GuicheMessage) outgoing = NULL;
  g_autoptr (GuicheScheduledMessage) message = NULL;
  gint64 at = g_get_real_time () + G_TIME_SPAN_DAY;
  Action action = { 0 };

  guiche_test_wait_for (is_online (desk), 20);
  outgoing = guiche_desk_send (desk, first_of (desk, GUICHE_VIEW_MINE),
                               &(GuicheOutgoing){ .body = "Até amanhã", .send_at_us = at }, NULL);
  guiche_test_wait_for (g_list_model_get_n_items (scheduled) == 1, 10);
  message = g_list_model_get_item (scheduled, 0);
  g_assert_cmpstr (guiche_scheduled_message_get_body (message), ==, "Até amanhã");
  g_assert_cmpint (guiche_scheduled_message_get_send_at (message), ==, at);
  guiche_desk_cancel_scheduled_async (desk, message, NULL, on_action, &action);
  finish_action (&action);
  guiche_test_wait_for (g_list_model_get_n_items (scheduled) == 0, 10);
  assert_equal_to_server (desk);
}

int
main (int argc, char **argv)
{
  g_autofree char *data = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  guiche_test_isolate ();
  data = g_dir_make_tmp ("guiche-desktop-XXXXXX", NULL);
  server = guiche_test_server_new (data);
  g_test_add_func ("/desktop/first-snapshot", test_first_snapshot);
  g_test_add_func ("/desktop/customer-writes-agent-answers", test_customer_writes_agent_answers);
  g_test_add_func ("/desktop/sends-a-file", test_sends_a_file);
  g_test_add_func ("/desktop/refused-message-fails", test_refused_message_fails);
  g_test_add_func ("/desktop/reads-history", test_reads_history);
  g_test_add_func ("/desktop/channel-and-direct", test_channel_and_direct);
  g_test_add_func ("/desktop/leaves-and-comes-back", test_leaves_and_comes_back);
  g_test_add_func ("/desktop/sends-later-or-not", test_sends_later_or_not);
  result = g_test_run ();
  guiche_test_isolate_end ();
  guiche_test_server_free (server);
  return result;
}
