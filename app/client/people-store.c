/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "client/stores.h"

/* Everything of a person that is looked for by digits, one space between. */
static char *
search_digits (const GuicheCustomerRecord *record)
{
  g_autoptr (GString) digits = g_string_new (record->document);

  for (gsize i = 0; record->phones != NULL && record->phones[i] != NULL; i++)
    g_string_append_printf (digits, " %s", record->phones[i]);
  if (record->contract != NULL) {
    g_autofree char *contract = guiche_text_digits (record->contract);
    g_string_append_printf (digits, " %s", contract);
  }
  return g_string_free (g_steal_pointer (&digits), FALSE);
}

static char *
search_text (const GuicheCustomerRecord *record)
{
  g_autoptr (GString) text = g_string_new (record->name);

  for (gsize i = 0; record->emails != NULL && record->emails[i] != NULL; i++)
    g_string_append_printf (text, " %s", record->emails[i]);
  if (record->contract != NULL)
    g_string_append_printf (text, " %s", record->contract);
  return guiche_text_fold (text->str);
}

gboolean
guiche_customer_store_put (GuicheDatabase *db, const GuicheCustomerRecord *record, GError **error)
{
  g_autofree char *digits = search_digits (record);
  g_autofree char *folded = search_text (record);
  sqlite3_stmt *statement = guiche_database_prepare (
      db, "INSERT OR REPLACE INTO customers (id, name, folded, digits, phones, emails, document, "
          "contract, plan, address,"
          " status, notes, created_at, updated_at)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");

  guiche_bind_id (statement, 1, &record->id);
  guiche_bind_text (statement, 2, record->name);
  guiche_bind_text (statement, 3, folded);
  guiche_bind_text (statement, 4, digits);
  guiche_bind_strv (statement, 5, record->phones);
  guiche_bind_strv (statement, 6, record->emails);
  guiche_bind_text (statement, 7, record->document);
  guiche_bind_text (statement, 8, record->contract);
  guiche_bind_text (statement, 9, record->plan);
  guiche_bind_text (statement, 10, record->address);
  guiche_bind_text (statement, 11, record->status);
  guiche_bind_text (statement, 12, record->notes);
  sqlite3_bind_int64 (statement, 13, record->created_at);
  sqlite3_bind_int64 (statement, 14, record->updated_at);
  return guiche_database_run (db, statement, error);
}

GuicheCustomerRow *
guiche_customer_store_read (GuicheDatabase *db, const char *id)
{
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "SELECT id, name, phones, emails, document, contract, plan, "
                                   "address, status, notes, created_at, updated_at"
                                   " FROM customers WHERE id = ?1");
  GuicheCustomerRow *row = NULL;

  guiche_bind_id_text (statement, 1, id);
  if (guiche_database_next (db, statement, NULL)) {
    row = g_new0 (GuicheCustomerRow, 1);
    row->id = guiche_column_id (statement, 0);
    row->name = guiche_column_text (statement, 1);
    row->phones = guiche_column_strv (statement, 2);
    row->emails = guiche_column_strv (statement, 3);
    row->document = guiche_column_text (statement, 4);
    row->contract = guiche_column_text (statement, 5);
    row->plan = guiche_column_text (statement, 6);
    row->address = guiche_column_text (statement, 7);
    row->status = guiche_column_text (statement, 8);
    row->notes = guiche_column_text (statement, 9);
    row->created_at = sqlite3_column_int64 (statement, 10);
    row->updated_at = sqlite3_column_int64 (statement, 11);
  }
  sqlite3_reset (statement);
  return row;
}

gboolean
guiche_user_store_put (GuicheDatabase *db, const GuicheUserRecord *record, GError **error)
{
  sqlite3_stmt *statement = guiche_database_prepare (
      db,
      "INSERT OR REPLACE INTO users (id, login, name, role, email, status_text, is_enabled, queues)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

  guiche_bind_id (statement, 1, &record->id);
  guiche_bind_text (statement, 2, record->login);
  guiche_bind_text (statement, 3, record->name);
  guiche_bind_text (statement, 4, record->role);
  guiche_bind_text (statement, 5, record->email);
  guiche_bind_text (statement, 6, record->status_text);
  sqlite3_bind_int64 (statement, 7, record->is_enabled);
  guiche_bind_strv (statement, 8, record->queues);
  return guiche_database_run (db, statement, error);
}

gboolean
guiche_user_store_set_access (GuicheDatabase *db, const GuicheAccessRecord *record, GError **error)
{
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "UPDATE users SET role = ?2, queues = ?3 WHERE id = ?1");

  guiche_bind_id (statement, 1, &record->user_id);
  guiche_bind_text (statement, 2, record->role);
  guiche_bind_strv (statement, 3, record->queues);
  return guiche_database_run (db, statement, error);
}

#define USER_COLUMNS                                                                               \
  "SELECT id, login, name, role, email, status_text, is_enabled, queues FROM users "

static GuicheUserRow *
read_user (sqlite3_stmt *statement)
{
  GuicheUserRow *row = g_new0 (GuicheUserRow, 1);

  row->id = guiche_column_id (statement, 0);
  row->login = guiche_column_text (statement, 1);
  row->name = guiche_column_text (statement, 2);
  row->role = guiche_column_text (statement, 3);
  row->email = guiche_column_text (statement, 4);
  row->status_text = guiche_column_text (statement, 5);
  row->is_enabled = sqlite3_column_int (statement, 6) != 0;
  row->queues = guiche_column_strv (statement, 7);
  return row;
}

GuicheUserRow *
guiche_user_store_read (GuicheDatabase *db, const GuicheId *id)
{
  sqlite3_stmt *statement = guiche_database_prepare (db, USER_COLUMNS "WHERE id = ?1");
  GuicheUserRow *row = NULL;

  guiche_bind_id (statement, 1, id);
  if (guiche_database_next (db, statement, NULL))
    row = read_user (statement);
  sqlite3_reset (statement);
  return row;
}

GPtrArray *
guiche_user_store_list (GuicheDatabase *db)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_user_row_free);
  sqlite3_stmt *statement =
      guiche_database_prepare (db, USER_COLUMNS "ORDER BY name COLLATE NOCASE, id");

  while (guiche_database_next (db, statement, NULL))
    g_ptr_array_add (rows, read_user (statement));
  return rows;
}
