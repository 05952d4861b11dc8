/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guiched-wakes.h"

#include "store/wake.h"

#define CHANNEL "wake"

G_STATIC_ASSERT (GUICHE_WAKE_MAX_BYTES <= GUICHE_BUS_MAX_BYTES);

struct _GuichedWakes {
  GuicheStore *store;
  GuicheBus *bus;
  GuicheBusSubscription *subscription; /* (not owned) */
};

/* What is dropped here is found when the database is asked. */
static void
on_told (const guint8 *message, gsize length, gpointer user_data)
{
  GuichedWakes *self = user_data;

  guiche_bus_publish (self->bus, CHANNEL, message, length);
}

static void
on_heard (GuicheBus *bus,
          const GuicheId *origin,
          const char *channel,
          const guint8 *data,
          gsize length,
          gpointer user_data)
{
  GuichedWakes *self = user_data;

  guiche_store_hear (self->store, data, length);
}

static void
on_state (GuicheBus *bus, gboolean is_connected, gpointer user_data)
{
  GuichedWakes *self = user_data;

  guiche_store_set_wakes_arrive (self->store, is_connected);
}

GuichedWakes *
guiched_wakes_new (GuicheStore *store, GuicheBus *bus)
{
  GuichedWakes *self = g_new0 (GuichedWakes, 1);

  self->store = store;
  self->bus = bus;
  self->subscription = guiche_bus_subscribe (bus, CHANNEL, on_heard, self);
  guiche_bus_watch (bus, on_state, self);
  if (guiche_bus_has_url (bus))
    guiche_store_set_wake_func (store, on_told, self);
  guiche_store_set_wakes_arrive (store, guiche_bus_is_connected (bus));
  return self;
}

void
guiched_wakes_free (GuichedWakes *self)
{
  if (self == NULL)
    return;

  guiche_store_set_wake_func (self->store, NULL, NULL);
  guiche_store_set_wakes_arrive (self->store, FALSE);
  guiche_bus_unwatch (self->bus, on_state, self);
  guiche_bus_unsubscribe (self->bus, self->subscription);
  g_free (self);
}
