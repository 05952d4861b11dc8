/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/message-actions.h"

#include "chat/message-facts.h"
#include "chat/message-text.h"
#include "chat/message-view-private.h"
#include "widgets/dialog.h"
#include "widgets/toast.h"

#include <glib/gi18n.h>

static GuicheDesk *
desk_of (GuicheMessageView *view)
{
  return guiche_attachments_get_desk (view->attachments);
}

static void
reply_activate (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GuicheMessageView *view = GUICHE_MESSAGE_VIEW (widget);

  guiche_message_view_emit_reply (view, view->menu_message);
}

static void
edit_activate (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GuicheMessageView *view = GUICHE_MESSAGE_VIEW (widget);

  guiche_message_view_emit_edit (view, view->menu_message);
}

/* (nullable) (transfer full) */
static char *
dup_selection (GuicheMessageView *view)
{
  if (!view->menu_row || guiche_message_row_get_message (view->menu_row) != view->menu_message)
    return NULL;
  return guiche_message_row_dup_selection (view->menu_row);
}

/* The selection, or the whole text. */
static void
copy_activate (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GuicheMessageView *view = GUICHE_MESSAGE_VIEW (widget);
  GuicheMessage *message = view->menu_message;
  g_autofree char *text = dup_selection (view);
  g_auto (GuicheMessageFacts) facts = { 0 };
  gboolean is_cut;

  if (!message)
    return;
  guiche_message_facts_read (&facts, message);
  if (!text || !*text) {
    g_free (text);
    text = guiche_message_body_text (&facts, 0, &is_cut);
  }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWidget) widget = data;
  g_autoptr (GError) error = NULL;

  if (!guiche_desk_action_finish (GUICHE_DESK (source), result, NULL, &error))
    guiche_toast_show_error (widget, error);
}

static void
on_delete_confirmed (gpointer data)
{
  GuicheMessageView *view = data;
  GuicheMessage *message = view->menu_message;

  if (message)
    guiche_desk_delete_message_async (desk_of (view), message, NULL, deleted_cb,
                                      g_object_ref (view));
}

static void
delete_activate (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GuicheConfirmation confirmation = {
    .heading = _ ("Delete This Message?"),
                  .body =
                      _ ("It disappears for everybody in the conversation. This cannot be undone."),
                         .confirm_label =
                             _ ("_Delete"), .is_destructive = TRUE, .func = on_delete_confirmed,
                                .user_data = g_object_ref (widget), .destroy = g_object_unref,
                         };

  guiche_dialog_confirm (widget, &confirmation);
}

static void
file_activate (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GuicheMessageView *view = GUICHE_MESSAGE_VIEW (widget);
  GuicheAttachments *attachments = view->attachments;
  g_auto (GuicheMessageFacts) facts = { 0 };

  guiche_message_facts_read (&facts, view->menu_message);
  if (!facts.attachment)
    return;
  if (g_str_equal (action_name, "message.open-file"))
    guiche_attachments_open (attachments, facts.attachment, widget);
  else
    guiche_attachments_save_as (attachments, facts.attachment, widget);
}

static void
outbox_activate (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GuicheMessageView *view = GUICHE_MESSAGE_VIEW (widget);
  GuicheMessage *message = view->menu_message;

  if (g_str_equal (action_name, "message.retry"))
    guiche_desk_retry_send (desk_of (view), message);
  else
    guiche_desk_discard_send (desk_of (view), message);
}

static void
link_activate (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  const char *uri = g_variant_get_string (parameter, NULL);

  if (g_str_equal (action_name, "message.copy-link"))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), uri);
  else if (g_ascii_strncasecmp (uri, "https://", 8) == 0 ||
           g_ascii_strncasecmp (uri, "http://", 7) == 0)
    gtk_show_uri (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, uri, GDK_CURRENT_TIME);
}

static void
show_quoted_activate (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  if (!guiche_message_view_show_seq (GUICHE_MESSAGE_VIEW (widget), g_variant_get_int64 (parameter)))
    guiche_toast_show (widget, _ ("The quoted message is not here any more."));
}

void
guiche_message_actions_install (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "message.reply", NULL, reply_activate);
  gtk_widget_class_install_action (widget_class, "message.copy", NULL, copy_activate);
  gtk_widget_class_install_action (widget_class, "message.edit", NULL, edit_activate);
  gtk_widget_class_install_action (widget_class, "message.delete", NULL, delete_activate);
  gtk_widget_class_install_action (widget_class, "message.open-file", NULL, file_activate);
  gtk_widget_class_install_action (widget_class, "message.save-file", NULL, file_activate);
  gtk_widget_class_install_action (widget_class, "message.retry", NULL, outbox_activate);
  gtk_widget_class_install_action (widget_class, "message.discard", NULL, outbox_activate);
  gtk_widget_class_install_action (widget_class, "message.open-link", "s", link_activate);
  gtk_widget_class_install_action (widget_class, "message.copy-link", "s", link_activate);
  gtk_widget_class_install_action (widget_class, "message.show-quoted", "x", show_quoted_activate);
}

void
guiche_message_actions_update (GuicheMessageView *view)
{
  GtkWidget *widget = GTK_WIDGET (view);
  g_auto (GuicheMessageFacts) facts = { 0 };
  gboolean is_sent, is_text, is_system;

  guiche_message_facts_read (&facts, view->menu_message);
  is_sent = facts.seq > 0 && !facts.is_deleted;
  is_system = guiche_message_facts_is (&facts, "system");
  is_text = guiche_message_facts_is (&facts, "text") || guiche_message_facts_is (&facts, "note");
  gtk_widget_action_set_enabled (widget, "message.reply", is_sent && !is_system);
  gtk_widget_action_set_enabled (widget, "message.copy",
                                 facts.body && *facts.body && !facts.is_deleted);
  gtk_widget_action_set_enabled (widget, "message.edit", is_sent && facts.is_mine && is_text);
  gtk_widget_action_set_enabled (widget, "message.delete", is_sent && facts.is_mine && !is_system);
  gtk_widget_action_set_enabled (widget, "message.open-file",
                                 facts.attachment && !facts.is_deleted);
  gtk_widget_action_set_enabled (widget, "message.save-file",
                                 facts.attachment && !facts.is_deleted);
  gtk_widget_action_set_enabled (widget, "message.retry", facts.seq == 0 && facts.failure);
  gtk_widget_action_set_enabled (widget, "message.discard", facts.seq == 0 && facts.failure);
}
