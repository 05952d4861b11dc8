/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/health.h"

#define PROBE_MS 1000
#define ANSWER_US (2 * G_USEC_PER_SEC) /* a database that takes longer is away */
#define ASKED_US (30 * G_USEC_PER_SEC) /* nobody asks any more */

/* A question on its way, which may outlive who asked. */
typedef struct {
  GuicheHealth *health; /* (nullable): gone */
  gint64 began_us;
} Probe;

struct _GuicheHealth {
  GuicheStore *store;
  Probe *probe;          /* (nullable): being answered */
  gboolean was_answered; /* the last one, well */
  gint64 asked_us;
  GSource *timer; /* (owned) (nullable): while somebody asks */
};

/* (thread reader) */
static gboolean
run_probe (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_events_last_seq (tx, error) >= 0;
}

/* (thread main) */
static void
probe_done (gpointer data, GError *error)
{
  Probe *probe = data;

  if (probe->health != NULL) {
    probe->health->was_answered = error == NULL;
    probe->health->probe = NULL;
  }
  g_free (probe);
}

static void
begin_probe (GuicheHealth *self)
{
  g_autoptr (GPtrArray) tenants = guiche_store_list_tenants (self->store);
  GuicheActor nobody = { 0 };

  if (self->probe != NULL || tenants->len == 0)
    return;
  self->probe = g_new0 (Probe, 1);
  self->probe->health = self;
  self->probe->began_us = g_get_monotonic_time ();
  guiche_tenant_read (g_ptr_array_index (tenants, 0), &nobody, run_probe, probe_done, self->probe);
}

static gboolean
on_time (gpointer user_data)
{
  GuicheHealth *self = user_data;

  if (g_get_monotonic_time () - self->asked_us > ASKED_US) {
    g_clear_pointer (&self->timer, g_source_unref);
    return G_SOURCE_REMOVE;
  }
  begin_probe (self);
  return G_SOURCE_CONTINUE;
}

GuicheHealth *
guiche_health_new (GuicheStore *store)
{
  GuicheHealth *self = g_new0 (GuicheHealth, 1);

  self->store = store;
  self->was_answered = TRUE;
  return self;
}

void
guiche_health_free (GuicheHealth *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (self->probe != NULL)
    self->probe->health = NULL;
  g_free (self);
}

gboolean
guiche_health_is_reachable (GuicheHealth *self)
{
  gint64 now_us = g_get_monotonic_time ();

  self->asked_us = now_us;
  if (self->timer == NULL) {
    begin_probe (self);
    self->timer = g_timeout_source_new (PROBE_MS);
    g_source_set_callback (self->timer, on_time, self, NULL);
    g_source_attach (self->timer, g_main_context_get_thread_default ());
  }
  return self->was_answered && (self->probe == NULL || now_us - self->probe->began_us < ANSWER_US);
}
