/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/job-lease.h"

#include "store/job-private.h"

#define RENEWALS 3 /* within one lease */

struct _GuicheJobLeases {
  gint64 lease_us;
  GMutex lock;
  GCond changed;
  GCond renewed;
  GPtrArray *claims;           /* (owned) (lock) (element-type GuicheClaim): being performed */
  const GuicheClaim *renewing; /* (lock) (nullable) */
  GThread *thread;             /* (owned) (nullable) */
  gboolean is_closing;         /* (lock) */
};

GuicheJobLeases *
guiche_job_leases_new (gint64 lease_us)
{
  GuicheJobLeases *self = g_new0 (GuicheJobLeases, 1);

  self->lease_us = lease_us;
  self->claims = g_ptr_array_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_cond_init (&self->renewed);
  return self;
}

void
guiche_job_leases_free (GuicheJobLeases *self)
{
  g_mutex_lock (&self->lock);
  self->is_closing = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  if (self->thread != NULL)
    g_thread_join (self->thread);

  g_ptr_array_unref (self->claims);
  g_cond_clear (&self->renewed);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* (lock): whose lease is to be renewed first, and when. */
static GuicheClaim *
find_next (GuicheJobLeases *self, gint64 *out_due_us)
{
  GuicheClaim *first = NULL;

  for (guint i = 0; i < self->claims->len; i++) {
    GuicheClaim *claim = self->claims->pdata[i];

    if (!claim->lease.is_lost && (first == NULL || claim->lease.until_us < first->lease.until_us))
      first = claim;
  }
  *out_due_us =
      first == NULL ? 0 : first->lease.until_us - self->lease_us + self->lease_us / RENEWALS;
  return first;
}

/* (lock): let go of while the database is asked; the claim stays until that is over. FALSE when the
 * database could not be asked. */
static gboolean
renew (GuicheJobLeases *self, GuicheClaim *claim)
{
  gint64 started_us = g_get_monotonic_time ();
  GuicheLeaseRenewal renewal = { .claim = claim, .lease_us = self->lease_us };
  g_autoptr (GError) error = NULL;
  gboolean is_known;

  self->renewing = claim;
  g_mutex_unlock (&self->lock);
  is_known = guiche_jobs_transact (claim->lease.tenant, guiche_jobs_renew, &renewal, &error);
  if (!is_known)
    g_warning ("%s: renewing the lease of job %s: %s", guiche_tenant_key (claim->lease.tenant),
               claim->job.kind, error->message);
  g_mutex_lock (&self->lock);
  self->renewing = NULL;
  g_cond_broadcast (&self->renewed);

  if (is_known)
    claim->lease.is_lost = !renewal.is_held;
  if (is_known && renewal.is_held)
    claim->lease.until_us = started_us + self->lease_us;
  return is_known;
}

static gpointer
lease_thread (gpointer data)
{
  GuicheJobLeases *self = data;

  g_mutex_lock (&self->lock);
  while (!self->is_closing) {
    gint64 due_us;
    gint64 tried_us = g_get_monotonic_time ();
    GuicheClaim *claim = find_next (self, &due_us);

    if (claim == NULL) {
      g_cond_wait (&self->changed, &self->lock);
    } else if (due_us > tried_us) {
      g_cond_wait_until (&self->changed, &self->lock, due_us);
    } else if (!renew (self, claim) && !self->is_closing) {
      g_cond_wait_until (&self->changed, &self->lock,
                         tried_us + self->lease_us / (RENEWALS * RENEWALS));
    }
  }
  g_mutex_unlock (&self->lock);
  return NULL;
}

void
guiche_job_leases_start (GuicheJobLeases *self)
{
  self->thread = g_thread_new ("leases", lease_thread, self);
}

void
guiche_job_leases_add (GuicheJobLeases *self, GuicheTenant *tenant, GuicheClaim *claim)
{
  g_mutex_lock (&self->lock);
  claim->job.lease = &claim->lease;
  claim->lease.leases = self;
  claim->lease.tenant = tenant;
  g_ptr_array_add (self->claims, claim);
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
guiche_job_leases_remove (GuicheJobLeases *self, GuicheClaim *claim)
{
  g_mutex_lock (&self->lock);
  while (self->renewing == claim)
    g_cond_wait (&self->renewed, &self->lock);
  g_ptr_array_remove_fast (self->claims, claim);
  g_mutex_unlock (&self->lock);
}

gboolean
guiche_job_is_held (const GuicheJob *self)
{
  const GuicheJobLease *lease = self->lease;
  gboolean is_held;

  g_mutex_lock (&lease->leases->lock);
  is_held = !lease->is_lost && g_get_monotonic_time () < lease->until_us;
  g_mutex_unlock (&lease->leases->lock);
  return is_held;
}
