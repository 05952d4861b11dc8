/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/conversation-row.h"

#include "inbox/conversation-text.h"
#include "widgets/avatar.h"
#include "widgets/time-text.h"

#include <glib/gi18n.h>

/* Priorities below this one are marked; 0 is the highest of ten. */
#define URGENT_PRIORITY 2

struct _GuicheConversationRow {
  GtkBox parent_instance;

  GuicheAvatar *avatar;
  GtkLabel *title, *time, *preview, *unread, *priority_label, *queue, *whose;
  GtkWidget *draft_mark, *marks, *priority;

  GuicheConversation *conversation; /* (owned) (nullable) */
  GSignalGroup *signals;            /* (owned) */
  guint refresh_id;
};

G_DEFINE_FINAL_TYPE (GuicheConversationRow, guiche_conversation_row, GTK_TYPE_BOX)

typedef struct {
  char *title, *preview, *typing, *state, *queue_name, *kind;
  gint64 last_at, waiting_since, snoozed_until, priority;
  guint unread;
  gboolean has_draft, is_mine;
  GuichePerson *assignee;
} Snapshot;

static void
snapshot_clear (Snapshot *snapshot)
{
  g_free (snapshot->title);
  g_free (snapshot->preview);
  g_free (snapshot->typing);
  g_free (snapshot->state);
  g_free (snapshot->queue_name);
  g_free (snapshot->kind);
  g_clear_object (&snapshot->assignee);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Snapshot, snapshot_clear)

static void
snapshot_read (GuicheConversation *conversation, Snapshot *out)
{
  g_object_get (conversation, "title", &out->title, "preview", &out->preview, "typing",
                &out->typing, "state", &out->state, "queue-name", &out->queue_name, "kind",
                &out->kind, "last-at", &out->last_at, "waiting-since", &out->waiting_since,
                "snoozed-until", &out->snoozed_until, "priority", &out->priority, "unread",
                &out->unread, "has-draft", &out->has_draft, "is-mine", &out->is_mine, "assignee",
                &out->assignee, NULL);
  /* what is over is not to be read */
  if (g_strcmp0 (out->state, "closed") == 0)
    out->unread = 0;
}

static void
set_css_class (gpointer widget, const char *name, gboolean is_set)
{
  if (is_set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
show_headline (GuicheConversationRow *self, const Snapshot *now, gint64 now_us)
{
  g_autofree char *title = guiche_conversation_text_title (self->conversation);
  g_autofree char *time = guiche_time_text_short (now->last_at, now_us);
  gboolean is_channel = g_strcmp0 (now->kind, "channel") == 0;

  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->time, time);
  guiche_avatar_set_text (self->avatar, title);
  guiche_avatar_set_icon_name (self->avatar, is_channel ? "guiche-channel-symbolic" : NULL);
  set_css_class (self->title, "unread", now->unread > 0);
}

static void
show_preview (GuicheConversationRow *self, const Snapshot *now)
{
  gboolean is_typing = now->typing != NULL && *now->typing != '\0';
  g_autofree char *text = NULL;
  g_autofree char *count = g_strdup_printf (now->unread > 99 ? "99+" : "%u", now->unread);

  if (is_typing)
    text = g_strdup_printf (_ ("%s is typing…"), now->typing);
  else
    text = g_strdup (now->preview != NULL ? now->preview : _ ("No messages yet"));

  gtk_label_set_text (self->preview, text);
  set_css_class (self->preview, "typing", is_typing);
  set_css_class (self->preview, "dim-label", !is_typing && now->unread == 0);
  gtk_widget_set_visible (self->draft_mark, now->has_draft && !is_typing);
  gtk_label_set_text (self->unread, count);
  gtk_widget_set_visible (GTK_WIDGET (self->unread), now->unread > 0);
}

static char *
whose_text (const Snapshot *now, gint64 now_us)
{
  if (g_strcmp0 (now->state, "snoozed") == 0 && now->snoozed_until > 0) {
    g_autofree char *until = guiche_time_text_full (now->snoozed_until, now_us);

    return g_strdup_printf (_ ("Until %s"), until);
  }
  if (g_strcmp0 (now->state, "waiting") == 0 && now->waiting_since > 0) {
    g_autofree char *elapsed = guiche_time_text_elapsed (now_us - now->waiting_since);

    /* Translators: how long a customer has been waiting: "Waiting 12 min" */
    return g_strdup_printf (_ ("Waiting %s"), elapsed);
  }
  if (now->is_mine || now->assignee == NULL)
    return g_strdup ("");
  return g_strdup (guiche_person_get_name (now->assignee));
}

static void
show_marks (GuicheConversationRow *self, const Snapshot *now, gint64 now_us)
{
  g_autofree char *whose = whose_text (now, now_us);
  gboolean is_customer = g_strcmp0 (now->kind, "customer") == 0;
  gboolean is_urgent =
      is_customer && now->priority < URGENT_PRIORITY && g_strcmp0 (now->state, "closed") != 0;

  gtk_widget_set_visible (self->marks, is_customer);
  gtk_widget_set_visible (self->priority, is_urgent);
  gtk_label_set_text (self->priority_label, _ ("Urgent"));
  gtk_label_set_text (self->queue, now->queue_name != NULL ? now->queue_name : "");
  gtk_label_set_text (self->whose, whose);
  /* a time is short and says nothing when cut; a name may be long */
  gtk_label_set_ellipsize (self->whose, now->assignee != NULL && g_strcmp0 (now->state, "open") == 0
                                            ? PANGO_ELLIPSIZE_END
                                            : PANGO_ELLIPSIZE_NONE);
}

/* GTK 4.8 gives no name to the item of a list: what is read out is put on it and on the row. */
static void
describe (GuicheConversationRow *self)
{
  g_autofree char *description = guiche_conversation_text_accessible (self->conversation);
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, description,
                                  -1);
  if (item != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    description, -1);
}

void
guiche_conversation_row_refresh (GuicheConversationRow *self)
{
  gint64 now_us = g_get_real_time ();
  g_auto (Snapshot) now = { 0 };

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  if (self->conversation == NULL)
    return;

  snapshot_read (self->conversation, &now);
  show_headline (self, &now, now_us);
  show_preview (self, &now);
  show_marks (self, &now, now_us);
  describe (self);
}

static gboolean
on_refresh_idle (gpointer user_data)
{
  GuicheConversationRow *self = user_data;

  self->refresh_id = 0;
  guiche_conversation_row_refresh (self);
  return G_SOURCE_REMOVE;
}

static void
on_conversation_notify (GuicheConversationRow *self)
{
  if (self->refresh_id == 0)
    self->refresh_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_refresh_idle, self, NULL);
}

static void
guiche_conversation_row_dispose (GObject *object)
{
  GuicheConversationRow *self = GUICHE_CONVERSATION_ROW (object);

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->conversation);
  G_OBJECT_CLASS (guiche_conversation_row_parent_class)->dispose (object);
}

static void
guiche_conversation_row_class_init (GuicheConversationRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_conversation_row_dispose;
  g_type_ensure (GUICHE_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/guiche/Guiche/inbox/conversation-row.ui");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationRow, title);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationRow, time);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationRow, preview);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationRow, unread);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationRow, draft_mark);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationRow, marks);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationRow, priority);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationRow, priority_label);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationRow, queue);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationRow, whose);
}

static void
guiche_conversation_row_init (GuicheConversationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->signals = g_signal_group_new (GUICHE_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (on_conversation_notify),
                                  self);
}

GtkWidget *
guiche_conversation_row_new (void)
{
  return g_object_new (GUICHE_TYPE_CONVERSATION_ROW, NULL);
}

void
guiche_conversation_row_set_conversation (GuicheConversationRow *self,
                                          GuicheConversation *conversation)
{
  if (!g_set_object (&self->conversation, conversation))
    return;

  g_signal_group_set_target (self->signals, conversation);
  guiche_conversation_row_refresh (self);
}

GuicheConversation *
guiche_conversation_row_get_conversation (GuicheConversationRow *self)
{
  return self->conversation;
}
