/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/chat-view.h"

struct _GuicheChatView {
  AdwBin              parent_instance;
  GuicheDesk         *desk;         /* (owned) */
  GuicheConversation *conversation; /* (owned) (nullable) */
  GMenu              *menu;         /* (owned) */
};

G_DEFINE_FINAL_TYPE (GuicheChatView, guiche_chat_view, ADW_TYPE_BIN)

enum {
  PROP_CONVERSATION = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
guiche_chat_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, GUICHE_CHAT_VIEW (object)->conversation);
}

static void
guiche_chat_view_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  guiche_chat_view_set_conversation (GUICHE_CHAT_VIEW (object), g_value_get_object (value));
}

static void
guiche_chat_view_dispose (GObject *object)
{
  GuicheChatView *self = GUICHE_CHAT_VIEW (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->conversation);
  g_clear_object (&self->menu);
  G_OBJECT_CLASS (guiche_chat_view_parent_class)->dispose (object);
}

static void
guiche_chat_view_class_init (GuicheChatViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = guiche_chat_view_dispose;
  object_class->get_property = guiche_chat_view_get_property;
  object_class->set_property = guiche_chat_view_set_property;
  properties[PROP_CONVERSATION] =
      g_param_spec_object ("conversation",
                           NULL,
                           NULL,
                           GUICHE_TYPE_CONVERSATION,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
guiche_chat_view_init (GuicheChatView *self)
{
  self->menu = g_menu_new ();
}

GuicheChatView *
guiche_chat_view_new (GuicheDesk *desk)
{
  GuicheChatView *self = g_object_new (GUICHE_TYPE_CHAT_VIEW, NULL);

  self->desk = g_object_ref (desk);
  return self;
}

void
guiche_chat_view_set_conversation (GuicheChatView *self, GuicheConversation *conversation)
{
  if (g_set_object (&self->conversation, conversation))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

GuicheConversation *
guiche_chat_view_get_conversation (GuicheChatView *self)
{
  return self->conversation;
}

gboolean
guiche_chat_view_show_message (GuicheChatView *self, gint64 seq)
{
  return FALSE;
}

void
guiche_chat_view_focus_composer (GuicheChatView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

GMenuModel *
guiche_chat_view_get_menu (GuicheChatView *self)
{
  return G_MENU_MODEL (self->menu);
}
