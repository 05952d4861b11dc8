/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/postgresql-pool.h"

#include "store/postgresql-private.h"

#include <string.h>

/* How long a lease is waited for when all connections are in use. */
#define LEASE_US (5 * (gint64) G_USEC_PER_SEC)
#define IDLE_US (60 * (gint64) G_USEC_PER_SEC)

struct _GuichePostgresqlPool {
  char *application_name; /* (owned) */
  guint max_connections;
  guint max_readers; /* the rest is the writers' */
  GMutex lock;
  GCond given_back;
  GPtrArray *idle; /* (owned) (lock) (element-type GuichePostgresql): the last used at the end */
  guint n_open;    /* (lock): with those being opened */
  guint n_reading; /* (lock) */
  guint n_waiting_writers; /* (lock) */
  guint n_waiting;         /* (lock) */
};

GuichePostgresqlPool *
guiche_postgresql_pool_new (const char *application_name, guint max_connections)
{
  GuichePostgresqlPool *self = g_new0 (GuichePostgresqlPool, 1);

  self->application_name = g_strdup (application_name);
  self->max_connections = MAX (max_connections, 2);
  self->max_readers = MAX (self->max_connections * 3 / 4, 1);
  self->idle = g_ptr_array_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->given_back);
  return self;
}

void
guiche_postgresql_pool_free (GuichePostgresqlPool *self)
{
  if (self == NULL)
    return;

  g_assert (self->n_open == self->idle->len);
  for (guint i = 0; i < self->idle->len; i++)
    guiche_postgresql_disconnect (self->idle->pdata[i]);
  g_ptr_array_unref (self->idle);
  g_cond_clear (&self->given_back);
  g_mutex_clear (&self->lock);
  g_free (self->application_name);
  g_free (self);
}

/* (lock): one of that schema, the last used first; or else (@any) the one that rests longest. */
static GuichePostgresql *
take_idle (GuichePostgresqlPool *self, const char *schema, gboolean any)
{
  for (guint i = self->idle->len; i > 0; i--) {
    GuichePostgresql *connection = self->idle->pdata[i - 1];

    if (strcmp (connection->base.name, schema) == 0)
      return g_ptr_array_steal_index (self->idle, i - 1);
  }

  return any && self->idle->len > 0 ? g_ptr_array_steal_index (self->idle, 0) : NULL;
}

static GuichePostgresql *
open_one (GuichePostgresqlPool *self, const GuicheDbLocation *location, GError **error)
{
  GuicheDb *db = guiche_postgresql_connect (location, self->application_name, error);

  if (db != NULL) {
    ((GuichePostgresql *) db)->pool = self;
    return (GuichePostgresql *) db;
  }

  g_mutex_lock (&self->lock);
  self->n_open--;
  g_cond_broadcast (&self->given_back);
  g_mutex_unlock (&self->lock);
  return NULL;
}

/* (lock): FALSE when the time is over. */
static gboolean
wait_for_one (GuichePostgresqlPool *self, GuicheDbRole role, gint64 until_us)
{
  gboolean is_in_time;

  self->n_waiting++;
  self->n_waiting_writers += role == GUICHE_DB_WRITER;
  is_in_time = g_cond_wait_until (&self->given_back, &self->lock, until_us);
  self->n_waiting_writers -= role == GUICHE_DB_WRITER;
  self->n_waiting--;
  return is_in_time;
}

/* An idle connection, or NULL with @out_may_open; counted as in use either way. FALSE when there
 * was none in time. */
static gboolean
reserve (GuichePostgresqlPool *self,
         const char *schema,
         GuicheDbRole role,
         GuichePostgresql **out_idle)
{
  gint64 until_us = g_get_monotonic_time () + LEASE_US;
  gboolean is_reserved = FALSE;
  gboolean is_in_time = TRUE;

  *out_idle = NULL;
  g_mutex_lock (&self->lock);
  while (!is_reserved && is_in_time) {
    if (role == GUICHE_DB_WRITER ||
        (self->n_reading < self->max_readers && self->n_waiting_writers == 0)) {
      gboolean is_full = self->n_open >= self->max_connections;

      *out_idle = take_idle (self, schema, is_full);
      is_reserved = *out_idle != NULL || !is_full;
      self->n_open += is_reserved && *out_idle == NULL;
    }
    if (!is_reserved)
      is_in_time = wait_for_one (self, role, until_us);
  }
  if (is_reserved)
    self->n_reading += role == GUICHE_DB_READER;
  g_mutex_unlock (&self->lock);

  return is_reserved;
}

static void
release_reader (GuichePostgresqlPool *self, GuicheDbRole role)
{
  g_mutex_lock (&self->lock);
  self->n_reading -= role == GUICHE_DB_READER;
  g_cond_broadcast (&self->given_back);
  g_mutex_unlock (&self->lock);
}

static void
discard (GuichePostgresqlPool *self, GuichePostgresql *connection)
{
  guiche_postgresql_disconnect (connection);
  g_mutex_lock (&self->lock);
  self->n_open--;
  g_cond_broadcast (&self->given_back);
  g_mutex_unlock (&self->lock);
}

GuicheDb *
guiche_postgresql_pool_lease (GuichePostgresqlPool *self,
                              const GuicheDbLocation *location,
                              GuicheDbRole role,
                              GError **error)
{
  GuichePostgresql *connection = NULL;

  while (connection == NULL) {
    if (!reserve (self, location->schema, role, &connection)) {
      g_propagate_error (
          error, guiche_postgresql_lost_error (location->schema,
                                               "all connections to the database are in use"));
      return NULL;
    }
    if (connection == NULL) {
      connection = open_one (self, location, error);
      if (connection == NULL) {
        release_reader (self, role);
        return NULL;
      }
    } else if (!guiche_postgresql_is_alive (connection) ||
               !guiche_postgresql_select_schema (connection, location->schema, NULL)) {
      discard (self, g_steal_pointer (&connection));
      release_reader (self, role);
    }
  }

  connection->is_reading = role == GUICHE_DB_READER;
  return &connection->base;
}

void
guiche_postgresql_pool_give_back (GuichePostgresqlPool *self, GuichePostgresql *connection)
{
  GuicheDbRole role = connection->is_reading ? GUICHE_DB_READER : GUICHE_DB_WRITER;

  guiche_db_roll_back (&connection->base);
  release_reader (self, role);
  if (connection->is_lost) {
    discard (self, connection);
    return;
  }

  connection->has_late_error = FALSE;
  connection->idle_since_us = g_get_monotonic_time ();
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->idle, connection);
  g_cond_broadcast (&self->given_back);
  g_mutex_unlock (&self->lock);
}

gboolean
guiche_postgresql_pool_is_short (GuichePostgresqlPool *self)
{
  gboolean is_short;

  g_mutex_lock (&self->lock);
  is_short = self->n_waiting > 0;
  g_mutex_unlock (&self->lock);
  return is_short;
}

void
guiche_postgresql_pool_tidy (GuichePostgresqlPool *self)
{
  gint64 before_us = g_get_monotonic_time () - IDLE_US;
  g_autoptr (GPtrArray) old = g_ptr_array_new ();

  g_mutex_lock (&self->lock);
  while (self->idle->len > 0 &&
         ((GuichePostgresql *) self->idle->pdata[0])->idle_since_us < before_us)
    g_ptr_array_add (old, g_ptr_array_steal_index (self->idle, 0));
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < old->len; i++)
    discard (self, old->pdata[i]);
}

guint
guiche_postgresql_pool_count (GuichePostgresqlPool *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->n_open;
  g_mutex_unlock (&self->lock);
  return n;
}

void
guiche_postgresql_pool_get_stats (GuichePostgresqlPool *self, GuichePoolStats *out_stats)
{
  g_mutex_lock (&self->lock);
  *out_stats = (GuichePoolStats){
    .open = self->n_open,
    .idle = self->idle->len,
    .waiting = self->n_waiting,
    .limit = self->max_connections,
  };
  g_mutex_unlock (&self->lock);
}
