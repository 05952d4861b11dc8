/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/server-private.h"

#define STOP_LIMIT_S 3

/* Revocation from any thread, and parting in order. */

typedef struct {
  GuicheServer *server;
  GuicheTenant *tenant;
  GuicheId session_id;
} SessionEnd;

static gboolean
end_session (gpointer user_data)
{
  SessionEnd *end = user_data;

  guiche_access_session_ended (end->server->access, end->tenant, &end->session_id);
  guiche_hub_close_session (end->server->hub, end->tenant, &end->session_id);
  return G_SOURCE_REMOVE;
}

void
guiche_server_end_session (GuicheServer *self, GuicheTenant *tenant, const GuicheId *session_id)
{
  SessionEnd *end = g_new (SessionEnd, 1);

  *end = (SessionEnd){ self, tenant, *session_id };
  /* The worker's answer takes the same way to the main loop, later. */
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, end_session, end, g_free);
}

void
guiche_server_end_drain (GuicheServer *self)
{
  self->drained = NULL;
  if (self->drain_timer != NULL)
    g_source_destroy (self->drain_timer);
  g_clear_pointer (&self->drain_timer, g_source_unref);
}

static void
on_hub_drained (gpointer user_data)
{
  GuicheServer *self = user_data;

  if (self->drained != NULL)
    self->drained (self->drained_data);
}

/* Balancers know by now. */
static gboolean
on_drain_time (gpointer user_data)
{
  GuicheServer *self = user_data;

  g_clear_pointer (&self->drain_timer, g_source_unref);
  guiche_hub_drain (self->hub, on_hub_drained, self);
  return G_SOURCE_REMOVE;
}

void
guiche_server_drain (GuicheServer *self, guint wait_s, void (*done) (gpointer), gpointer user_data)
{
  g_return_if_fail (!self->is_draining && !self->is_stopping);

  self->is_draining = TRUE;
  self->drained = done;
  self->drained_data = user_data;
  self->drain_timer = g_timeout_source_new (wait_s * 1000);
  g_source_set_callback (self->drain_timer, on_drain_time, self, NULL);
  g_source_attach (self->drain_timer, self->context);
}

static void
finish (GuicheServer *self)
{
  void (*stopped) (gpointer) = self->stopped;

  self->stopped = NULL;
  g_source_destroy (self->stop_timer);
  g_clear_pointer (&self->stop_timer, g_source_unref);
  stopped (self->stopped_data);
}

/* Every few milliseconds while stopping: has everything accepted been answered and sent? */
static gboolean
on_stop_tick (gpointer user_data)
{
  GuicheServer *self = user_data;
  gboolean is_late = g_get_monotonic_time () - self->stopping_us > STOP_LIMIT_S * G_USEC_PER_SEC;

  if ((self->n_exchanges == 0 && self->jobs.n_counting == 0 && self->hub_is_parted) || is_late)
    finish (self);
  return G_SOURCE_CONTINUE;
}

static void
on_hub_parted (gpointer user_data)
{
  ((GuicheServer *) user_data)->hub_is_parted = TRUE;
}

void
guiche_server_shutdown (GuicheServer *self, void (*done) (gpointer), gpointer user_data)
{
  g_return_if_fail (!self->is_stopping);

  guiche_server_end_drain (self);
  self->is_stopping = TRUE;
  self->stopping_us = g_get_monotonic_time ();
  self->stopped = done;
  self->stopped_data = user_data;
  guiche_acceptor_stop (self->acceptor);
  self->stop_timer = g_timeout_source_new (5);
  g_source_set_callback (self->stop_timer, on_stop_tick, self, NULL);
  g_source_attach (self->stop_timer, self->context);
  guiche_hub_shutdown (self->hub, on_hub_parted, self);
}
