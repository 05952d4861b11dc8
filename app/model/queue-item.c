/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/model-private.h"

struct _GuicheQueueItem {
  GObject parent_instance;
  char *key;  /* (owned) */
  char *name; /* (owned) */
  gint64 position;
  guint waiting;
  gboolean is_mine;
};

G_DEFINE_FINAL_TYPE (GuicheQueueItem, guiche_queue_item, G_TYPE_OBJECT)

enum {
  PROP_KEY = 1,
  PROP_NAME,
  PROP_POSITION,
  PROP_WAITING,
  PROP_IS_MINE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
guiche_queue_item_get_property (GObject *object,
                                guint property_id,
                                GValue *value,
                                GParamSpec *pspec)
{
  GuicheQueueItem *self = GUICHE_QUEUE_ITEM (object);

  switch (property_id) {
  case PROP_KEY:
    g_value_set_string (value, self->key);
    break;
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_POSITION:
    g_value_set_int64 (value, self->position);
    break;
  case PROP_WAITING:
    g_value_set_uint (value, self->waiting);
    break;
  case PROP_IS_MINE:
    g_value_set_boolean (value, self->is_mine);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
guiche_queue_item_finalize (GObject *object)
{
  GuicheQueueItem *self = GUICHE_QUEUE_ITEM (object);

  g_free (self->key);
  g_free (self->name);
  G_OBJECT_CLASS (guiche_queue_item_parent_class)->finalize (object);
}

static void
guiche_queue_item_class_init (GuicheQueueItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = guiche_queue_item_get_property;
  object_class->finalize = guiche_queue_item_finalize;
  properties[PROP_KEY] = g_param_spec_string ("key", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_POSITION] =
      g_param_spec_int64 ("position", NULL, NULL, G_MININT64, G_MAXINT64, 0, GUICHE_PARAM_READ);
  properties[PROP_WAITING] =
      g_param_spec_uint ("waiting", NULL, NULL, 0, G_MAXUINT, 0, GUICHE_PARAM_READ);
  properties[PROP_IS_MINE] = g_param_spec_boolean ("is-mine", NULL, NULL, FALSE, GUICHE_PARAM_READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
guiche_queue_item_init (GuicheQueueItem *self)
{
}

GuicheQueueItem *
guiche_queue_item_new (const GuicheQueueRow *row)
{
  GuicheQueueItem *self = g_object_new (GUICHE_TYPE_QUEUE_ITEM, NULL);

  self->key = g_strdup (row->key);
  guiche_queue_item_apply (self, row);
  return self;
}

void
guiche_queue_item_apply (GuicheQueueItem *self, const GuicheQueueRow *row)
{
  if (g_strcmp0 (self->name, row->name) != 0) {
    g_free (self->name);
    self->name = g_strdup (row->name);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
  }
  if (self->position != row->position) {
    self->position = row->position;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION]);
  }
}

void
guiche_queue_item_set_waiting (GuicheQueueItem *self, guint waiting)
{
  if (self->waiting == waiting)
    return;
  self->waiting = waiting;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAITING]);
}

void
guiche_queue_item_set_is_mine (GuicheQueueItem *self, gboolean is_mine)
{
  if (self->is_mine == is_mine)
    return;
  self->is_mine = is_mine;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_MINE]);
}

const char *
guiche_queue_item_get_key (GuicheQueueItem *self)
{
  return self->key;
}

const char *
guiche_queue_item_get_name (GuicheQueueItem *self)
{
  return self->name;
}

gint64
guiche_queue_item_get_position (GuicheQueueItem *self)
{
  return self->position;
}

gboolean
guiche_queue_item_get_is_mine (GuicheQueueItem *self)
{
  return self->is_mine;
}
