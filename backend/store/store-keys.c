/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/store-keys.h"

#include "store/node.h"
#include "store/secret-file.h"
#include "store/store-state.h"

#include <sodium.h>
#include <string.h>

#define MAX_KEY_BYTES 64
#define FINGERPRINT_BYTES 16
#define LEASE "keys"
#define LEASE_US (10 * (gint64) G_USEC_PER_SEC)

char *
guiche_store_key_fingerprint (const char *name, const guint8 *key, gsize length)
{
  guint8 hash[FINGERPRINT_BYTES];
  char *digits = g_malloc (2 * FINGERPRINT_BYTES + 1);

  crypto_generichash (hash, sizeof hash, (const guint8 *) name, strlen (name), key, length);
  return sodium_bin2hex (digits, 2 * FINGERPRINT_BYTES + 1, hash, sizeof hash);
}

char *
guiche_store_load_fingerprint (GuicheDb *db, const char *name, GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (db, "SELECT value FROM settings WHERE key = 'fingerprint.' || $1", error);
  char *value = NULL;

  if (statement == NULL)
    return NULL;

  guiche_statement_bind_text (statement, 1, name);
  if (guiche_statement_next (statement, error))
    value = g_strdup (guiche_statement_text (statement, 0));
  guiche_statement_reset (statement);
  return value;
}

gboolean
guiche_store_insert_fingerprint (GuicheDb *db, const char *name, const char *value, GError **error)
{
  static const char sql[] = "INSERT INTO settings (key, value) VALUES ('fingerprint.' || $1, $2) "
                            "ON CONFLICT (key) DO NOTHING";
  GuicheStatement *statement = guiche_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_text (statement, 1, name);
  guiche_statement_bind_text (statement, 2, value);
  return guiche_statement_run (statement, NULL, error);
}

static gboolean
refuse (GuicheStore *self, const char *name, const char *problem, GError **error)
{
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN,
               "%s/%s %s: copy audit.key and token.key from a server of this installation, with "
               "mode 0600, and let [node] keys name their directory",
               self->keys_directory, name, problem);
  return FALSE;
}

static gboolean
read_own (GuicheStore *self, const char *name, gsize length, char **out_own, GError **error)
{
  guint8 key[MAX_KEY_BYTES];

  if (!guiche_secret_file_load (self->keys_directory, name, key, length, error))
    return FALSE;

  *out_own = guiche_store_key_fingerprint (name, key, length);
  sodium_memzero (key, sizeof key);
  return TRUE;
}

/* The key is there or made here, and from now on it is the installation's. */
static gboolean
found (GuicheStore *self, const char *name, gsize length, GError **error)
{
  g_autofree char *own = NULL;

  return read_own (self, name, length, &own, error) &&
         guiche_store_insert_fingerprint (self->control, name, own, error);
}

static gboolean
compare (GuicheStore *self, const char *name, gsize length, const char *known, GError **error)
{
  g_autofree char *path = g_build_filename (self->keys_directory, name, NULL);
  g_autofree char *own = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return refuse (self, name, "is missing", error);
  return read_own (self, name, length, &own, error) &&
         (strcmp (own, known) == 0 || refuse (self, name, "is not the installation's", error));
}

/* One server at a time: of those that start together the first makes the keys. */
static gboolean
found_or_compare (GuicheStore *self, const char *name, gsize length, GError **error)
{
  GError *local_error = NULL;
  g_autofree char *known = guiche_store_load_fingerprint (self->control, name, &local_error);

  if (local_error != NULL) {
    g_propagate_error (error, local_error);
    return FALSE;
  }
  return known == NULL ? found (self, name, length, error)
                       : compare (self, name, length, known, error);
}

gboolean
guiche_store_ensure_key (GuicheStore *self, const char *name, gsize length, GError **error)
{
  GError *local_error = NULL;
  g_autofree char *known = NULL;
  gboolean is_there;

  g_return_val_if_fail (length <= MAX_KEY_BYTES, FALSE);

  if (!guiche_store_is_shared (self))
    return TRUE;
  if (guiche_store_control (self, error) == NULL)
    return FALSE;
  known = guiche_store_load_fingerprint (self->control, name, &local_error);
  if (local_error != NULL) {
    g_propagate_error (error, local_error);
    return FALSE;
  }
  if (known != NULL)
    return compare (self, name, length, known, error);

  if (!guiche_store_take_lease (self, LEASE, LEASE_US, error))
    return FALSE;
  is_there = found_or_compare (self, name, length, error);
  guiche_store_give_lease (self, LEASE);
  return is_there;
}

gboolean
guiche_store_load_keys (GuicheStore *self, GError **error)
{
  const char *directory = guiche_settings_get_string (self->settings, "node", "keys");

  self->keys_directory = g_strdup (*directory != '\0' ? directory : self->directory);
  return guiche_store_make_directory (self->keys_directory, error) &&
         guiche_store_ensure_key (self, "audit.key", sizeof self->audit_key, error) &&
         guiche_secret_file_load (self->keys_directory, "audit.key", self->audit_key,
                                  sizeof self->audit_key, error);
}

const char *
guiche_store_keys_directory (GuicheStore *self)
{
  return self->keys_directory;
}
