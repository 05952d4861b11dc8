/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/model-private.h"

struct _GuicheCannedReply {
  GObject parent_instance;
  char *id, *shortcut, *title, *body; /* (owned) */
};

G_DEFINE_FINAL_TYPE (GuicheCannedReply, guiche_canned_reply, G_TYPE_OBJECT)

enum {
  PROP_ID = 1,
  PROP_SHORTCUT,
  PROP_TITLE,
  PROP_BODY,
  N_PROPS
};

static void
guiche_canned_reply_get_property (GObject *object,
                                  guint property_id,
                                  GValue *value,
                                  GParamSpec *pspec)
{
  GuicheCannedReply *self = GUICHE_CANNED_REPLY (object);

  switch (property_id) {
  case PROP_ID:
    g_value_set_string (value, self->id);
    break;
  case PROP_SHORTCUT:
    g_value_set_string (value, self->shortcut);
    break;
  case PROP_TITLE:
    g_value_set_string (value, self->title);
    break;
  case PROP_BODY:
    g_value_set_string (value, self->body);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
guiche_canned_reply_finalize (GObject *object)
{
  GuicheCannedReply *self = GUICHE_CANNED_REPLY (object);

  g_free (self->id);
  g_free (self->shortcut);
  g_free (self->title);
  g_free (self->body);
  G_OBJECT_CLASS (guiche_canned_reply_parent_class)->finalize (object);
}

static void
guiche_canned_reply_class_init (GuicheCannedReplyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamSpec *properties[N_PROPS] = { NULL };

  object_class->get_property = guiche_canned_reply_get_property;
  object_class->finalize = guiche_canned_reply_finalize;
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_SHORTCUT] = g_param_spec_string ("shortcut", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_BODY] = g_param_spec_string ("body", NULL, NULL, NULL, GUICHE_PARAM_READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
guiche_canned_reply_init (GuicheCannedReply *self)
{
}

/* Immutable: a changed reply is a new object in the list. */
GuicheCannedReply *
guiche_canned_reply_new (const GuicheCannedReplyRow *row)
{
  GuicheCannedReply *self = g_object_new (GUICHE_TYPE_CANNED_REPLY, NULL);

  self->id = g_strdup (row->id);
  self->shortcut = g_strdup (row->shortcut);
  self->title = g_strdup (row->title);
  self->body = g_strdup (row->body);
  return self;
}

const char *
guiche_canned_reply_get_id (GuicheCannedReply *self)
{
  return self->id;
}

const char *
guiche_canned_reply_get_shortcut (GuicheCannedReply *self)
{
  return self->shortcut;
}
