/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/model-private.h"

struct _GuichePerson {
  GObject parent_instance;
  char *id, *login, *name, *role, *status_text; /* (owned) */
  char *email;                                  /* (owned) (nullable) */
  char *presence;                               /* (owned) */
  gboolean is_me;
};

G_DEFINE_FINAL_TYPE (GuichePerson, guiche_person, G_TYPE_OBJECT)

enum {
  PROP_ID = 1,
  PROP_LOGIN,
  PROP_NAME,
  PROP_ROLE,
  PROP_EMAIL,
  PROP_STATUS_TEXT,
  PROP_PRESENCE,
  PROP_IS_ME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
guiche_person_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  GuichePerson *self = GUICHE_PERSON (object);

  switch (property_id) {
  case PROP_ID:
    g_value_set_string (value, self->id);
    break;
  case PROP_LOGIN:
    g_value_set_string (value, self->login);
    break;
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_ROLE:
    g_value_set_string (value, self->role);
    break;
  case PROP_EMAIL:
    g_value_set_string (value, self->email);
    break;
  case PROP_STATUS_TEXT:
    g_value_set_string (value, self->status_text);
    break;
  case PROP_PRESENCE:
    g_value_set_string (value, self->presence);
    break;
  case PROP_IS_ME:
    g_value_set_boolean (value, self->is_me);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
guiche_person_finalize (GObject *object)
{
  GuichePerson *self = GUICHE_PERSON (object);

  g_free (self->id);
  g_free (self->login);
  g_free (self->name);
  g_free (self->role);
  g_free (self->email);
  g_free (self->status_text);
  g_free (self->presence);
  G_OBJECT_CLASS (guiche_person_parent_class)->finalize (object);
}

static void
guiche_person_class_init (GuichePersonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = guiche_person_get_property;
  object_class->finalize = guiche_person_finalize;
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_LOGIN] = g_param_spec_string ("login", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_ROLE] = g_param_spec_string ("role", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_EMAIL] = g_param_spec_string ("email", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_STATUS_TEXT] =
      g_param_spec_string ("status-text", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_PRESENCE] =
      g_param_spec_string ("presence", NULL, NULL, "offline", GUICHE_PARAM_READ);
  properties[PROP_IS_ME] = g_param_spec_boolean ("is-me", NULL, NULL, FALSE, GUICHE_PARAM_READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
guiche_person_init (GuichePerson *self)
{
  self->presence = g_strdup ("offline");
}

static void
set_text (GuichePerson *self, char **field, const char *value, guint property)
{
  if (g_strcmp0 (*field, value) == 0)
    return;
  g_free (*field);
  *field = g_strdup (value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

GuichePerson *
guiche_person_new (const GuicheUserRow *row, gboolean is_me)
{
  GuichePerson *self = g_object_new (GUICHE_TYPE_PERSON, NULL);

  self->is_me = is_me;
  guiche_person_apply (self, row);
  return self;
}

void
guiche_person_apply (GuichePerson *self, const GuicheUserRow *row)
{
  g_object_freeze_notify (G_OBJECT (self));
  set_text (self, &self->id, row->id, PROP_ID);
  set_text (self, &self->login, row->login, PROP_LOGIN);
  set_text (self, &self->name, row->name, PROP_NAME);
  set_text (self, &self->role, row->role, PROP_ROLE);
  set_text (self, &self->email, row->email, PROP_EMAIL);
  set_text (self, &self->status_text, row->status_text, PROP_STATUS_TEXT);
  g_object_thaw_notify (G_OBJECT (self));
}

void
guiche_person_set_presence (GuichePerson *self, const char *presence)
{
  set_text (self, &self->presence, presence, PROP_PRESENCE);
}

const char *
guiche_person_get_id (GuichePerson *self)
{
  g_return_val_if_fail (GUICHE_IS_PERSON (self), NULL);
  return self->id;
}

const char *
guiche_person_get_name (GuichePerson *self)
{
  g_return_val_if_fail (GUICHE_IS_PERSON (self), NULL);
  return self->name;
}

const char *
guiche_person_get_presence (GuichePerson *self)
{
  g_return_val_if_fail (GUICHE_IS_PERSON (self), NULL);
  return self->presence;
}
