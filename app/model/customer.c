/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/model-private.h"

struct _GuicheCustomer {
  GObject parent_instance;
  char *id; /* (owned) */
  GuicheCustomerLoad load;
  GObject *owner;         /* (nullable) (weak): of @load */
  GuicheCustomerRow *row; /* (owned) (nullable): not in the cache, or not looked at */
  gboolean is_loaded;
};

G_DEFINE_FINAL_TYPE (GuicheCustomer, guiche_customer, G_TYPE_OBJECT)

enum {
  PROP_ID = 1,
  PROP_NAME,
  PROP_PHONES,
  PROP_EMAILS,
  PROP_DOCUMENT,
  PROP_CONTRACT,
  PROP_PLAN,
  PROP_ADDRESS,
  PROP_STATUS,
  PROP_NOTES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const GuicheCustomerRow *
get_row (GuicheCustomer *self)
{
  if (!self->is_loaded && self->owner != NULL)
    self->row = self->load (self->id, self->owner);
  self->is_loaded = TRUE;
  return self->row;
}

static const char *
text_of (GuicheCustomer *self, guint property_id)
{
  const GuicheCustomerRow *row = get_row (self);

  if (property_id == PROP_ID)
    return self->id;
  if (row == NULL)
    return NULL;
  switch (property_id) {
  case PROP_NAME:
    return row->name;
  case PROP_DOCUMENT:
    return row->document;
  case PROP_CONTRACT:
    return row->contract;
  case PROP_PLAN:
    return row->plan;
  case PROP_ADDRESS:
    return row->address;
  case PROP_STATUS:
    return row->status;
  case PROP_NOTES:
    return row->notes;
  default:
    return NULL;
  }
}

static void
guiche_customer_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  GuicheCustomer *self = GUICHE_CUSTOMER (object);

  switch (property_id) {
  case PROP_PHONES:
    g_value_set_boxed (value, get_row (self) != NULL ? self->row->phones : NULL);
    break;
  case PROP_EMAILS:
    g_value_set_boxed (value, get_row (self) != NULL ? self->row->emails : NULL);
    break;
  default:
    if (property_id >= N_PROPS)
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    else
      g_value_set_string (value, text_of (self, property_id));
  }
}

static void
guiche_customer_finalize (GObject *object)
{
  GuicheCustomer *self = GUICHE_CUSTOMER (object);

  g_free (self->id);
  guiche_customer_row_free (self->row);
  g_clear_weak_pointer (&self->owner);
  G_OBJECT_CLASS (guiche_customer_parent_class)->finalize (object);
}

static void
guiche_customer_class_init (GuicheCustomerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  static const char *const names[N_PROPS] = {
    [PROP_ID] = "id",
    [PROP_NAME] = "name",
    [PROP_DOCUMENT] = "document",
    [PROP_CONTRACT] = "contract",
    [PROP_PLAN] = "plan",
    [PROP_ADDRESS] = "address",
    [PROP_STATUS] = "status",
    [PROP_NOTES] = "notes",
  };

  object_class->get_property = guiche_customer_get_property;
  object_class->finalize = guiche_customer_finalize;
  for (guint i = 1; i < N_PROPS; i++)
    if (names[i] != NULL)
      properties[i] = g_param_spec_string (names[i], NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_PHONES] =
      g_param_spec_boxed ("phones", NULL, NULL, G_TYPE_STRV, GUICHE_PARAM_READ);
  properties[PROP_EMAILS] =
      g_param_spec_boxed ("emails", NULL, NULL, G_TYPE_STRV, GUICHE_PARAM_READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
guiche_customer_init (GuicheCustomer *self)
{
}

static gboolean
strv_equal0 (char **a, char **b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return g_strv_equal ((const char *const *) a, (const char *const *) b);
}

GuicheCustomer *
guiche_customer_new_lazy (const char *id, GuicheCustomerLoad load, GObject *owner)
{
  GuicheCustomer *self = g_object_new (GUICHE_TYPE_CUSTOMER, NULL);

  self->id = g_strdup (id);
  self->load = load;
  g_set_weak_pointer (&self->owner, owner);
  return self;
}

void
guiche_customer_reload (GuicheCustomer *self)
{
  GuicheCustomer before = { .id = self->id, .row = self->row, .is_loaded = TRUE };

  if (!self->is_loaded || self->owner == NULL)
    return;
  self->row = self->load (self->id, self->owner);
  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = PROP_NAME; i < N_PROPS; i++) {
    if (i == PROP_PHONES || i == PROP_EMAILS)
      continue;
    if (g_strcmp0 (text_of (&before, i), text_of (self, i)) != 0)
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  }
  if (!strv_equal0 (before.row != NULL ? before.row->phones : NULL,
                    self->row != NULL ? self->row->phones : NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PHONES]);
  if (!strv_equal0 (before.row != NULL ? before.row->emails : NULL,
                    self->row != NULL ? self->row->emails : NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EMAILS]);
  guiche_customer_row_free (before.row);
  g_object_thaw_notify (G_OBJECT (self));
}

const char *
guiche_customer_get_id (GuicheCustomer *self)
{
  g_return_val_if_fail (GUICHE_IS_CUSTOMER (self), NULL);
  return self->id;
}

const char *
guiche_customer_get_name (GuicheCustomer *self)
{
  g_return_val_if_fail (GUICHE_IS_CUSTOMER (self), NULL);
  return get_row (self) != NULL ? self->row->name : NULL;
}
