/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/event-private.h"
#include "store/tx-private.h"

GuicheTx *
guiche_tx_new (const char *tenant,
               const guint8 *audit_key,
               GuicheClock *clock,
               guint64 id_seed,
               gboolean is_read_only)
{
  GuicheTx *self = g_new0 (GuicheTx, 1);

  self->tenant = tenant;
  self->audit_key = audit_key;
  self->clock = guiche_clock_ref (clock);
  self->id_seed = id_seed;
  self->is_read_only = is_read_only;
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_event_unref);
  self->job_due_us = GUICHE_NO_JOB;
  self->caches = g_array_new (FALSE, FALSE, sizeof (GuicheTxCache));
  return self;
}

void
guiche_tx_free (GuicheTx *self)
{
  if (self == NULL)
    return;

  guiche_tx_clear_caches (self);
  g_array_unref (self->caches);
  g_ptr_array_unref (self->events);
  g_clear_pointer (&self->ids, guiche_id_source_free);
  guiche_clock_unref (self->clock);
  g_free (self);
}

static gboolean
load_last_seq (GuicheTx *self, GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (self->db, "SELECT COALESCE(MAX(seq), 0) FROM events", error);

  if (statement == NULL || !guiche_statement_next (statement, error))
    return FALSE;

  self->last_seq = guiche_statement_int (statement, 0);
  guiche_statement_reset (statement);
  return TRUE;
}

/* A seeded source must not give the ids of its last run again: where the events stand tells runs
 * apart, the same way each time. */
void
guiche_tx_start_ids (GuicheTx *self)
{
  guint64 seed = self->id_seed;

  if (self->ids != NULL)
    return;
  if (seed != 0)
    seed += (guint64) self->last_seq * 0x9e3779b97f4a7c15ULL;
  self->ids = guiche_id_source_new (self->clock, seed == 0 && self->id_seed != 0 ? 1 : seed);
}

gboolean
guiche_tx_attach (GuicheTx *self, GuicheDb *db, GError **error)
{
  self->thread = g_thread_self ();
  self->db = db;
  guiche_tx_clear_caches (self);
  if (self->is_read_only && self->ids != NULL)
    return TRUE;
  if (!load_last_seq (self, error))
    return FALSE;

  guiche_tx_start_ids (self);
  return self->is_read_only || guiche_audit_load_head (db, &self->audit, error);
}

void
guiche_tx_begin_request (GuicheTx *self, const GuicheActor *actor, GuicheTxMark *out_mark)
{
  self->actor = actor;
  self->now_us = guiche_clock_now_us (self->clock);
  self->savepoint = GUICHE_SAVEPOINT_WANTED;
  guiche_db_set_deferring (self->db, FALSE);
  if (out_mark == NULL)
    return;

  out_mark->n_events = self->events->len;
  out_mark->last_seq = self->last_seq;
  out_mark->job_due_us = self->job_due_us;
  out_mark->audit = self->audit;
}

void
guiche_tx_undo (GuicheTx *self, const GuicheTxMark *mark)
{
  if (self->events->len > mark->n_events)
    g_ptr_array_remove_range (self->events, mark->n_events, self->events->len - mark->n_events);
  self->last_seq = mark->last_seq;
  self->job_due_us = mark->job_due_us;
  self->audit = mark->audit;
  guiche_tx_clear_caches (self);
}

GPtrArray *
guiche_tx_steal_events (GuicheTx *self)
{
  GPtrArray *events = self->events;

  if (events->len == 0)
    return NULL;

  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_event_unref);
  return events;
}

const char *
guiche_tx_tenant (GuicheTx *self)
{
  return self->tenant;
}

gint64
guiche_tx_now_us (GuicheTx *self)
{
  return self->now_us;
}

GuicheId
guiche_tx_new_id (GuicheTx *self)
{
  g_assert (self->thread == g_thread_self ());

  return guiche_id_source_next (self->ids);
}

const GuicheActor *
guiche_tx_actor (GuicheTx *self)
{
  return self->actor;
}

void
guiche_tx_act_as (GuicheTx *self, const GuicheActor *actor, gint64 now_us)
{
  g_assert (self->thread == g_thread_self ());

  self->actor = actor;
  self->now_us = now_us;
}

gboolean
guiche_tx_is_read_only (GuicheTx *self)
{
  return self->is_read_only;
}

void
guiche_tx_expect_success (GuicheTx *self)
{
  if (self->savepoint != GUICHE_SAVEPOINT_WANTED || self->is_careful)
    return;

  self->savepoint = GUICHE_SAVEPOINT_WAIVED;
  guiche_db_set_deferring (self->db, TRUE);
}

gboolean
guiche_tx_open_careful_savepoint (GuicheTx *self, GError **error)
{
  if (!self->is_careful)
    return TRUE;

  self->savepoint = GUICHE_SAVEPOINT_OPEN;
  return guiche_db_run (self->db, "SAVEPOINT request", error);
}

GuicheStatement *
guiche_tx_prepare (GuicheTx *self, const char *sql, GError **error)
{
  GuicheStatement *statement;

  g_assert (self->thread == g_thread_self ());

  statement = guiche_db_prepare (self->db, sql, error);
  if (statement == NULL || self->savepoint != GUICHE_SAVEPOINT_WANTED || self->is_read_only ||
      !guiche_statement_is_writing (statement))
    return statement;

  if (!guiche_db_run (self->db, "SAVEPOINT request", error))
    return NULL;
  self->savepoint = GUICHE_SAVEPOINT_OPEN;
  return statement;
}

gboolean
guiche_tx_emit (GuicheTx *self,
                const char *kind,
                const char *audience,
                const GuicheId *entity,
                const char *data,
                gsize data_length,
                GError **error)
{
  static const char sql[] = "INSERT INTO events (seq, at, kind, audience, entity, data) "
                            "VALUES ($1, $2, $3, $4, $5, $6)";
  GuicheStatement *statement = guiche_tx_prepare (self, sql, error);
  gint64 seq = self->last_seq + 1;

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_int (statement, 1, seq);
  guiche_statement_bind_int (statement, 2, self->now_us);
  guiche_statement_bind_text (statement, 3, kind);
  guiche_statement_bind_text (statement, 4, audience);
  guiche_statement_bind_id (statement, 5, entity);
  guiche_statement_bind_text_length (statement, 6, data, data_length);
  if (!guiche_statement_run (statement, NULL, error))
    return FALSE;

  self->last_seq = seq;
  g_ptr_array_add (self->events,
                   guiche_event_new (seq, self->now_us, kind, audience, entity, data, data_length));
  return TRUE;
}

static GuicheTxCache *
find_cache (GuicheTx *self, gconstpointer key)
{
  for (guint i = 0; i < self->caches->len; i++) {
    GuicheTxCache *cache = &g_array_index (self->caches, GuicheTxCache, i);

    if (cache->key == key)
      return cache;
  }

  return NULL;
}

gpointer
guiche_tx_get_cache (GuicheTx *self, gconstpointer key)
{
  GuicheTxCache *cache = find_cache (self, key);

  return cache == NULL ? NULL : cache->value;
}

/**
 * guiche_tx_set_cache:
 * @key: an address of the domain's own, such as that of a static variable
 * @value: (nullable) (transfer full): %NULL drops what is there
 *
 * On the writer the value stays until a request or batch is rolled back; a reader forgets it with
 * the transaction.
 */
void
guiche_tx_set_cache (GuicheTx *self, gconstpointer key, gpointer value, GDestroyNotify destroy)
{
  GuicheTxCache *cache = find_cache (self, key);
  GuicheTxCache added = { .key = key, .value = value, .destroy = destroy };

  if (cache == NULL) {
    g_array_append_val (self->caches, added);
    return;
  }
  if (cache->destroy != NULL && cache->value != NULL && cache->value != value)
    cache->destroy (cache->value);
  *cache = added;
}

void
guiche_tx_clear_caches (GuicheTx *self)
{
  for (guint i = 0; i < self->caches->len; i++) {
    GuicheTxCache *cache = &g_array_index (self->caches, GuicheTxCache, i);

    if (cache->destroy != NULL && cache->value != NULL)
      cache->destroy (cache->value);
  }
  g_array_set_size (self->caches, 0);
}
