/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/model-private.h"

struct _GuicheScheduledMessage {
  GObject parent_instance;
  char *id, *conversation_id, *body; /* (owned) */
  gint64 send_at;
};

G_DEFINE_FINAL_TYPE (GuicheScheduledMessage, guiche_scheduled_message, G_TYPE_OBJECT)

enum {
  PROP_ID = 1,
  PROP_CONVERSATION_ID,
  PROP_BODY,
  PROP_SEND_AT,
  N_PROPS
};

static void
guiche_scheduled_message_get_property (GObject *object,
                                       guint property_id,
                                       GValue *value,
                                       GParamSpec *pspec)
{
  GuicheScheduledMessage *self = GUICHE_SCHEDULED_MESSAGE (object);

  switch (property_id) {
  case PROP_ID:
    g_value_set_string (value, self->id);
    break;
  case PROP_CONVERSATION_ID:
    g_value_set_string (value, self->conversation_id);
    break;
  case PROP_BODY:
    g_value_set_string (value, self->body);
    break;
  case PROP_SEND_AT:
    g_value_set_int64 (value, self->send_at);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
guiche_scheduled_message_finalize (GObject *object)
{
  GuicheScheduledMessage *self = GUICHE_SCHEDULED_MESSAGE (object);

  g_free (self->id);
  g_free (self->conversation_id);
  g_free (self->body);
  G_OBJECT_CLASS (guiche_scheduled_message_parent_class)->finalize (object);
}

static void
guiche_scheduled_message_class_init (GuicheScheduledMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamSpec *properties[N_PROPS] = { NULL };

  object_class->get_property = guiche_scheduled_message_get_property;
  object_class->finalize = guiche_scheduled_message_finalize;
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_CONVERSATION_ID] =
      g_param_spec_string ("conversation-id", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_BODY] = g_param_spec_string ("body", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_SEND_AT] =
      g_param_spec_int64 ("send-at", NULL, NULL, 0, G_MAXINT64, 0, GUICHE_PARAM_READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
guiche_scheduled_message_init (GuicheScheduledMessage *self)
{
}

/* Immutable, as a canned reply is. */
GuicheScheduledMessage *
guiche_scheduled_message_new (const GuicheScheduledRow *row)
{
  GuicheScheduledMessage *self = g_object_new (GUICHE_TYPE_SCHEDULED_MESSAGE, NULL);

  self->id = g_strdup (row->id);
  self->conversation_id = g_strdup (row->conversation_id);
  self->body = g_strdup (row->body);
  self->send_at = row->send_at;
  return self;
}

const char *
guiche_scheduled_message_get_id (GuicheScheduledMessage *self)
{
  return self->id;
}

const char *
guiche_scheduled_message_get_conversation_id (GuicheScheduledMessage *self)
{
  return self->conversation_id;
}

const char *
guiche_scheduled_message_get_body (GuicheScheduledMessage *self)
{
  return self->body;
}

gint64
guiche_scheduled_message_get_send_at (GuicheScheduledMessage *self)
{
  return self->send_at;
}
