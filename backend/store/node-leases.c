/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/node-leases.h"

#include "store/node-store.h"

#include <string.h>

#define LEASE_US (15 * (gint64) G_USEC_PER_SEC)
#define RENEW_US (LEASE_US / 3)

typedef struct {
  const char *name; /* (not owned): a literal */
  gint64 token;
  gint64 until_us; /* monotonic, of this node; 0: another's */
  gint64 renew_us; /* monotonic: when to ask again */
} Lease;

struct _GuicheNodeLeases {
  char *owner; /* (owned) */
  GMutex lock;
  GArray *leases; /* (owned) (lock) (element-type Lease): grows only */
};

GuicheNodeLeases *
guiche_node_leases_new (const char *owner)
{
  GuicheNodeLeases *self = g_new0 (GuicheNodeLeases, 1);

  self->owner = g_strdup (owner);
  self->leases = g_array_new (FALSE, TRUE, sizeof (Lease));
  g_mutex_init (&self->lock);
  return self;
}

void
guiche_node_leases_free (GuicheNodeLeases *self)
{
  g_mutex_clear (&self->lock);
  g_array_unref (self->leases);
  g_free (self->owner);
  g_free (self);
}

void
guiche_node_leases_want (GuicheNodeLeases *self, const char *name)
{
  Lease lease = { .name = name };

  g_mutex_lock (&self->lock);
  g_array_append_val (self->leases, lease);
  g_mutex_unlock (&self->lock);
}

gboolean
guiche_node_leases_hold (GuicheNodeLeases *self, const char *name, gint64 *out_token)
{
  gint64 now_us = g_get_monotonic_time ();
  gboolean is_held = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->leases->len && !is_held; i++) {
    const Lease *lease = &g_array_index (self->leases, Lease, i);

    is_held = strcmp (lease->name, name) == 0 && now_us < lease->until_us;
    if (is_held && out_token != NULL)
      *out_token = lease->token;
  }
  g_mutex_unlock (&self->lock);
  return is_held;
}

/* FALSE when there is no @i-th. */
static gboolean
copy_lease (GuicheNodeLeases *self, guint i, Lease *out_lease)
{
  gboolean is_there;

  g_mutex_lock (&self->lock);
  is_there = i < self->leases->len;
  if (is_there)
    *out_lease = g_array_index (self->leases, Lease, i);
  g_mutex_unlock (&self->lock);
  return is_there;
}

gboolean
guiche_node_leases_renew (GuicheNodeLeases *self, GuicheDb *db, gint64 now_us, GError **error)
{
  Lease lease;

  for (guint i = 0; copy_lease (self, i, &lease); i++) {
    gint64 asked_us = g_get_monotonic_time ();

    if (asked_us < lease.renew_us)
      continue;
    if (!guiche_lease_try (db, lease.name, self->owner, now_us, LEASE_US, &lease.token, error))
      return FALSE;

    lease.until_us = lease.token == 0 ? 0 : asked_us + LEASE_US;
    lease.renew_us = asked_us + RENEW_US;
    g_mutex_lock (&self->lock);
    g_array_index (self->leases, Lease, i) = lease;
    g_mutex_unlock (&self->lock);
  }

  return TRUE;
}
