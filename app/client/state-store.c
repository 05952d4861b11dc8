/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/stores.h"

gint64
guiche_state_get_number (GuicheDatabase *db, const char *name)
{
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "SELECT number FROM state WHERE name = ?1");
  gint64 number = 0;

  guiche_bind_text (statement, 1, name);
  if (guiche_database_next (db, statement, NULL))
    number = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return number;
}

gboolean
guiche_state_set_number (GuicheDatabase *db, const char *name, gint64 number, GError **error)
{
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "INSERT INTO state (name, number) VALUES (?1, ?2) ON CONFLICT "
                                   "(name) DO UPDATE SET number = ?2");

  guiche_bind_text (statement, 1, name);
  sqlite3_bind_int64 (statement, 2, number);
  return guiche_database_run (db, statement, error);
}

GuicheId
guiche_state_get_id (GuicheDatabase *db, const char *name)
{
  sqlite3_stmt *statement = guiche_database_prepare (db, "SELECT id FROM state WHERE name = ?1");
  GuicheId id = GUICHE_ID_NONE;

  guiche_bind_text (statement, 1, name);
  if (guiche_database_next (db, statement, NULL))
    id = guiche_column_id_value (statement, 0);
  sqlite3_reset (statement);
  return id;
}

gboolean
guiche_state_set_id (GuicheDatabase *db, const char *name, const GuicheId *id, GError **error)
{
  sqlite3_stmt *statement = guiche_database_prepare (
      db, "INSERT INTO state (name, id) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET id = ?2");

  guiche_bind_text (statement, 1, name);
  guiche_bind_id (statement, 2, id);
  return guiche_database_run (db, statement, error);
}

gboolean
guiche_state_wipe (GuicheDatabase *db, GError **error)
{
  return guiche_database_execute (
      db,
      "INSERT INTO gone (doc, body) SELECT doc, body FROM messages WHERE body <> '';"
      "DELETE FROM conversations; DELETE FROM messages; DELETE FROM customers; DELETE FROM users;"
      "DELETE FROM queues; DELETE FROM canned_replies; DELETE FROM read_marks; DELETE FROM drafts;"
      "DELETE FROM scheduled;",
      error);
}
