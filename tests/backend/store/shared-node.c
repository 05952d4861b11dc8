/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared-node.h"

#include "ledger.h"
#include "store/catch-up.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IN_FLIGHT 8
#define CATCH_UP_MS 20

typedef struct {
  const char *name;
  const char *round;
  int log;
  GuicheStore *store;
  GuicheTenant *tenant;
  GMainLoop *loop;
  guint n_begun;
  guint n_in_flight;
  gboolean is_stopping;
} Node;

typedef struct {
  Node *node;
  char *name;
  guint number;
} Entry;

static char *own_path;

static void
tell (Node *self, const char *what, const char *value)
{
  g_autofree char *line = g_strdup_printf ("%s%s\n", what, value);

  if (write (self->log, line, strlen (line)) < 0)
    g_error ("log");
}

/* Every third has no key of its own: were it run twice, it would be there twice. */
static gboolean
is_repeatable (const Entry *self)
{
  return self->number % 3 != 0;
}

static gboolean
insert_key (GuicheTx *tx, const Entry *self, gboolean *out_is_new, GError **error)
{
  GuicheStatement *statement =
      guiche_tx_prepare (tx,
                         "INSERT INTO settings (key, value) VALUES ($1, 'entry') "
                         "ON CONFLICT (key) DO NOTHING",
                         error);
  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_text (statement, 1, self->name);
  return guiche_statement_run_insert (statement, out_is_new, error);
}

/* An entry is a row, an event and a line of the audit log; some requests fail after a change, some
 * expect success. */
static gboolean
run_entry (GuicheTx *tx, gpointer data, GError **error)
{
  Entry *self = data;
  g_autofree char *json = g_strdup_printf ("\"%s\"", self->name);
  gboolean is_new = TRUE;

  if (self->number % 2 == 0)
    guiche_tx_expect_success (tx);
  if (is_repeatable (self) && !insert_key (tx, self, &is_new, error))
    return FALSE;
  if (!is_new)
    return TRUE;
  if (self->number % 11 == 0) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN, "on purpose");
    return FALSE;
  }
  return guiche_tx_audit (tx, "entry", NULL, json, error) &&
         guiche_tx_emit (tx, "entry", "s", NULL, json, strlen (json), error);
}

static void begin_entry (Node *self);
static void on_entry_done (gpointer data, GError *error);

static void
end_entry (Entry *entry)
{
  Node *node = entry->node;

  g_free (entry->name);
  g_free (entry);
  node->n_in_flight--;
  begin_entry (node);
}

static void
on_entry_done (gpointer data, GError *error)
{
  Entry *self = data;

  if (g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE) && is_repeatable (self)) {
    guiche_tenant_write (self->node->tenant, NULL, run_entry, on_entry_done, self);
    return;
  }
  if (error == NULL)
    tell (self->node, "acked ", self->name);
  else if (!g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN) &&
           !g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE))
    g_error ("%s", error->message);
  end_entry (self);
}

static void
on_caught_up (gpointer data, GError *error)
{
  Node *self = data;

  if (error != NULL) {
    guiche_tenant_catch_up (self->tenant, NULL, on_caught_up, self);
    return;
  }
  tell (self, "end", "");
  g_main_loop_quit (self->loop);
}

static void
begin_entry (Node *self)
{
  Entry *entry;

  if (self->is_stopping) {
    if (self->n_in_flight == 0)
      guiche_tenant_catch_up (self->tenant, NULL, on_caught_up, self);
    return;
  }
  entry = g_new0 (Entry, 1);
  entry->node = self;
  entry->number = self->n_begun++;
  entry->name = g_strdup_printf ("%s-%s-%u", self->name, self->round, entry->number);
  self->n_in_flight++;
  guiche_tenant_write (self->tenant, NULL, run_entry, on_entry_done, entry);
}

static void
on_events (GuicheTenant *tenant, GuicheEvent *const *events, gsize n_events, gpointer user_data)
{
  for (gsize i = 0; i < n_events; i++) {
    g_autofree char *seq = g_strdup_printf ("%" G_GINT64_FORMAT, events[i]->seq);

    tell (user_data, "seen ", seq);
  }
}

static gboolean
on_catch_up (gpointer user_data)
{
  guiche_tenant_catch_up (((Node *) user_data)->tenant, NULL, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_stop (gpointer user_data)
{
  ((Node *) user_data)->is_stopping = TRUE;
  return G_SOURCE_REMOVE;
}

int
shared_node_main (char **arguments)
{
  Node self = { .name = arguments[0], .round = arguments[1] };
  g_autofree char *directory = g_build_filename (arguments[2], arguments[0], NULL);
  g_autofree char *url = g_strconcat ("GUICHE_STORE_URL=", arguments[3], NULL);
  g_autofree char *name = g_strconcat ("GUICHE_NODE_NAME=", arguments[0], NULL);
  g_autofree char *keys = g_strconcat ("GUICHE_NODE_KEYS=", arguments[2], NULL);
  char *environment[] = { url, name, keys, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheSettings) settings = guiche_settings_load (NULL, environment, &error);

  g_assert_no_error (error);
  ledger_silence ();
  self.log = open (arguments[4], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  self.loop = g_main_loop_new (NULL, FALSE);
  g_unix_signal_add (SIGTERM, on_stop, &self);
  do {
    g_clear_error (&error);
    self.store = guiche_store_open (directory, settings, NULL, &error);
  } while (guiche_error_is_retriable (error));
  g_assert_no_error (error);
  self.tenant = guiche_store_find_tenant (self.store, "demo");
  guiche_store_set_listener (self.store, on_events, &self);
  guiche_tenant_catch_up (self.tenant, NULL, NULL, NULL);
  g_timeout_add (CATCH_UP_MS, on_catch_up, &self);
  for (guint i = 0; i < IN_FLIGHT; i++)
    begin_entry (&self);
  g_main_loop_run (self.loop);
  guiche_store_close (self.store);
  g_main_loop_unref (self.loop);
  close (self.log);
  return 0;
}

void
shared_set_own_path (const char *path)
{
  own_path = realpath (path, NULL);
}

const char *
shared_own_path (void)
{
  return own_path;
}

typedef struct {
  GPtrArray *names;
  gint64 n_missing;
} Count;

static gboolean
run_count (GuicheTx *tx, gpointer data, GError **error)
{
  Count *self = data;

  for (guint i = 0; i < self->names->len; i++) {
    g_autofree char *json = g_strdup_printf ("\"%s\"", (const char *) self->names->pdata[i]);
    GuicheStatement *statement =
        guiche_tx_prepare (tx, "SELECT COUNT(*) FROM audit WHERE detail = $1", error);

    if (statement == NULL)
      return FALSE;
    guiche_statement_bind_text (statement, 1, json);
    if (!guiche_statement_next (statement, error))
      return FALSE;
    if (guiche_statement_int (statement, 0) != 1)
      self->n_missing++;
  }
  return TRUE;
}

gint64
shared_count_missing (GuicheTestStore *test, GPtrArray *names)
{
  Count count = { names, 0 };

  guiche_test_read (test, NULL, run_count, &count);
  return count.n_missing;
}
