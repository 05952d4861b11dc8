/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/store.h"

#include "support/database.h"

#include <glib/gstdio.h>

#define DEADLINE_MS 60000
#define MEMORY_DIRECTORY "/dev/shm"

static void
on_events (GuicheTenant *tenant, GuicheEvent *const *events, gsize n_events, gpointer user_data)
{
  GuicheTestStore *self = user_data;

  for (gsize i = 0; i < n_events; i++)
    g_ptr_array_add (self->events, guiche_event_ref (events[i]));
}

void
guiche_test_store_open (GuicheTestStore *self)
{
  GuicheStoreOptions options = { .clock = self->clock, .id_seed = 42 };
  g_autoptr (GError) error = NULL;

  self->store = guiche_store_open (self->directory, self->settings, &options, &error);
  g_assert_no_error (error);
  guiche_store_set_listener (self->store, on_events, self);
  self->tenant = guiche_store_find_tenant (self->store, "demo");
}

void
guiche_test_store_close (GuicheTestStore *self)
{
  g_clear_pointer (&self->store, guiche_store_close);
  self->tenant = NULL;
}

void
guiche_test_store_set (GuicheTestStore *self, const char *more)
{
  g_autofree char *url = g_strconcat ("GUICHE_STORE_URL=", self->database_url, NULL);
  char *environment[] = { url, (char *) more, NULL };
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->settings, guiche_settings_unref);
  self->settings = guiche_settings_load (NULL, environment, &error);
  g_assert_no_error (error);
}

static GuicheTestStore *
new_in (char *directory)
{
  GuicheTestStore *self = g_new0 (GuicheTestStore, 1);
  g_autoptr (GError) error = NULL;

  self->directory = directory;
  self->database_url = guiche_test_database_new ();
  self->clock = guiche_clock_new_fixed (GUICHE_TEST_START_US);
  guiche_test_store_set (self, NULL);
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_event_unref);
  guiche_test_store_open (self);
  self->tenant = guiche_store_create_tenant (self->store, "demo", "Empresa de Exemplo", &error);
  g_assert_no_error (error);
  return self;
}

/* In memory where there is a file system for that: a sync costs nothing there, and what these
 * tests ask is not about the disk. */
GuicheTestStore *
guiche_test_store_new (void)
{
  g_autofree char *template = g_strdup (MEMORY_DIRECTORY "/guiche-test-XXXXXX");

  if (g_mkdtemp (template) != NULL)
    return new_in (g_steal_pointer (&template));

  return guiche_test_store_new_on_disk ();
}

GuicheTestStore *
guiche_test_store_new_on_disk (void)
{
  g_autoptr (GError) error = NULL;
  char *directory = g_dir_make_tmp ("guiche-test-XXXXXX", &error);

  g_assert_no_error (error);
  return new_in (directory);
}

void
guiche_test_store_reopen (GuicheTestStore *self)
{
  guiche_test_store_close (self);
  guiche_test_store_open (self);
}

void
guiche_test_store_free (GuicheTestStore *self)
{
  guiche_test_store_close (self);
  g_ptr_array_unref (self->events);
  guiche_settings_unref (self->settings);
  guiche_clock_unref (self->clock);
  guiche_test_remove_directory (self->directory);
  g_free (self->directory);
  guiche_test_database_free (self->database_url);
  g_free (self);
}

guint
guiche_test_store_pump (GuicheTestStore *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return self->events->len;
}

static gboolean
on_deadline (gpointer user_data)
{
  g_error ("waited too long");
  return G_SOURCE_REMOVE;
}

void
guiche_test_wait_for (const gboolean *flag)
{
  guint deadline = g_timeout_add (DEADLINE_MS, on_deadline, NULL);

  while (!*flag)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
}

void
guiche_test_write (GuicheTestStore *self,
                   const GuicheActor *actor,
                   GuicheWorkRun run,
                   gpointer data)
{
  g_autoptr (GError) error = NULL;

  guiche_tenant_write_sync (self->tenant, actor, run, data, &error);
  g_assert_no_error (error);
}

void
guiche_test_read (GuicheTestStore *self, const GuicheActor *actor, GuicheWorkRun run, gpointer data)
{
  g_autoptr (GError) error = NULL;

  guiche_tenant_read_sync (self->tenant, actor, run, data, &error);
  g_assert_no_error (error);
}

void
guiche_test_write_fails (GuicheTestStore *self,
                         const GuicheActor *actor,
                         GuicheWorkRun run,
                         gpointer data,
                         GuicheError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (guiche_tenant_write_sync (self->tenant, actor, run, data, &error));
  g_assert_error (error, GUICHE_ERROR, (int) code);
}

typedef struct {
  const char *sql;
  gint64 number;
} Query;

static gboolean
run_query (GuicheTx *tx, gpointer data, GError **error)
{
  Query *query = data;
  GuicheStatement *statement = guiche_tx_prepare (tx, query->sql, error);

  if (statement == NULL || !guiche_statement_next (statement, error))
    return FALSE;

  query->number = guiche_statement_int (statement, 0);
  return TRUE;
}

gint64
guiche_test_number (GuicheTestStore *self, const char *sql)
{
  Query query = { .sql = sql };

  guiche_test_read (self, NULL, run_query, &query);
  return query.number;
}

void
guiche_test_remove_directory (const char *path)
{
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
      guiche_test_remove_directory (child);
    else
      g_unlink (child);
  }
  g_rmdir (path);
}
