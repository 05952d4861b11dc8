/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/node-store.h"

#include <string.h>

void
guiche_node_row_free (GuicheNodeRow *self)
{
  g_free (self->name);
  g_free (self->boot);
  g_free (self->version);
  g_free (self->address);
  g_free (self);
}

static gboolean
forget_presence (GuicheDb *db, const char *node, GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (db, "DELETE FROM presence WHERE node = $1", error);

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_text (statement, 1, node);
  return guiche_statement_run (statement, NULL, error);
}

gboolean
guiche_node_store_enter (GuicheDb *db,
                         const GuicheNodeName *node,
                         const char *last_boot,
                         const char *version,
                         gint64 now_us,
                         gboolean *out_is_entered,
                         GError **error)
{
  static const char sql[] =
      "INSERT INTO nodes (name, boot, version, address, started_at, heartbeat_at) "
      "VALUES ($1, $2, $3, '', $4, $4) ON CONFLICT (name) DO UPDATE SET boot = excluded.boot, "
      "version = excluded.version, address = '', started_at = excluded.started_at, "
      "heartbeat_at = excluded.heartbeat_at "
      "WHERE nodes.heartbeat_at < $5 OR nodes.boot = excluded.boot OR nodes.boot = $6";
  GuicheStatement *statement = guiche_db_prepare (db, sql, error);
  gint64 n_changed;

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_text (statement, 1, node->name);
  guiche_statement_bind_text (statement, 2, node->boot);
  guiche_statement_bind_text (statement, 3, version);
  guiche_statement_bind_int (statement, 4, now_us);
  guiche_statement_bind_int (statement, 5, now_us - GUICHE_NODE_DEAD_AFTER_US);
  guiche_statement_bind_text (statement, 6, last_boot);
  if (!guiche_statement_run (statement, &n_changed, error))
    return FALSE;

  *out_is_entered = n_changed > 0;
  return !*out_is_entered || forget_presence (db, node->name, error);
}

gboolean
guiche_node_store_beat (GuicheDb *db,
                        const GuicheNodeName *node,
                        GuicheHeartbeat *heartbeat,
                        GError **error)
{
  static const char sql[] =
      "UPDATE nodes SET heartbeat_at = $3, address = $4, is_heard = $5 WHERE name = $1 "
      "AND boot = $2 RETURNING (SELECT COUNT(*) FROM nodes AS other WHERE other.name <> $1 "
      "AND other.heartbeat_at > $6 AND other.is_heard = 0)";
  GuicheStatement *statement = guiche_db_prepare (db, sql, error);
  GError *local_error = NULL;

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_text (statement, 1, node->name);
  guiche_statement_bind_text (statement, 2, node->boot);
  guiche_statement_bind_int (statement, 3, heartbeat->now_us);
  guiche_statement_bind_text (statement, 4, heartbeat->address);
  guiche_statement_bind_int (statement, 5, heartbeat->is_heard);
  guiche_statement_bind_int (statement, 6, heartbeat->now_us - GUICHE_NODE_DEAD_AFTER_US);
  heartbeat->is_known = guiche_statement_next (statement, &local_error);
  heartbeat->others_are_heard = heartbeat->is_known && guiche_statement_int (statement, 0) == 0;
  guiche_statement_reset (statement);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
guiche_node_store_leave (GuicheDb *db, const GuicheNodeName *node, GError **error)
{
  GuicheStatement *leases =
      guiche_db_prepare (db, "UPDATE leases SET expires_at = 0 WHERE owner = $1", error);
  GuicheStatement *nodes =
      guiche_db_prepare (db, "DELETE FROM nodes WHERE name = $1 AND boot = $2", error);

  if (leases == NULL || nodes == NULL)
    return FALSE;

  guiche_statement_bind_text (leases, 1, node->owner);
  guiche_statement_bind_text (nodes, 1, node->name);
  guiche_statement_bind_text (nodes, 2, node->boot);
  return guiche_statement_run (leases, NULL, error) && guiche_statement_run (nodes, NULL, error);
}

gboolean
guiche_node_store_forget (GuicheDb *db, gint64 before_us, GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (db, "DELETE FROM nodes WHERE heartbeat_at < $1", error);

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_int (statement, 1, before_us);
  return guiche_statement_run (statement, NULL, error);
}

static GuicheNodeRow *
read_node (GuicheStatement *statement, const GuicheNodeName *self, gint64 now_us)
{
  GuicheNodeRow *row = g_new0 (GuicheNodeRow, 1);

  row->name = g_strdup (guiche_statement_text (statement, 0));
  row->boot = g_strdup (guiche_statement_text (statement, 1));
  row->version = g_strdup (guiche_statement_text (statement, 2));
  row->address = g_strdup (guiche_statement_text (statement, 3));
  row->started_us = guiche_statement_int (statement, 4);
  row->silent_us = MAX (0, now_us - guiche_statement_int (statement, 5));
  row->is_alive = row->silent_us < GUICHE_NODE_DEAD_AFTER_US;
  row->is_self = strcmp (row->boot, self->boot) == 0;
  return row;
}

GPtrArray *
guiche_node_store_list (GuicheDb *db, const GuicheNodeName *self, gint64 now_us, GError **error)
{
  static const char sql[] =
      "SELECT name, boot, version, address, started_at, heartbeat_at FROM nodes ORDER BY name";
  g_autoptr (GPtrArray) rows =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_node_row_free);
  GuicheStatement *statement = guiche_db_prepare (db, sql, error);
  GError *local_error = NULL;

  if (statement == NULL)
    return NULL;

  while (guiche_statement_next (statement, &local_error))
    g_ptr_array_add (rows, read_node (statement, self, now_us));
  if (local_error == NULL)
    return g_steal_pointer (&rows);

  g_propagate_error (error, local_error);
  return NULL;
}

gboolean
guiche_lease_try (GuicheDb *db,
                  const char *name,
                  const char *owner,
                  gint64 now_us,
                  gint64 lease_us,
                  gint64 *out_token,
                  GError **error)
{
  static const char sql[] =
      "INSERT INTO leases (name, owner, expires_at, token) VALUES ($1, $2, $3, 1) "
      "ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at, "
      "token = leases.token + CASE WHEN leases.owner = excluded.owner THEN 0 ELSE 1 END "
      "WHERE leases.owner = excluded.owner OR leases.expires_at < $4 RETURNING token";
  GuicheStatement *statement = guiche_db_prepare (db, sql, error);
  GError *local_error = NULL;

  if (statement == NULL)
    return FALSE;

  *out_token = 0;
  guiche_statement_bind_text (statement, 1, name);
  guiche_statement_bind_text (statement, 2, owner);
  guiche_statement_bind_int (statement, 3, now_us + lease_us);
  guiche_statement_bind_int (statement, 4, now_us);
  if (guiche_statement_next (statement, &local_error))
    *out_token = guiche_statement_int (statement, 0);
  guiche_statement_reset (statement);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
guiche_lease_release (GuicheDb *db, const char *name, const char *owner, GError **error)
{
  static const char sql[] = "UPDATE leases SET expires_at = 0 WHERE name = $1 AND owner = $2";
  GuicheStatement *statement = guiche_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_text (statement, 1, name);
  guiche_statement_bind_text (statement, 2, owner);
  return guiche_statement_run (statement, NULL, error);
}
