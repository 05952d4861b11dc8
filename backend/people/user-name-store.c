/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "people/user-store.h"

static const char names_key;

void
guiche_user_store_forget_names (GuicheTx *tx)
{
  guiche_tx_set_cache (tx, &names_key, NULL, NULL);
}

static GHashTable *
get_names (GuicheTx *tx)
{
  GHashTable *names = guiche_tx_get_cache (tx, &names_key);

  if (names == NULL) {
    names = g_hash_table_new_full (guiche_id_hash, guiche_id_equal, g_free, g_free);
    guiche_tx_set_cache (tx, &names_key, names, (GDestroyNotify) g_hash_table_unref);
  }
  return names;
}

static char *
load_name (GuicheTx *tx, const GuicheId *id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  char *name = NULL;
  GuicheStatement *row = guiche_tx_prepare (tx, "SELECT name FROM users WHERE id = $1", error);

  if (row == NULL)
    return NULL;
  guiche_statement_bind_id (row, 1, id);
  if (guiche_statement_next (row, &failure))
    name = g_strdup (guiche_statement_text (row, 0));
  guiche_statement_reset (row);
  if (name != NULL)
    return name;
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no such user");
  return NULL;
}

const char *
guiche_user_borrow_name (GuicheTx *tx, const GuicheId *id, GError **error)
{
  GHashTable *names = get_names (tx);
  char *name = g_hash_table_lookup (names, id);

  if (name != NULL)
    return name;
  name = load_name (tx, id, error);
  if (name != NULL)
    g_hash_table_insert (names, g_memdup2 (id, sizeof *id), name);
  return name;
}
