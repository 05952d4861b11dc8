/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/server-private.h"
#include "store/jobs.h"

/* How many jobs wait and how many are dead, over all companies. Counting is a query, which the
 * main loop does not wait for: each look at the figures begins the next count. */

typedef struct {
  GuicheServer *server;
  gint64 waiting;
  gint64 dead;
} Count;

/* (thread reader) */
static gboolean
count (GuicheTx *tx, gpointer data, GError **error)
{
  Count *self = data;

  return guiche_jobs_count (tx, "waiting", &self->waiting, error) &&
         guiche_jobs_count (tx, "dead", &self->dead, error);
}

static void
on_counted (gpointer data, GError *error)
{
  Count *self = data;
  GuicheJobFigures *figures = &self->server->jobs;

  figures->next_waiting += self->waiting;
  figures->next_dead += self->dead;
  if (--figures->n_counting == 0) {
    figures->waiting = figures->next_waiting;
    figures->dead = figures->next_dead;
  }
  g_free (self);
}

void
guiche_job_figures_refresh (GuicheServer *server)
{
  g_autoptr (GPtrArray) tenants = guiche_store_list_tenants (server->store);
  GuicheJobFigures *figures = &server->jobs;
  GuicheActor nobody = { 0 };

  if (figures->n_counting > 0)
    return;
  figures->next_waiting = figures->next_dead = 0;
  figures->n_counting = tenants->len;
  for (guint i = 0; i < tenants->len; i++) {
    Count *data = g_new0 (Count, 1);
    data->server = server;
    guiche_tenant_read (g_ptr_array_index (tenants, i), &nobody, count, on_counted, data);
  }
}
