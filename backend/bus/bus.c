/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-bus"

#include "bus/bus-private.h"

#include <string.h>

typedef struct {
  GuicheBusStateFunc func;
  gpointer user_data;
} Watch;

/* Tells the watchers when what they would see has changed. */
void
guiche_bus_update_state (GuicheBus *self)
{
  gboolean is_connected = guiche_bus_link_is_ready (self->commands) &&
                          guiche_bus_link_is_ready (self->hearing) && self->n_unconfirmed == 0;
  g_autoptr (GArray) watches = NULL;

  if (is_connected == self->is_connected)
    return;
  self->is_connected = is_connected;
  if (is_connected)
    self->stats.connects++;
  else
    self->stats.losses++;
  g_message (is_connected ? "connected to Redis" : "without Redis for now");
  watches = g_array_copy (self->watches);
  for (guint i = 0; i < watches->len; i++) {
    Watch *watch = &g_array_index (watches, Watch, i);

    watch->func (self, is_connected, watch->user_data);
  }
}

static void
on_commands_changed (gpointer user_data)
{
  guiche_bus_update_state (user_data);
}

static void
on_hearing_ready (gpointer user_data)
{
  guiche_bus_subscribe_all (user_data);
}

static void
on_hearing_lost (gpointer user_data)
{
  guiche_bus_update_state (user_data);
}

static gboolean
on_pushed (const redisReply *reply, gpointer user_data)
{
  return guiche_bus_hear (user_data, reply);
}

static const GuicheBusLinkEvents commands_events = { on_commands_changed, on_commands_changed,
                                                     NULL };
static const GuicheBusLinkEvents hearing_events = { on_hearing_ready, on_hearing_lost, on_pushed };

GuicheBus *
guiche_bus_new (const char *url, GBytes *secret, GError **error)
{
  GuicheBusUrl parsed = { 0 };
  GuicheBus *self;

  if (url[0] != '\0' && !guiche_bus_url_parse (&parsed, url, error))
    return NULL;
  self = g_new0 (GuicheBus, 1);
  self->url = parsed;
  self->subscriptions = g_ptr_array_new ();
  self->watches = g_array_new (FALSE, FALSE, sizeof (Watch));
  self->frame = g_byte_array_new ();
  guiche_bus_seal_init (&self->seal, secret);
  if (url[0] == '\0')
    return self;
  self->commands = guiche_bus_link_new (&self->url, "guiche-commands", &commands_events, self);
  self->hearing = guiche_bus_link_new (&self->url, "guiche-hearing", &hearing_events, self);
  return self;
}

void
guiche_bus_free (GuicheBus *self)
{
  g_clear_pointer (&self->commands, guiche_bus_link_free);
  g_clear_pointer (&self->hearing, guiche_bus_link_free);
  guiche_bus_free_subscriptions (self);
  g_array_unref (self->watches);
  g_byte_array_unref (self->frame);
  guiche_bus_url_clear (&self->url);
  g_free (self);
}

gboolean
guiche_bus_has_url (GuicheBus *self)
{
  return self->commands != NULL;
}

gboolean
guiche_bus_is_connected (GuicheBus *self)
{
  return self->is_connected;
}

const GuicheId *
guiche_bus_origin (GuicheBus *self)
{
  return &self->seal.origin;
}

void
guiche_bus_watch (GuicheBus *self, GuicheBusStateFunc func, gpointer user_data)
{
  Watch watch = { func, user_data };

  g_array_append_val (self->watches, watch);
}

void
guiche_bus_unwatch (GuicheBus *self, GuicheBusStateFunc func, gpointer user_data)
{
  for (guint i = self->watches->len; i > 0; i--) {
    Watch *watch = &g_array_index (self->watches, Watch, i - 1);

    if (watch->func == func && watch->user_data == user_data)
      g_array_remove_index (self->watches, i - 1);
  }
}

void
guiche_bus_get_stats (GuicheBus *self, GuicheBusStats *out_stats)
{
  *out_stats = self->stats;
}
