/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The composer and the conversation view on a real desk without a server. */
#include "chat-fixture.h"
#include "chat/chat-view.h"
#include "chat/composer-private.h"
#include "chat/message-row.h"
#include "chat/message-view.h"
#include "client/session.h"
#include "model/desk.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  GuicheDesk *desk;
  GuicheConversation *conversation;
  GuicheMessageList *list;
  GtkWidget *window;
  GuicheChatView *view;
  GuicheComposer *composer;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->desk = chat_fixture_open_desk (&(GuichePopulate){ 0 });
  fixture->conversation = g_object_ref (chat_fixture_conversation (fixture->desk));
  fixture->list = guiche_message_list_new (fixture->desk, fixture->conversation);
  fixture->window = g_object_ref_sink (adw_window_new ());
  fixture->view = guiche_chat_view_new (fixture->desk);
  adw_window_set_content (ADW_WINDOW (fixture->window), GTK_WIDGET (fixture->view));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 600, 600);
  fixture->composer = chat_fixture_find (GTK_WIDGET (fixture->view), GUICHE_TYPE_COMPOSER);
  guiche_chat_view_set_conversation (fixture->view, fixture->conversation);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  GtkWidget *window = fixture->window;

  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE)) {
  }
  g_clear_object (&fixture->list);
  g_clear_object (&fixture->conversation);
  g_assert_finalize_object (window);
  g_clear_object (&fixture->desk);
}

static void
activate (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (fixture->window, action, NULL));
}

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->list));
}

static GuicheMessage *
last (Fixture *fixture)
{
  g_autoptr (GuicheMessage) message =
                 g_list_model_get_item (G_LIST_MODEL (fixture->list), count (fixture) - 1);

  return message; /* the list keeps it */
}

static char *
text_of (Fixture *fixture)
{
  return guiche_composer_text_dup (fixture->composer->text);
}

static void
expect_text (Fixture *fixture, const char *expected)
{
  g_autofree char *text = text_of (fixture);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_send_and_undo (Fixture *fixture, gconstpointer data)
{
  guint n = count (fixture);
  g_autofree char *body = NULL;

  guiche_composer_text_set (fixture->composer->text, "  hello\n");
  activate (fixture, "composer.send");
  g_assert_cmpuint (count (fixture), ==, n + 1);
  g_object_get (last (fixture), "body", &body, NULL);
  g_assert_cmpstr (body, ==, "  hello");
  expect_text (fixture, "");
  activate (fixture, "composer.undo-send");
  g_assert_cmpuint (count (fixture), ==, n);
  expect_text (fixture, "  hello");
  g_assert_true (gtk_widget_get_sensitive (fixture->composer->send_button));
}

static void
test_nothing_is_not_sent (Fixture *fixture, gconstpointer data)
{
  guint n = count (fixture);

  guiche_composer_text_set (fixture->composer->text, " \n ");
  gtk_widget_activate_action (fixture->window, "composer.send", NULL);
  g_assert_cmpuint (count (fixture), ==, n);
}

/* Each change is in the cache: what a crash leaves behind is what another desk reads. */
static void
test_draft (Fixture *fixture, gconstpointer data)
{
  g_autofree char *draft = NULL;

  guiche_composer_text_set (fixture->composer->text, "half a sent");
  draft = guiche_desk_dup_draft (fixture->desk, fixture->conversation);
  g_assert_cmpstr (draft, ==, "half a sent");
  guiche_chat_view_set_conversation (fixture->view, NULL);
  guiche_chat_view_set_conversation (fixture->view, fixture->conversation);
  expect_text (fixture, "half a sent");
}

static void
test_note (Fixture *fixture, gconstpointer data)
{
  g_autofree char *kind = NULL;

  activate (fixture, "composer.note");
  g_assert_true (gtk_widget_get_visible (fixture->composer->note_label));
  guiche_composer_text_set (fixture->composer->text, "careful");
  activate (fixture, "composer.send");
  g_object_get (last (fixture), "kind", &kind, NULL);
  g_assert_cmpstr (kind, ==, "note");
  g_assert_false (gtk_widget_get_visible (fixture->composer->note_label));
}

static void
test_canned (Fixture *fixture, gconstpointer data)
{
  GListModel *replies = guiche_desk_get_canned_replies (fixture->desk);
  g_autoptr (GuicheCannedReply) reply = g_list_model_get_item (replies, 0);
  g_autofree char *shortcut = NULL;
  g_autofree char *typed = NULL;
  g_autofree char *text = NULL;

  g_object_get (reply, "shortcut", &shortcut, NULL);
  typed = g_strdup_printf ("Oi /%s", shortcut);
  guiche_composer_text_set (fixture->composer->text, "");
  guiche_composer_text_insert (fixture->composer->text, typed);
  g_assert_true (guiche_suggestions_is_open (fixture->composer->suggestions));
  g_assert_true (guiche_suggestions_handle_key (fixture->composer->suggestions, GDK_KEY_Return));
  g_assert_false (guiche_suggestions_is_open (fixture->composer->suggestions));
  text = text_of (fixture);
  g_assert_true (g_str_has_prefix (text, "Oi "));
  g_assert_null (strstr (text, "{{customer.first_name}}"));
  g_assert_null (strchr (text, '/'));
}

static void
test_no_suggestion_inside_words (Fixture *fixture, gconstpointer data)
{
  guiche_composer_text_insert (fixture->composer->text, "https://exa");
  g_assert_false (fixture->composer->suggestions &&
                  guiche_suggestions_is_open (fixture->composer->suggestions));
}

static void
test_mention (Fixture *fixture, gconstpointer data)
{
  GListModel *channels = guiche_desk_get_view (fixture->desk, GUICHE_VIEW_CHANNELS);
  g_autoptr (GuicheConversation) channel = g_list_model_get_item (channels, 0);
  g_autofree char *text = NULL;

  guiche_chat_view_set_conversation (fixture->view, channel);
  guiche_composer_text_insert (fixture->composer->text, "@br");
  g_assert_true (guiche_suggestions_is_open (fixture->composer->suggestions));
  guiche_suggestions_handle_key (fixture->composer->suggestions, GDK_KEY_Tab);
  text = text_of (fixture);
  g_assert_cmpstr (text, ==, "@bruno ");
  g_assert_false (gtk_widget_activate_action (fixture->window, "composer.note", NULL) &&
                  fixture->composer->is_note);
}

/* What is quoted goes along, once. */
static void
test_quote (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GuicheMessage) quoted = g_list_model_get_item (G_LIST_MODEL (fixture->list), 0);
  g_autofree char *id = NULL;
  g_autofree char *quote_id = NULL;

  guiche_composer_quote (fixture->composer, quoted);
  g_assert_true (gtk_widget_get_visible (fixture->composer->reference_bar));
  guiche_composer_text_set (fixture->composer->text, "yes");
  activate (fixture, "composer.send");
  g_object_get (quoted, "id", &id, NULL);
  g_object_get (last (fixture), "quote-id", &quote_id, NULL);
  g_assert_cmpstr (quote_id, ==, id);
  g_assert_false (gtk_widget_get_visible (fixture->composer->reference_bar));
}

/* An edit leaves the draft alone, and gives it back. */
static void
test_edit_given_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GuicheMessage) message = g_list_model_get_item (G_LIST_MODEL (fixture->list), 0);
  g_autofree char *draft = NULL;

  guiche_composer_text_set (fixture->composer->text, "my draft");
  guiche_composer_edit (fixture->composer, message);
  guiche_composer_text_set (fixture->composer->text, "edited");
  draft = guiche_desk_dup_draft (fixture->desk, fixture->conversation);
  g_assert_cmpstr (draft, ==, "my draft");
  activate (fixture, "composer.cancel");
  expect_text (fixture, "my draft");
}

static void
test_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "a <b>.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) folder = g_file_new_for_path (g_get_user_cache_dir ());
  g_autofree char *kind = NULL;
  guint n = count (fixture);

  g_mkdir_with_parents (g_get_user_cache_dir (), 0700);
  g_assert_true (g_file_set_contents (path, "some text", -1, NULL));
  guiche_composer_add_file (fixture->composer, file);
  g_assert_cmpuint (count (fixture), ==, n + 1);
  g_object_get (last (fixture), "kind", &kind, NULL);
  g_assert_cmpstr (kind, ==, "file");
  guiche_composer_add_file (fixture->composer, folder); /* refused */
  g_assert_true (g_file_set_contents (path, "", -1, NULL));
  guiche_composer_add_file (fixture->composer, file); /* refused: empty */
  g_assert_cmpuint (count (fixture), ==, n + 1);
}

static void
test_too_large_file (void)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "large.bin", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (g_get_user_cache_dir (), 0700);
  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  g_assert_cmpint (truncate (path, GUICHE_OUTGOING_FILE_MAX_BYTES + 1), ==, 0);
  g_assert_null (guiche_outgoing_file_new (file, &error));
  g_assert_nonnull (strstr (error->message, "25.0"));
  g_unlink (path);
}

static void
test_closed_and_waiting (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GuicheConversation) closed = g_list_model_get_item (
      guiche_desk_get_view (fixture->desk, GUICHE_VIEW_CLOSED), 0);
  g_autoptr (GuicheConversation) waiting =
                 g_list_model_get_item (guiche_desk_get_view (fixture->desk, GUICHE_VIEW_QUEUE), 0);
  GtkActionable *button = GTK_ACTIONABLE (fixture->composer->blocked_button);

  guiche_chat_view_set_conversation (fixture->view, closed);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (fixture->composer->stack), ==, "blocked");
  g_assert_cmpstr (gtk_actionable_get_action_name (button), ==, "conversation.reopen");
  guiche_chat_view_set_conversation (fixture->view, waiting);
  g_assert_cmpstr (gtk_actionable_get_action_name (button), ==, "conversation.accept");
  guiche_chat_view_set_conversation (fixture->view, fixture->conversation);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (fixture->composer->stack), ==, "write");
}

static gboolean
row_is_shown (Fixture *fixture, const char *body)
{
  GtkWidget *list = chat_fixture_find (GTK_WIDGET (fixture->view), GTK_TYPE_LIST_VIEW);

  for (GtkWidget *item = gtk_widget_get_first_child (list); item;
       item = gtk_widget_get_next_sibling (item)) {
    GtkWidget *row = gtk_widget_get_first_child (item);
    g_autofree char *shown = NULL;

    if (!GUICHE_IS_MESSAGE_ROW (row) || !guiche_message_row_get_message (GUICHE_MESSAGE_ROW (row)))
      continue;
    g_object_get (guiche_message_row_get_message (GUICHE_MESSAGE_ROW (row)), "body", &shown, NULL);
    if (g_strcmp0 (shown, body) == 0 && gtk_widget_get_height (row) > 0)
      return TRUE;
  }
  return FALSE;
}

/* What is sent is seen at once, at the end, and the view stays there. */
static void
test_view_follows (Fixture *fixture, gconstpointer data)
{
  GuicheMessageView *messages =
      chat_fixture_find (GTK_WIDGET (fixture->view), GUICHE_TYPE_MESSAGE_VIEW);
  GtkAdjustment *adjustment = guiche_message_view_get_adjustment (messages);

  guiche_message_view_scroll_to (messages, 0);
  chat_fixture_wait (gtk_adjustment_get_upper (adjustment) > 0, 15000);
  guiche_composer_text_set (fixture->composer->text, "the newest of all");
  activate (fixture, "composer.send");
  chat_fixture_wait (row_is_shown (fixture, "the newest of all"), 15000);
  chat_fixture_wait (gtk_adjustment_get_value (adjustment) +
                             gtk_adjustment_get_page_size (adjustment) + 60 >=
                         gtk_adjustment_get_upper (adjustment),
                     3000);
  g_assert_true (guiche_message_view_is_at_latest (messages));
}

/* The entry grows with its text; what has room is not scrolled away. */
static void
test_entry_grows (Fixture *fixture, gconstpointer data)
{
  GtkAdjustment *adjustment;
  int height;

  guiche_composer_focus (fixture->composer);
  chat_fixture_wait (gtk_widget_get_height (GTK_WIDGET (fixture->composer->text)) > 0, 15000);
  height = gtk_widget_get_height (GTK_WIDGET (fixture->composer->text));
  for (guint i = 0; i < 30; i++) {
    guiche_composer_text_insert (fixture->composer->text, "a few words ");
    g_main_context_iteration (NULL, FALSE);
  }
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (fixture->composer->text));
  chat_fixture_wait (gtk_widget_get_height (GTK_WIDGET (fixture->composer->text)) > 2 * height,
                     15000);
  chat_fixture_wait (gtk_adjustment_get_value (adjustment) == 0 &&
                         gtk_adjustment_get_upper (adjustment) <=
                             gtk_adjustment_get_page_size (adjustment),
                     15000);
}

static void
test_narrow (Fixture *fixture, gconstpointer data)
{
  int minimum;

  gtk_widget_measure (GTK_WIDGET (fixture->view), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL,
                      NULL, NULL);
  g_assert_cmpint (minimum, <=, 350);
}

static void
test_show_message (Fixture *fixture, gconstpointer data)
{
  g_assert_true (guiche_chat_view_show_message (fixture->view, 1));
  g_assert_false (guiche_chat_view_show_message (fixture->view, 4000000));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/chat/composer/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  chat_fixture_load_style ();
  ADD ("send-and-undo", test_send_and_undo);
  ADD ("nothing", test_nothing_is_not_sent);
  ADD ("draft", test_draft);
  ADD ("note", test_note);
  ADD ("canned", test_canned);
  ADD ("no-suggestion-inside-words", test_no_suggestion_inside_words);
  ADD ("mention", test_mention);
  ADD ("quote", test_quote);
  ADD ("edit-given-up", test_edit_given_up);
  ADD ("file", test_file);
  g_test_add_func ("/chat/outgoing-file/too-large", test_too_large_file);
  ADD ("closed-and-waiting", test_closed_and_waiting);
  ADD ("view-follows", test_view_follows);
  ADD ("entry-grows", test_entry_grows);
  ADD ("narrow", test_narrow);
  ADD ("show-message", test_show_message);
  return g_test_run ();
}
