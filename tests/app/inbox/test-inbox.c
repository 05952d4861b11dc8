/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-writer.h"
#include "inbox/conversation-actions.h"
#include "inbox/conversation-header.h"
#include "inbox/conversation-list.h"
#include "inbox/conversation-text.h"
#include "inbox/gradual-list.h"
#include "inbox/sidebar.h"
#include "model/desk-private.h"
#include "support/populate.h"

#define DEADLINE_US (60 * G_USEC_PER_SEC)

static GuicheDesk *
open_desk (const char *profile_id, guint n_conversations)
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

  guiche_populate_cache (directory, &(GuichePopulate){ .n_conversations = n_conversations },
                         &error);
  g_assert_no_error (error);
  desk = guiche_desk_new (session, &error);
  g_assert_no_error (error);
  return desk;
}

/* What the server would send when a customer writes in @conversation. */
static void
let_write (GuicheDesk *desk, GuicheConversation *conversation, const char *state, gint64 at)
{
  const GuicheConversationRow *row = guiche_conversation_get_row (conversation);
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  g_autoptr (GBytes) text = NULL;

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "id", row->id);
  guiche_json_writer_member_string (writer, "kind", row->kind);
  guiche_json_writer_member_string (writer, "channel", row->channel);
  guiche_json_writer_member_string (writer, "customer_id", row->customer_id);
  guiche_json_writer_member_string (writer, "title", row->title);
  guiche_json_writer_member_string (writer, "queue", row->queue);
  guiche_json_writer_member_int (writer, "priority", row->priority);
  guiche_json_writer_member_string (writer, "state", state);
  guiche_json_writer_member_string (writer, "assignee_id", row->assignee_id);
  guiche_json_writer_member_int (writer, "last_seq", row->last_seq + 1);
  guiche_json_writer_name (writer, "last_message");
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_int (writer, "seq", row->last_seq + 1);
  guiche_json_writer_member_string (writer, "sender_kind", "customer");
  guiche_json_writer_member_string (writer, "sender_name", "Maria");
  guiche_json_writer_member_string (writer, "kind", "text");
  guiche_json_writer_member_string (writer, "body", "<b>ainda</b> sem sinal");
  guiche_json_writer_member_int (writer, "at", at);
  guiche_json_writer_end_object (writer);
  guiche_json_writer_member_int (writer, "created_at", row->created_at);
  guiche_json_writer_member_int (writer, "updated_at", at);
  guiche_json_writer_name (writer, "members");
  guiche_json_writer_begin_array (writer);
  guiche_json_writer_end_array (writer);
  guiche_json_writer_end_object (writer);
  text = guiche_json_writer_steal_bytes (writer);
  guiche_sync_apply (desk->sync, GUICHE_CACHE_CONVERSATION, text);
}

static gboolean
wake_up (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_for (gboolean (*is_so) (gpointer), gpointer data)
{
  gint64 end = g_get_monotonic_time () + DEADLINE_US;
  guint waker = g_timeout_add (20, wake_up, NULL);

  while (!is_so (data)) {
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    g_main_context_iteration (NULL, TRUE);
  }
  g_source_remove (waker);
}

static gboolean
is_read_out (gpointer conversation)
{
  g_autofree char *text = guiche_conversation_text_accessible (conversation);

  return strstr (text, "<b>ainda</b> sem sinal") != NULL;
}

static gboolean
is_closed (gpointer conversation)
{
  return g_strcmp0 (guiche_conversation_get_state (conversation), "closed") == 0;
}

static GtkWidget *
list_new (GuicheDesk *desk, GuicheView view)
{
  g_autoptr (GuicheSidebarItem) item = guiche_sidebar_item_new_view (desk, view);
  GtkWidget *list = g_object_ref_sink (guiche_conversation_list_new (desk));

  guiche_conversation_list_set_item (GUICHE_CONVERSATION_LIST (list), item);
  return list;
}

static void
test_sidebar_counts (void)
{
  g_autoptr (GuicheDesk) desk = open_desk ("counts", 80);
  g_autoptr (GuicheSidebarItem) mine = guiche_sidebar_item_new_view (desk, GUICHE_VIEW_MINE);
  g_autoptr (GuicheSidebarItem) waiting = guiche_sidebar_item_new_view (desk, GUICHE_VIEW_QUEUE);
  g_autoptr (GuicheSidebarItem) closed = guiche_sidebar_item_new_view (desk, GUICHE_VIEW_CLOSED);
  GListModel *conversations = guiche_sidebar_item_get_conversations (mine);
  guint unread = 0;

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++) {
    g_autoptr (GuicheConversation) conversation = g_list_model_get_item (conversations, i);

    unread += guiche_conversation_get_unread (conversation);
  }
  g_assert_cmpuint (unread, >, 0);
  g_assert_cmpuint (guiche_sidebar_item_get_count (mine), ==, unread);
  g_assert_cmpuint (guiche_sidebar_item_get_count (waiting), ==,
                    g_list_model_get_n_items (guiche_desk_get_view (desk, GUICHE_VIEW_QUEUE)));
  g_assert_false (guiche_sidebar_item_get_count_is_quiet (waiting));
  g_assert_cmpuint (guiche_sidebar_item_get_count (closed), ==, 0);
}

static void
test_queue_holds_its_own (void)
{
  g_autoptr (GuicheDesk) desk = open_desk ("queues", 80);
  g_autoptr (GuicheQueueItem) queue = g_list_model_get_item (guiche_desk_get_queues (desk), 0);
  g_autoptr (GuicheSidebarItem) item = guiche_sidebar_item_new_queue (desk, queue);
  GListModel *conversations = guiche_sidebar_item_get_conversations (item);
  g_autofree char *key = NULL;

  g_object_get (queue, "key", &key, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (conversations), >, 0);
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++) {
    g_autoptr (GuicheConversation) conversation = g_list_model_get_item (conversations, i);

    g_assert_cmpstr (guiche_conversation_get_queue_key (conversation), ==, key);
  }
}

static void
test_sidebar_selects (void)
{
  g_autoptr (GuicheDesk) desk = open_desk ("selects", 8);
  GtkWidget *sidebar = g_object_ref_sink (guiche_sidebar_new (desk));

  g_assert_true (guiche_sidebar_select (GUICHE_SIDEBAR (sidebar), "snoozed"));
  g_assert_cmpstr (guiche_sidebar_item_get_id (guiche_sidebar_get_item (GUICHE_SIDEBAR (sidebar))),
                   ==, "snoozed");
  g_assert_false (guiche_sidebar_select (GUICHE_SIDEBAR (sidebar), "unheard-of"));
  g_assert_cmpstr (guiche_sidebar_item_get_id (guiche_sidebar_get_item (GUICHE_SIDEBAR (sidebar))),
                   ==, "snoozed");
  g_object_unref (sidebar);
}

/* The last conversation is chosen; it writes and becomes the first; it stays the chosen one. */
static void
test_choice_survives_order (void)
{
  g_autoptr (GuicheDesk) desk = open_desk ("order", 80);
  GtkWidget *list = list_new (desk, GUICHE_VIEW_MINE);
  GListModel *mine = guiche_desk_get_view (desk, GUICHE_VIEW_MINE);
  g_autoptr (GuicheConversation) last =
                 g_list_model_get_item (mine, g_list_model_get_n_items (mine) - 1);
  g_autoptr (GuicheConversation) first = NULL;

  guiche_conversation_list_set_conversation (GUICHE_CONVERSATION_LIST (list), last);
  let_write (desk, last, "open", g_get_real_time () + G_USEC_PER_SEC);
  wait_for (is_read_out, last);
  first = g_list_model_get_item (mine, 0);
  g_assert_true (first == last);
  g_assert_true (guiche_conversation_list_get_conversation (GUICHE_CONVERSATION_LIST (list)) ==
                 last);
  /* the list knows where it is: the next one is the second */
  guiche_conversation_list_step (GUICHE_CONVERSATION_LIST (list), 1);
  g_clear_object (&first);
  first = g_list_model_get_item (mine, 1);
  g_assert_true (guiche_conversation_list_get_conversation (GUICHE_CONVERSATION_LIST (list)) ==
                 first);
  g_object_unref (list);
}

/* What leaves the view stays open in front of the agent. */
static void
test_choice_survives_leaving (void)
{
  g_autoptr (GuicheDesk) desk = open_desk ("leaving", 80);
  GtkWidget *list = list_new (desk, GUICHE_VIEW_MINE);
  GListModel *mine = guiche_desk_get_view (desk, GUICHE_VIEW_MINE);
  g_autoptr (GuicheConversation) chosen = g_list_model_get_item (mine, 2);
  guint n = g_list_model_get_n_items (mine);

  guiche_conversation_list_set_conversation (GUICHE_CONVERSATION_LIST (list), chosen);
  let_write (desk, chosen, "closed", g_get_real_time ());
  wait_for (is_closed, chosen);
  g_assert_cmpuint (g_list_model_get_n_items (mine), ==, n - 1);
  g_assert_true (guiche_conversation_list_get_conversation (GUICHE_CONVERSATION_LIST (list)) ==
                 chosen);
  g_object_unref (list);
}

static void
assert_enabled (GuicheConversationActions *actions, const char *enabled)
{
  static const char *const names[] = { "accept", "assign", "transfer", "snooze",
                                       "close",  "reopen", "leave" };
  GActionGroup *group = guiche_conversation_actions_get_group (actions);
  g_auto (GStrv) wanted = g_strsplit (enabled, " ", -1);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpint (g_action_group_get_action_enabled (group, names[i]), ==,
                     g_strv_contains ((const char *const *) wanted, names[i]));
}

static void
test_actions_follow_state (void)
{
  g_autoptr (GuicheDesk) desk = open_desk ("actions", 80);
  GtkWidget *widget = g_object_ref_sink (gtk_label_new (NULL));
  g_autoptr (GuicheConversationActions) actions = guiche_conversation_actions_new (desk, widget);

  const struct {
    GuicheView view;
    const char *enabled;
  } cases[] = {
    { GUICHE_VIEW_MINE, "assign transfer snooze close" },
    { GUICHE_VIEW_QUEUE, "accept assign transfer snooze close" },
    { GUICHE_VIEW_CLOSED, "reopen" },
    { GUICHE_VIEW_CHANNELS, "leave" },
  };

  assert_enabled (actions, "");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GuicheConversation) conversation =
                   g_list_model_get_item (guiche_desk_get_view (desk, cases[i].view), 0);

    guiche_conversation_actions_set_conversation (actions, conversation);
    assert_enabled (actions, cases[i].enabled);
  }
  g_object_unref (widget);
}

/* In a window with three buttons, on a telephone's width. */
static void
assert_narrow (GtkWidget *widget)
{
  GtkWidget *window = g_object_ref_sink (adw_window_new ());
  int minimum;

  adw_window_set_content (ADW_WINDOW (window), widget);
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (window);
}

static void
test_bars_are_narrow (void)
{
  g_autoptr (GuicheDesk) desk = open_desk ("narrow", 80);
  g_autoptr (GtkCssProvider) style = gtk_css_provider_new ();
  GtkWidget *list = list_new (desk, GUICHE_VIEW_CHANNELS);

  gtk_css_provider_load_from_resource (style, "/io/github/guiche/Guiche/inbox/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (style),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_set (gtk_settings_get_default (), "gtk-decoration-layout", ":minimize,maximize,close",
                NULL);
  guiche_conversation_list_set_can_go_back (GUICHE_CONVERSATION_LIST (list), TRUE);
  assert_narrow (list);
  g_object_unref (list);
  assert_narrow (guiche_sidebar_new (desk));
  for (GuicheView view = 0; view < GUICHE_N_VIEWS; view++) {
    g_autoptr (GuicheConversation) conversation =
                   g_list_model_get_item (guiche_desk_get_view (desk, view), 0);
    GtkWidget *header = guiche_conversation_header_new ();

    guiche_conversation_header_set_conversation (GUICHE_CONVERSATION_HEADER (header), conversation);
    guiche_conversation_header_set_can_go_back (GUICHE_CONVERSATION_HEADER (header), TRUE);
    assert_narrow (header);
  }
}

static void
test_gradual_list (void)
{
  g_autoptr (GtkStringList) strings = gtk_string_list_new (NULL);
  GtkWidget *widget = g_object_ref_sink (gtk_label_new (NULL));
  g_autoptr (GtkSliceListModel) shown = NULL;

  for (guint i = 0; i < 1000; i++)
    gtk_string_list_append (strings, "x");
  shown = guiche_gradual_list_new (G_LIST_MODEL (strings), widget);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (shown)), <, 50);
  guiche_gradual_list_complete (shown);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (shown)), ==, 1000);
  g_object_unref (widget);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL); /* the session isolates; GTK needs its installed schemas */
  adw_init ();
  g_test_add_func ("/inbox/sidebar/counts", test_sidebar_counts);
  g_test_add_func ("/inbox/sidebar/queue", test_queue_holds_its_own);
  g_test_add_func ("/inbox/sidebar/selects", test_sidebar_selects);
  g_test_add_func ("/inbox/list/order", test_choice_survives_order);
  g_test_add_func ("/inbox/list/leaving", test_choice_survives_leaving);
  g_test_add_func ("/inbox/actions", test_actions_follow_state);
  g_test_add_func ("/inbox/bars-are-narrow", test_bars_are_narrow);
  g_test_add_func ("/inbox/gradual-list", test_gradual_list);
  return g_test_run ();
}
