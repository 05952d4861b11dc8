/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/node-store.h"

void
guiche_presence_row_free (GuichePresenceRow *self)
{
  g_free (self->tenant);
  g_free (self->node);
  g_free (self->status);
  g_free (self);
}

static gboolean
remove_row (GuicheDb *db,
            const char *node,
            const char *tenant,
            const GuicheId *user_id,
            GError **error)
{
  static const char sql[] = "DELETE FROM presence WHERE tenant = $1 AND user_id = $2 AND node = $3";
  GuicheStatement *statement = guiche_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_text (statement, 1, tenant);
  guiche_statement_bind_id (statement, 2, user_id);
  guiche_statement_bind_text (statement, 3, node);
  return guiche_statement_run (statement, NULL, error);
}

gboolean
guiche_presence_store_set (GuicheDb *db,
                           const char *node,
                           const char *tenant,
                           const GuicheId *user_id,
                           const char *status,
                           gint64 now_us,
                           GError **error)
{
  static const char sql[] =
      "INSERT INTO presence (tenant, user_id, node, status, changed_at) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, user_id, node) DO UPDATE "
      "SET status = excluded.status, changed_at = excluded.changed_at";
  GuicheStatement *statement;

  if (status == NULL)
    return remove_row (db, node, tenant, user_id, error);

  statement = guiche_db_prepare (db, sql, error);
  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_text (statement, 1, tenant);
  guiche_statement_bind_id (statement, 2, user_id);
  guiche_statement_bind_text (statement, 3, node);
  guiche_statement_bind_text (statement, 4, status);
  guiche_statement_bind_int (statement, 5, now_us);
  return guiche_statement_run (statement, NULL, error);
}

static GuichePresenceRow *
read_row (GuicheStatement *statement)
{
  GuichePresenceRow *row = g_new0 (GuichePresenceRow, 1);

  row->tenant = g_strdup (guiche_statement_text (statement, 0));
  row->user_id = guiche_statement_id (statement, 1);
  row->node = g_strdup (guiche_statement_text (statement, 2));
  row->status = g_strdup (guiche_statement_text (statement, 3));
  row->changed_us = guiche_statement_int (statement, 4);
  return row;
}

GPtrArray *
guiche_presence_store_list (GuicheDb *db, const char *node, gint64 now_us, GError **error)
{
  static const char sql[] =
      "SELECT presence.tenant, presence.user_id, presence.node, presence.status, "
      "presence.changed_at FROM presence JOIN nodes ON nodes.name = presence.node "
      "WHERE presence.node <> $1 AND nodes.heartbeat_at > $2 "
      "ORDER BY presence.tenant, presence.user_id, presence.node";
  g_autoptr (GPtrArray) rows =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_presence_row_free);
  GuicheStatement *statement = guiche_db_prepare (db, sql, error);
  GError *local_error = NULL;

  if (statement == NULL)
    return NULL;

  guiche_statement_bind_text (statement, 1, node);
  guiche_statement_bind_int (statement, 2, now_us - GUICHE_NODE_DEAD_AFTER_US);
  while (guiche_statement_next (statement, &local_error))
    g_ptr_array_add (rows, read_row (statement));
  if (local_error == NULL)
    return g_steal_pointer (&rows);

  g_propagate_error (error, local_error);
  return NULL;
}
