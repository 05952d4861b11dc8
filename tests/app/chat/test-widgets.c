/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every template of the rooms audio and chat is made, shown and let go; pictures are bounded. */
#include "audio/recorder-bar.h"
#include "audio/voice-note.h"
#include "audio/waveform-view.h"
#include "base/error.h"
#include "chat-fixture.h"
#include "chat/attachments.h"
#include "chat/chat-view.h"
#include "chat/composer.h"
#include "chat/date-dialog.h"
#include "chat/file-card.h"
#include "chat/message-text-view.h"
#include "chat/message-view.h"
#include "chat/picture-view.h"
#include "chat/picture.h"
#include "chat/scheduled-bar.h"
#include "chat/send-later.h"
#include "chat/undo-bar.h"
#include "model/desk-private.h"

static void
show_and_drop (GtkWidget *widget)
{
  GtkWidget *window = g_object_ref_sink (gtk_window_new ());

  g_object_add_weak_pointer (G_OBJECT (widget), (gpointer *) &widget);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  chat_fixture_wait (gtk_widget_get_mapped (widget), 15000);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (window);
  chat_fixture_wait (widget == NULL, 15000);
}

static void
test_templates (void)
{
  g_autoptr (GuicheDesk) desk = chat_fixture_open_desk (&(GuichePopulate){ 0 });
  g_autoptr (GuichePlayer) player = guiche_player_new ();
  g_autoptr (GuicheRecorder) recorder = guiche_recorder_new (g_get_user_cache_dir ());
  g_autoptr (GuicheAttachments) attachments = guiche_attachments_new (desk, player);

  show_and_drop (guiche_voice_note_new (player));
  show_and_drop (guiche_recorder_bar_new (player, recorder));
  show_and_drop (guiche_waveform_view_new ());
  show_and_drop (guiche_file_card_new (attachments));
  show_and_drop (guiche_picture_view_new (attachments));
  show_and_drop (guiche_message_view_new (attachments));
  show_and_drop (guiche_composer_new (desk, player));
  show_and_drop (g_object_new (GUICHE_TYPE_UNDO_BAR, NULL));
  show_and_drop (GTK_WIDGET (guiche_chat_view_new (desk)));
}

static void
test_dialogs (void)
{
  GtkWidget *dialogs[] = { GTK_WIDGET (guiche_send_later_new ()),
                           GTK_WIDGET (guiche_date_dialog_new ()) };

  for (guint i = 0; i < G_N_ELEMENTS (dialogs); i++) {
    g_object_ref_sink (dialogs[i]);
    gtk_window_present (GTK_WINDOW (dialogs[i]));
    chat_fixture_wait (gtk_widget_get_mapped (dialogs[i]), 15000);
    gtk_window_destroy (GTK_WINDOW (dialogs[i]));
    g_assert_finalize_object (dialogs[i]);
  }
}

/* 12 dimensions and a checksum: enough of a PNG to say how large it would be. */
static void
write_png_head (const char *path, guint32 width, guint32 height)
{
  guint8 head[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0,
                    0,    0,   0,   0,   0,    0,    0,    8,    2, 0, 0, 0,  0,   0,   0,   0 };

  for (guint i = 0; i < 4; i++) {
    head[16 + i] = (guint8) (width >> (24 - 8 * i));
    head[20 + i] = (guint8) (height >> (24 - 8 * i));
  }
  g_assert_true (g_file_set_contents (path, (const char *) head, sizeof head, NULL));
}

static void
test_pictures (void)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "picture.png", NULL);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 2000, 1000);
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (g_get_user_cache_dir (), 0700);
  gdk_pixbuf_fill (pixbuf, 0x336699ff);
  g_assert_true (gdk_pixbuf_save (pixbuf, path, "png", NULL, NULL));
  texture = guiche_picture_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 640);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, 320);

  write_png_head (path, 50000, 50000);
  g_assert_null (guiche_picture_load (path, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (path, "MZ\220 an executable called picture.png", -1, NULL));
  g_assert_null (guiche_picture_load (path, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_UNSUPPORTED_TYPE);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (
      path, "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", -1, NULL));
  g_assert_null (guiche_picture_load (path, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_UNSUPPORTED_TYPE);
}

/* What the button to the latest message says. */
static const char *
latest_count (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_has_css_class (widget, "count-badge"))
    return gtk_label_get_text (GTK_LABEL (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child)) {
    const char *text = latest_count (child);

    if (text)
      return text;
  }
  return NULL;
}

/* Rows of each kind, a message that arrives while one reads further up, and the way down to it. */
static void
test_new_below (void)
{
  g_autoptr (GuicheDesk) desk = chat_fixture_open_desk (&(GuichePopulate){ 0 });
  g_autoptr (GuichePlayer) player = guiche_player_new ();
  g_autoptr (GuicheAttachments) attachments = guiche_attachments_new (desk, player);
  static const char *const kinds[] = { "text", "note", "voice", "file", "system" };
  g_autoptr (GListStore) messages = g_list_store_new (GUICHE_TYPE_MESSAGE);
  GtkWidget *window = g_object_ref_sink (gtk_window_new ());
  GuicheMessageView *view = GUICHE_MESSAGE_VIEW (guiche_message_view_new (attachments));
  GtkAdjustment *adjustment = guiche_message_view_get_adjustment (view);

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (view));
  gtk_window_set_default_size (GTK_WINDOW (window), 400, 400);
  for (guint i = 0; i < 60; i++) {
    GuicheMessageRow *row = g_new0 (GuicheMessageRow, 1);
    g_autoptr (GuicheMessage) message = guiche_message_new ();

    row->seq = i + 1;
    row->id = g_strdup_printf ("%u", i);
    row->conversation_id = g_strdup ("c");
    row->kind = g_strdup (kinds[i % G_N_ELEMENTS (kinds)]);
    row->body = g_strdup (i % 5 == 4 ? "accepted" : "some text");
    row->sender_kind = g_strdup ("customer");
    row->sender_name = g_strdup ("Maria");
    row->file_name = g_strdup (i % 5 == 2 || i % 5 == 3 ? "a.oga" : NULL);
    guiche_message_apply (message, row, i % 2);
    g_list_store_append (messages, message);
  }
  guiche_message_view_set_messages (view, G_LIST_MODEL (messages), 5);
  gtk_window_present (GTK_WINDOW (window));
  chat_fixture_wait (gtk_adjustment_get_upper (adjustment) > 2000, 15000);
  g_assert_false (guiche_message_view_is_at_latest (view));
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GObject) again = g_list_model_get_item (G_LIST_MODEL (messages), i);

    g_list_store_append (messages, again);
  }
  g_assert_false (guiche_message_view_is_at_latest (view));
  g_assert_cmpstr (latest_count (GTK_WIDGET (view)), ==, "2");
  guiche_message_view_scroll_to_latest (view);
  chat_fixture_wait (gtk_adjustment_get_value (adjustment) +
                             gtk_adjustment_get_page_size (adjustment) + 60 >=
                         gtk_adjustment_get_upper (adjustment),
                     15000);
  g_assert_true (guiche_message_view_is_at_latest (view));
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (window);
}

static int
height_for (GtkWidget *widget, int width)
{
  int height;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL, NULL);
  return height;
}

static void
test_text_view (void)
{
  GtkWidget *window = g_object_ref_sink (gtk_window_new ());
  GtkWidget *widget = guiche_message_text_view_new ();
  GuicheMessageTextView *view = GUICHE_MESSAGE_TEXT_VIEW (widget);
  int one_line, natural;

  gtk_window_set_child (GTK_WINDOW (window), widget);
  guiche_message_text_view_set (view, "one", NULL, PANGO_ALIGN_LEFT);
  one_line = height_for (widget, 400);
  guiche_message_text_view_set (view, "one two three four five six seven eight nine ten", NULL,
                                PANGO_ALIGN_LEFT);
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  g_assert_cmpint (height_for (widget, natural), ==, one_line);
  g_assert_cmpint (height_for (widget, natural / 2), >=, 2 * one_line - 4);
  g_assert_cmpint (height_for (widget, natural), ==, one_line);
  g_assert_null (guiche_message_text_view_dup_selection (view));
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (window);
}

static void
say_scheduled (GuicheDesk *desk, guint number, const char *conversation_id)
{
  g_autofree char *json = g_strdup_printf (
      "{\"seq\":%" G_GINT64_FORMAT ",\"at\":1,\"kind\":\"scheduled.updated\",\"data\":{"
      "\"scheduled_message\":{\"id\":\"00000000-0000-7000-8000-00000000000%u\","
      "\"conversation_id\":\"%s\",\"client_id\":\"00000000-0000-7000-8000-00000000000%u\","
      "\"body\":\"<b>bom dia</b>\",\"send_at\":%" G_GINT64_FORMAT "}}}",
      guiche_cache_get_seq (desk->cache) + number, number, conversation_id, number,
      g_get_real_time () + G_TIME_SPAN_DAY);
  g_autoptr (GBytes) event = g_bytes_new (json, strlen (json));

  guiche_sync_apply (desk->sync, GUICHE_CACHE_EVENTS, event);
}

/* Shows what waits in its conversation alone, and nothing when nothing does. */
static void
test_scheduled_bar (void)
{
  g_autoptr (GuicheDesk) desk = chat_fixture_open_desk (&(GuichePopulate){ 0 });
  GuicheConversation *conversation = chat_fixture_conversation (desk);
  GListModel *scheduled = guiche_desk_get_scheduled (desk);
  GtkWidget *window = g_object_ref_sink (gtk_window_new ());
  GuicheChatView *view = guiche_chat_view_new (desk);
  GuicheScheduledBar *bar = chat_fixture_find (GTK_WIDGET (view), GUICHE_TYPE_SCHEDULED_BAR);
  GtkListBox *list = chat_fixture_find (GTK_WIDGET (bar), GTK_TYPE_LIST_BOX);
  GtkListBoxRow *row;

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (view));
  gtk_window_present (GTK_WINDOW (window));
  guiche_chat_view_set_conversation (view, conversation);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (bar)));
  say_scheduled (desk, 1, guiche_conversation_get_id (conversation));
  chat_fixture_wait (g_list_model_get_n_items (scheduled) == 1, 15000);
  say_scheduled (desk, 2, GUICHE_POPULATE_LONG_ID);
  chat_fixture_wait (g_list_model_get_n_items (scheduled) == 2, 15000);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (bar)));
  row = gtk_list_box_get_row_at_index (list, 0);
  g_assert_nonnull (row);
  g_assert_nonnull (chat_fixture_find (GTK_WIDGET (row), GTK_TYPE_BUTTON));
  g_assert_null (gtk_list_box_get_row_at_index (list, 1));
  guiche_chat_view_set_conversation (view, NULL);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (bar)));
  g_assert_null (gtk_list_box_get_row_at_index (list, 0));
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (window);
}

int
main (int argc, char **argv)
{
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  chat_fixture_load_style ();
  g_test_add_func ("/chat/widgets/templates", test_templates);
  g_test_add_func ("/chat/widgets/dialogs", test_dialogs);
  g_test_add_func ("/chat/widgets/pictures", test_pictures);
  g_test_add_func ("/chat/widgets/text-view", test_text_view);
  g_test_add_func ("/chat/widgets/scheduled-bar", test_scheduled_bar);
  g_test_add_func ("/chat/widgets/new-below", test_new_below);
  return g_test_run ();
}
