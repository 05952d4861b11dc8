/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/model-private.h"

struct _GuicheSearchHit {
  GObject parent_instance;
  GuicheHitKind kind;
  char *title, *snippet, *conversation_id, *customer_id, *user_id; /* (owned) (nullable) */
  gint64 at, message_seq;
};

G_DEFINE_FINAL_TYPE (GuicheSearchHit, guiche_search_hit, G_TYPE_OBJECT)

enum {
  PROP_KIND = 1,
  PROP_TITLE,
  PROP_SNIPPET,
  PROP_AT,
  PROP_CONVERSATION_ID,
  PROP_CUSTOMER_ID,
  PROP_USER_ID,
  PROP_MESSAGE_SEQ,
  N_PROPS
};

static void
guiche_search_hit_get_property (GObject *object,
                                guint property_id,
                                GValue *value,
                                GParamSpec *pspec)
{
  GuicheSearchHit *self = GUICHE_SEARCH_HIT (object);

  switch (property_id) {
  case PROP_KIND:
    g_value_set_int (value, (int) self->kind);
    break;
  case PROP_TITLE:
    g_value_set_string (value, self->title);
    break;
  case PROP_SNIPPET:
    g_value_set_string (value, self->snippet);
    break;
  case PROP_AT:
    g_value_set_int64 (value, self->at);
    break;
  case PROP_CONVERSATION_ID:
    g_value_set_string (value, self->conversation_id);
    break;
  case PROP_CUSTOMER_ID:
    g_value_set_string (value, self->customer_id);
    break;
  case PROP_USER_ID:
    g_value_set_string (value, self->user_id);
    break;
  case PROP_MESSAGE_SEQ:
    g_value_set_int64 (value, self->message_seq);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
guiche_search_hit_finalize (GObject *object)
{
  GuicheSearchHit *self = GUICHE_SEARCH_HIT (object);

  g_free (self->title);
  g_free (self->snippet);
  g_free (self->conversation_id);
  g_free (self->customer_id);
  g_free (self->user_id);
  G_OBJECT_CLASS (guiche_search_hit_parent_class)->finalize (object);
}

static void
guiche_search_hit_class_init (GuicheSearchHitClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamSpec *properties[N_PROPS] = { NULL };

  object_class->get_property = guiche_search_hit_get_property;
  object_class->finalize = guiche_search_hit_finalize;
  properties[PROP_KIND] =
      g_param_spec_int ("kind", NULL, NULL, GUICHE_HIT_PERSON, GUICHE_HIT_MESSAGE,
                        GUICHE_HIT_PERSON, GUICHE_PARAM_READ);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_SNIPPET] = g_param_spec_string ("snippet", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_AT] = g_param_spec_int64 ("at", NULL, NULL, 0, G_MAXINT64, 0, GUICHE_PARAM_READ);
  properties[PROP_CONVERSATION_ID] =
      g_param_spec_string ("conversation-id", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_CUSTOMER_ID] =
      g_param_spec_string ("customer-id", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_USER_ID] = g_param_spec_string ("user-id", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_MESSAGE_SEQ] =
      g_param_spec_int64 ("message-seq", NULL, NULL, 0, G_MAXINT64, 0, GUICHE_PARAM_READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
guiche_search_hit_init (GuicheSearchHit *self)
{
}

/* Takes the strings of @values, a hit on the stack. */
GuicheSearchHit *
guiche_search_hit_new_take (const GuicheHitValues *values)
{
  GuicheSearchHit *self = g_object_new (GUICHE_TYPE_SEARCH_HIT, NULL);

  self->kind = values->kind;
  self->title = values->title;
  self->snippet = values->snippet;
  self->conversation_id = values->conversation_id;
  self->customer_id = values->customer_id;
  self->user_id = values->user_id;
  self->at = values->at;
  self->message_seq = values->message_seq;
  return self;
}
