/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "people/user-store.h"

#define USER_COLUMNS                                                                               \
  "SELECT id, login, name, role, email, status_text, is_enabled, created_at, updated_at FROM "     \
  "users "

static GuicheUser *
user_from_row (GuicheStatement *row)
{
  GuicheUser *user = g_new0 (GuicheUser, 1);

  user->id = guiche_statement_id (row, 0);
  user->login = g_strdup (guiche_statement_text (row, 1));
  user->name = g_strdup (guiche_statement_text (row, 2));
  user->role = (GuicheRole) guiche_statement_int (row, 3);
  user->email = g_strdup (guiche_statement_text (row, 4));
  user->status_text = g_strdup (guiche_statement_text (row, 5));
  user->is_enabled = guiche_statement_int (row, 6) != 0;
  user->created_at_us = guiche_statement_int (row, 7);
  user->updated_at_us = guiche_statement_int (row, 8);
  return user;
}

static gboolean
load_queues (GuicheTx *tx, GuicheUser *user, GError **error)
{
  g_autoptr (GStrvBuilder) keys = g_strv_builder_new ();
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows =
      guiche_tx_prepare (tx,
                         "SELECT q.key FROM queue_members m JOIN queues q ON q.id = m.queue_id "
                         "WHERE m.user_id = $1 ORDER BY q.key",
                         error);

  if (rows == NULL)
    return FALSE;
  guiche_statement_bind_id (rows, 1, &user->id);
  while (guiche_statement_next (rows, &failure))
    g_strv_builder_add (keys, guiche_statement_text (rows, 0));
  user->queues = g_strv_builder_end (keys);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Reads the one row of @statement; NULL with GUICHE_ERROR_NOT_FOUND when there is none. */
static GuicheUser *
load_one (GuicheTx *tx, GuicheStatement *statement, GError **error)
{
  g_autoptr (GuicheUser) user = NULL;
  g_autoptr (GError) failure = NULL;

  if (guiche_statement_next (statement, &failure))
    user = user_from_row (statement);
  guiche_statement_reset (statement);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  if (user == NULL) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no such user");
    return NULL;
  }
  return load_queues (tx, user, error) ? g_steal_pointer (&user) : NULL;
}

GuicheUser *
guiche_user_load (GuicheTx *tx, const GuicheId *id, GError **error)
{
  GuicheStatement *statement = guiche_tx_prepare (tx, USER_COLUMNS "WHERE id = $1", error);

  if (statement == NULL)
    return NULL;
  guiche_statement_bind_id (statement, 1, id);
  return load_one (tx, statement, error);
}

GuicheUser *
guiche_user_load_by_login (GuicheTx *tx, const char *login, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (login, -1);
  GuicheStatement *statement = guiche_tx_prepare (tx, USER_COLUMNS "WHERE login = $1", error);

  if (statement == NULL)
    return NULL;
  guiche_statement_bind_text (statement, 1, lower);
  return load_one (tx, statement, error);
}

GPtrArray *
guiche_users_list (GuicheTx *tx, GError **error)
{
  g_autoptr (GPtrArray) users = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_user_free);
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows = guiche_tx_prepare (tx, USER_COLUMNS "ORDER BY name, id", error);

  if (rows == NULL)
    return NULL;
  while (guiche_statement_next (rows, &failure))
    g_ptr_array_add (users, user_from_row (rows));
  for (guint i = 0; failure == NULL && i < users->len; i++)
    if (!load_queues (tx, g_ptr_array_index (users, i), &failure))
      break;
  if (failure == NULL)
    return g_steal_pointer (&users);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

gboolean
guiche_user_store_insert (GuicheTx *tx,
                          const GuicheUser *user,
                          const char *password_hash,
                          GError **error)
{
  GuicheStatement *insert = guiche_tx_prepare (
      tx,
      "INSERT INTO users (id, login, name, role, email, status_text, is_enabled, password_hash, "
      "created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
      error);

  if (insert == NULL)
    return FALSE;
  guiche_statement_bind_id (insert, 1, &user->id);
  guiche_statement_bind_text (insert, 2, user->login);
  guiche_statement_bind_text (insert, 3, user->name);
  guiche_statement_bind_int (insert, 4, user->role);
  guiche_statement_bind_text (insert, 5, user->email);
  guiche_statement_bind_text (insert, 6, user->status_text);
  guiche_statement_bind_int (insert, 7, user->is_enabled);
  guiche_statement_bind_text (insert, 8, password_hash);
  guiche_statement_bind_int (insert, 9, user->created_at_us);
  return guiche_statement_run (insert, NULL, error);
}

gboolean
guiche_user_store_update (GuicheTx *tx, const GuicheUser *user, GError **error)
{
  GuicheStatement *update;

  guiche_user_store_forget_names (tx);
  update = guiche_tx_prepare (tx,
                              "UPDATE users SET login = $2, name = $3, role = $4, email = $5, "
                              "status_text = $6, is_enabled = $7, updated_at = $8 WHERE id = $1",
                              error);

  if (update == NULL)
    return FALSE;
  guiche_statement_bind_id (update, 1, &user->id);
  guiche_statement_bind_text (update, 2, user->login);
  guiche_statement_bind_text (update, 3, user->name);
  guiche_statement_bind_int (update, 4, user->role);
  guiche_statement_bind_text (update, 5, user->email);
  guiche_statement_bind_text (update, 6, user->status_text);
  guiche_statement_bind_int (update, 7, user->is_enabled);
  guiche_statement_bind_int (update, 8, user->updated_at_us);
  return guiche_statement_run (update, NULL, error);
}

gboolean
guiche_user_store_set_password (GuicheTx *tx,
                                const GuicheId *id,
                                const char *password_hash,
                                GError **error)
{
  GuicheStatement *update =
      guiche_tx_prepare (tx, "UPDATE users SET password_hash = $2 WHERE id = $1", error);

  if (update == NULL)
    return FALSE;
  guiche_statement_bind_id (update, 1, id);
  guiche_statement_bind_text (update, 2, password_hash);
  return guiche_statement_run (update, NULL, error);
}

gboolean
guiche_user_store_find_password (GuicheTx *tx,
                                 const char *login,
                                 GuicheId *out_id,
                                 char **out_hash,
                                 GError **error)
{
  g_autofree char *lower = g_ascii_strdown (login, -1);
  g_autoptr (GError) failure = NULL;
  GuicheStatement *row = guiche_tx_prepare (
      tx, "SELECT id, password_hash FROM users WHERE login = $1 AND is_enabled = 1", error);

  *out_id = GUICHE_ID_NONE;
  *out_hash = NULL;
  if (row == NULL)
    return FALSE;
  guiche_statement_bind_text (row, 1, lower);
  if (guiche_statement_next (row, &failure)) {
    *out_id = guiche_statement_id (row, 0);
    *out_hash = g_strdup (guiche_statement_text (row, 1));
  }
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gint64
guiche_user_store_count_admins (GuicheTx *tx, GError **error)
{
  gint64 count = -1;
  GuicheStatement *row = guiche_tx_prepare (
      tx, "SELECT count(*) FROM users WHERE role = $1 AND is_enabled = 1", error);

  if (row == NULL)
    return -1;
  guiche_statement_bind_int (row, 1, GUICHE_ROLE_ADMIN);
  if (guiche_statement_next (row, error))
    count = guiche_statement_int (row, 0);
  guiche_statement_reset (row);
  return count;
}
