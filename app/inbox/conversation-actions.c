/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/conversation-actions.h"

#include "inbox/close-dialog.h"
#include "inbox/desk-request.h"
#include "inbox/snooze-dialog.h"
#include "inbox/transfer-dialog.h"
#include "widgets/dialog.h"

#include <glib/gi18n.h>

struct _GuicheConversationActions {
  GObject parent_instance;
  GSimpleActionGroup *group;        /* (owned) */
  GuicheDesk *desk;                 /* (owned) */
  GtkWidget *widget;                /* (not owned) */
  GuicheConversation *conversation; /* (owned) (nullable) */
  GSignalGroup *signals;            /* (owned) */
};

G_DEFINE_FINAL_TYPE (GuicheConversationActions, guiche_conversation_actions, G_TYPE_OBJECT)

static guint left_signal;

static void
on_accept (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GuicheConversationActions *self = user_data;
  GuicheDeskRequest *request = guiche_desk_request_new (self->desk, self->widget, NULL);

  guiche_desk_accept_async (self->desk, self->conversation, NULL, guiche_desk_request_done_cb,
                            request);
}

static void
present_transfer (GuicheConversationActions *self, gboolean to_colleague)
{
  GtkWidget *dialog = guiche_transfer_dialog_new (self->desk, self->conversation, to_colleague);

  guiche_dialog_present (GTK_WINDOW (dialog), self->widget);
}

static void
on_assign (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  present_transfer (user_data, TRUE);
}

static void
on_transfer (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  present_transfer (user_data, FALSE);
}

static void
on_snooze (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GuicheConversationActions *self = user_data;
  GtkWidget *dialog = guiche_snooze_dialog_new (self->desk, self->conversation);

  guiche_dialog_present (GTK_WINDOW (dialog), self->widget);
}

static void
on_close (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GuicheConversationActions *self = user_data;
  GtkWidget *dialog = guiche_close_dialog_new (self->desk, self->conversation);

  guiche_dialog_present (GTK_WINDOW (dialog), self->widget);
}

static void
on_reopen (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GuicheConversationActions *self = user_data;
  GuicheDeskRequest *request = guiche_desk_request_new (self->desk, self->widget, NULL);

  guiche_desk_reopen_async (self->desk, self->conversation, NULL, guiche_desk_request_done_cb,
                            request);
}

static void
on_left (const char *id, gpointer user_data)
{
  g_signal_emit (user_data, left_signal, 0, id);
}

static void
on_leave (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GuicheConversationActions *self = user_data;
  /* Translators: %s is the name of a channel */
  g_autofree char *done =
      g_strdup_printf (_ ("You left #%s."), guiche_conversation_get_title (self->conversation));
  GuicheDeskRequest *request = guiche_desk_request_new (self->desk, self->widget, done);

  guiche_desk_request_set_undo_join (request, self->conversation);
  guiche_desk_request_set_done (request, on_left, G_OBJECT (self));
  guiche_desk_leave_channel_async (self->desk, guiche_conversation_get_id (self->conversation),
                                   NULL, guiche_desk_request_done_cb, request);
}

static const GActionEntry entries[] = {
  { "accept", on_accept }, { "assign", on_assign }, { "transfer", on_transfer },
  { "snooze", on_snooze }, { "close", on_close },   { "reopen", on_reopen },
  { "leave", on_leave },
};

static void
enable (GuicheConversationActions *self, const char *name, gboolean is_enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->group), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), is_enabled);
}

static void
update_enabled (GuicheConversationActions *self)
{
  GuicheConversation *conversation = self->conversation;
  const char *state = conversation != NULL ? guiche_conversation_get_state (conversation) : NULL;
  gboolean is_customer = conversation != NULL &&
                         g_strcmp0 (guiche_conversation_get_kind (conversation), "customer") == 0;
  gboolean is_closed = g_strcmp0 (state, "closed") == 0;
  gboolean is_snoozed = g_strcmp0 (state, "snoozed") == 0;
  gboolean is_waiting = g_strcmp0 (state, "waiting") == 0;
  gboolean is_free = is_customer && guiche_conversation_get_assignee (conversation) == NULL;

  enable (self, "accept", is_customer && !is_closed && (is_waiting || is_free));
  enable (self, "assign", is_customer && !is_closed);
  enable (self, "transfer", is_customer && !is_closed);
  enable (self, "snooze", is_customer && !is_closed && !is_snoozed);
  enable (self, "close", is_customer && !is_closed);
  enable (self, "reopen", is_customer && (is_closed || is_snoozed));
  enable (self, "leave",
          conversation != NULL &&
              g_strcmp0 (guiche_conversation_get_kind (conversation), "channel") == 0);
}

static void
guiche_conversation_actions_dispose (GObject *object)
{
  GuicheConversationActions *self = GUICHE_CONVERSATION_ACTIONS (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->group);
  g_clear_object (&self->desk);
  g_clear_object (&self->conversation);
  G_OBJECT_CLASS (guiche_conversation_actions_parent_class)->dispose (object);
}

static void
guiche_conversation_actions_class_init (GuicheConversationActionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guiche_conversation_actions_dispose;
  left_signal = g_signal_new ("left", GUICHE_TYPE_CONVERSATION_ACTIONS, G_SIGNAL_RUN_LAST, 0, NULL,
                              NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
guiche_conversation_actions_init (GuicheConversationActions *self)
{
  self->group = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->group), entries, G_N_ELEMENTS (entries),
                                   self);
  self->signals = g_signal_group_new (GUICHE_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (update_enabled),
                                  self);
  g_signal_group_connect_swapped (self->signals, "notify::assignee", G_CALLBACK (update_enabled),
                                  self);
  update_enabled (self);
}

GuicheConversationActions *
guiche_conversation_actions_new (GuicheDesk *desk, GtkWidget *widget)
{
  GuicheConversationActions *self = g_object_new (GUICHE_TYPE_CONVERSATION_ACTIONS, NULL);

  self->desk = g_object_ref (desk);
  self->widget = widget;
  return self;
}

GActionGroup *
guiche_conversation_actions_get_group (GuicheConversationActions *self)
{
  return G_ACTION_GROUP (self->group);
}

void
guiche_conversation_actions_set_conversation (GuicheConversationActions *self,
                                              GuicheConversation *conversation)
{
  if (!g_set_object (&self->conversation, conversation))
    return;

  g_signal_group_set_target (self->signals, conversation);
  update_enabled (self);
}
