/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/postgresql-watch.h"
#include "store/store-state.h"
#include "store/wake-private.h"

/* Not everybody is heard: this is how soon it is noticed. */
#define ALONE_EVERY_US (1 * (gint64) G_USEC_PER_SEC)
/* Everything is said; but who said it may have died before, or not be a server at all. */
#define HEARING_EVERY_US (5 * (gint64) G_USEC_PER_SEC)
/* How long who asks for a company waits for an answer, and how often anybody may. */
#define LOOK_PATIENCE_US (250 * (gint64) 1000)
#define LOOK_EVERY_US (1 * (gint64) G_USEC_PER_SEC)
/* Companies in one query: a plan of that size is still made quickly. */
#define AT_ONCE 50

struct _GuicheWatch {
  GuicheStore *store; /* (not owned) */
  GThread *thread;    /* (owned) */
  GMutex lock;
  GCond changed;       /* is_hurried, is_closing */
  GCond looked;        /* n_rounds */
  gboolean is_hurried; /* (lock) */
  gboolean is_closing; /* (lock) */
  guint64 n_rounds;    /* (lock): finished */
  gint64 looked_us;    /* (lock): when somebody waited last */

  /* (thread watch) */
  GuicheDb *db;       /* (owned) (nullable): NULL while the database does not answer */
  GPtrArray *tenants; /* (owned) (element-type GuicheTenant): whom @queries ask about */
  GPtrArray *queries; /* (owned) (element-type utf8): live as long as the connection */
  gboolean is_silent;
};

static void
close_db (GuicheWatch *self)
{
  g_clear_pointer (&self->db, guiche_db_close);
  g_ptr_array_set_size (self->queries, 0);
  g_clear_pointer (&self->tenants, g_ptr_array_unref);
}

/* Prepared statements are found by their text's address: with new texts comes a new connection. */
static gboolean
open_db (GuicheWatch *self, GError **error)
{
  if (self->db == NULL)
    self->db = guiche_db_open (self->store->control_location, GUICHE_DB_WRITER, error);
  return self->db != NULL;
}

static gboolean
make_queries (GuicheWatch *self, GError **error)
{
  g_autoptr (GPtrArray) tenants = guiche_store_list_tenants (self->store);

  if (self->tenants != NULL && self->tenants->len == tenants->len)
    return TRUE;

  close_db (self);
  self->tenants = g_steal_pointer (&tenants);
  for (guint i = 0; i < self->tenants->len; i += AT_ONCE)
    g_ptr_array_add (self->queries, guiche_postgresql_watch_sql (
                                        self->tenants, i, MIN (AT_ONCE, self->tenants->len - i)));
  return open_db (self, error);
}

static void
take_row (GuicheWatch *self, GuicheStatement *statement)
{
  GuicheTenant *tenant = self->tenants->pdata[guiche_statement_int (statement, 0)];
  gint64 due_us = guiche_statement_int (statement, 2);
  gboolean has_expired = guiche_statement_int (statement, 3) != 0;

  guiche_wakes_found (self->store->wakes, tenant, guiche_statement_int (statement, 1));
  if (has_expired || due_us != GUICHE_NO_JOB)
    guiche_store_note_job (self->store, tenant, has_expired ? 0 : due_us);
}

static gboolean
ask (GuicheWatch *self, const char *sql, GError **error)
{
  GuicheStatement *statement = guiche_db_prepare (self->db, sql, error);
  GError *local_error = NULL;

  if (statement == NULL)
    return FALSE;

  while (guiche_statement_next (statement, &local_error))
    take_row (self, statement);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
ask_all (GuicheWatch *self, GError **error)
{
  gint64 started_us = g_get_monotonic_time ();

  if (!open_db (self, error) || !guiche_store_load_tenants (self->store, self->db, error) ||
      !make_queries (self, error))
    return FALSE;
  for (guint i = 0; i < self->queries->len; i++) {
    if (!ask (self, self->queries->pdata[i], error))
      return FALSE;
  }

  guiche_wakes_count_asked (self->store->wakes, g_get_monotonic_time () - started_us);
  return TRUE;
}

/* Said when it begins and when it ends. */
static void
go_round (GuicheWatch *self)
{
  g_autoptr (GError) error = NULL;
  gboolean is_silent = !ask_all (self, &error);

  if (is_silent)
    close_db (self);
  if (is_silent && !self->is_silent)
    g_warning ("asking what other servers did: %s", error->message);
  if (!is_silent && self->is_silent)
    g_message ("what other servers do is known again");
  self->is_silent = is_silent;
}

/* (lock): FALSE when the store closes. Who is heard may change while this waits. */
static gboolean
wait_for_round (GuicheWatch *self, gint64 started_us)
{
  gint64 due_us = started_us + ALONE_EVERY_US;
  gint64 now_us = g_get_monotonic_time ();

  while (!self->is_closing && !self->is_hurried && now_us < due_us) {
    g_cond_wait_until (&self->changed, &self->lock, MIN (due_us, now_us + ALONE_EVERY_US));
    due_us = started_us +
             (guiche_wakes_are_complete (self->store->wakes) ? HEARING_EVERY_US : ALONE_EVERY_US);
    now_us = g_get_monotonic_time ();
  }
  self->is_hurried = FALSE;
  return !self->is_closing;
}

static gpointer
watch_thread (gpointer data)
{
  GuicheWatch *self = data;
  gboolean goes_on = TRUE;

  while (goes_on) {
    gint64 started_us = g_get_monotonic_time ();

    go_round (self);
    g_mutex_lock (&self->lock);
    self->n_rounds++;
    g_cond_broadcast (&self->looked);
    goes_on = wait_for_round (self, started_us);
    g_mutex_unlock (&self->lock);
  }

  close_db (self);
  return NULL;
}

GuicheWatch *
guiche_watch_new (GuicheStore *store)
{
  GuicheWatch *self = g_new0 (GuicheWatch, 1);

  self->store = store;
  self->queries = g_ptr_array_new_with_free_func (g_free);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_cond_init (&self->looked);
  self->thread = g_thread_new ("watch", watch_thread, self);
  return self;
}

void
guiche_watch_free (GuicheWatch *self)
{
  if (self == NULL)
    return;

  g_mutex_lock (&self->lock);
  self->is_closing = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  g_ptr_array_unref (self->queries);
  g_cond_clear (&self->looked);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
guiche_watch_hurry (GuicheWatch *self)
{
  g_mutex_lock (&self->lock);
  self->is_hurried = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* The round that runs may have passed what is looked for: the next one counts. */
void
guiche_watch_look (GuicheWatch *self)
{
  gint64 now_us = g_get_monotonic_time ();
  guint64 n_rounds;

  g_mutex_lock (&self->lock);
  n_rounds = self->n_rounds;
  if (now_us - self->looked_us >= LOOK_EVERY_US) {
    self->looked_us = now_us;
    self->is_hurried = TRUE;
    g_cond_signal (&self->changed);
    while (self->n_rounds == n_rounds &&
           g_cond_wait_until (&self->looked, &self->lock, now_us + LOOK_PATIENCE_US))
      ;
  }
  g_mutex_unlock (&self->lock);
}
