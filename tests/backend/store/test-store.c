/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/database.h"
#include "support/store.h"

#include <string.h>

static gboolean
emit_one (GuicheTx *tx, gpointer data, GError **error)
{
  const char *json = data;

  return guiche_tx_emit (tx, "test.made", "*", NULL, json, strlen (json), error);
}

static gboolean
emit_and_fail (GuicheTx *tx, gpointer data, GError **error)
{
  if (!emit_one (tx, data, error) || !emit_one (tx, data, error))
    return FALSE;

  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT, "on purpose");
  return FALSE;
}

static void
test_events (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  GuicheEvent *event;

  guiche_test_write (test, NULL, emit_one, (char *) "{\"n\":1}");
  guiche_test_write_fails (test, NULL, emit_and_fail, (char *) "{}", GUICHE_ERROR_CONFLICT);
  guiche_test_write (test, NULL, emit_one, (char *) "{\"n\":2}");
  g_assert_cmpuint (guiche_test_store_pump (test), ==, 2);
  event = test->events->pdata[1];
  g_assert_cmpint (event->seq, ==, 2);
  g_assert_cmpstr (event->kind, ==, "test.made");
  g_assert_cmpmem (g_bytes_get_data (event->wire, NULL), g_bytes_get_size (event->wire),
                   "{\"seq\":2,\"at\":1763622197000000,\"kind\":\"test.made\",\"data\":{\"n\":2}}",
                   65);
  g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM events"), ==, 2);

  guiche_test_store_reopen (test);
  guiche_test_write (test, NULL, emit_one, (char *) "{}");
  guiche_test_store_pump (test);
  event = test->events->pdata[2];
  g_assert_cmpint (event->seq, ==, 3);
}

typedef struct {
  gint64 since;
  gsize limit;
  GPtrArray *events; /* (owned) */
  gint64 next;
  gboolean has_more;
  GuicheViewer *viewer;
} Page;

static gboolean
read_events (GuicheTx *tx, gpointer data, GError **error)
{
  Page *page = data;

  g_clear_pointer (&page->events, g_ptr_array_unref);
  page->events = guiche_events_read (tx, page->since, page->limit, page->viewer, &page->next,
                                     &page->has_more, error);
  return page->events != NULL;
}

static void
test_events_read (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_autoptr (GuicheViewer) visitor =
                 guiche_viewer_new (GUICHE_ROLE_VISITOR, NULL, NULL, NULL, NULL, 0);
  g_autoptr (GError) error = NULL;
  Page page = { .limit = 4 };

  guiche_test_read (test, NULL, read_events, &page);
  g_assert_cmpuint (page.events->len, ==, 0);
  for (int i = 0; i < 10; i++)
    guiche_test_write (test, NULL, emit_one, (char *) "{}");

  guiche_test_read (test, NULL, read_events, &page);
  g_assert_cmpuint (page.events->len, ==, 4);
  g_assert_cmpint (page.next, ==, 4);
  g_assert_true (page.has_more);
  page.since = 8;
  guiche_test_read (test, NULL, read_events, &page);
  g_assert_cmpuint (page.events->len, ==, 2);
  g_assert_cmpint (page.next, ==, 10);
  g_assert_false (page.has_more);
  page.since = 0;
  page.viewer = visitor;
  guiche_test_read (test, NULL, read_events, &page);
  g_assert_cmpuint (page.events->len, ==, 0);
  g_assert_cmpint (page.next, ==, 10);
  g_assert_false (page.has_more);
  page.since = 11;
  g_assert_false (guiche_tenant_read_sync (test->tenant, NULL, read_events, &page, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_SNAPSHOT_REQUIRED);
  g_clear_pointer (&page.events, g_ptr_array_unref);
}

typedef struct {
  GuicheTestStore *test;
  int number;
  gboolean fails;
  gboolean expects_success;
  GPtrArray *log;
  gboolean *all_done;
} Asynchronous;

static gboolean
run_asynchronous (GuicheTx *tx, gpointer data, GError **error)
{
  Asynchronous *self = data;

  if (self->expects_success)
    guiche_tx_expect_success (tx);
  return self->fails ? emit_and_fail (tx, (char *) "{}", error)
                     : emit_one (tx, (char *) "{}", error);
}

static void
on_asynchronous_done (gpointer data, GError *error)
{
  Asynchronous *self = data;

  if (self->fails)
    g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT);
  else
    g_assert_no_error (error);
  g_ptr_array_add (self->log, GINT_TO_POINTER (self->number));
  if (self->all_done != NULL)
    *self->all_done = TRUE;
  g_free (self);
}

/* Failing neighbours disturb nobody, also when they had promised to succeed; answers come in order,
 * after the events they caused. */
static void
test_group_commit (gconstpointer data)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_autoptr (GPtrArray) log = g_ptr_array_new ();
  gboolean all_done = FALSE;

  for (int i = 1; i <= 1000; i++) {
    Asynchronous *request = g_new0 (Asynchronous, 1);

    request->test = test;
    request->number = i;
    request->fails = i % 3 == 0;
    request->expects_success = data != NULL && i % 2 == 0;
    request->log = log;
    request->all_done = i == 1000 ? &all_done : NULL;
    guiche_tenant_write (test->tenant, NULL, run_asynchronous, on_asynchronous_done, request);
  }
  guiche_test_wait_for (&all_done);

  for (guint i = 0; i < log->len; i++)
    g_assert_cmpint (GPOINTER_TO_INT (log->pdata[i]), ==, i + 1);
  g_assert_cmpuint (test->events->len, ==, 667);
  for (guint i = 0; i < test->events->len; i++)
    g_assert_cmpint (((GuicheEvent *) test->events->pdata[i])->seq, ==, i + 1);
  g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM events"), ==, 667);
  g_assert_cmpint (guiche_test_number (test, "SELECT MAX(seq) FROM events"), ==, 667);
}

static void
on_read_done (gpointer data, GError *error)
{
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static gboolean
write_in_reader (GuicheTx *tx, gpointer data, GError **error)
{
  g_autoptr (GError) refused = NULL;

  g_assert_true (guiche_tx_is_read_only (tx));
  g_assert_false (emit_one (tx, (char *) "{}", &refused));
  g_assert_nonnull (refused);
  return TRUE;
}

static void
test_read (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  gboolean is_done = FALSE;

  guiche_tenant_read (test->tenant, NULL, write_in_reader, on_read_done, &is_done);
  guiche_test_wait_for (&is_done);
  g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM events"), ==, 0);
}

static void
free_counted (gpointer value)
{
  (*(int *) value)++;
}

static int freed;
static const char cache_key;

static gboolean
set_cache (GuicheTx *tx, gpointer data, GError **error)
{
  g_assert_null (guiche_tx_get_cache (tx, &cache_key));
  guiche_tx_set_cache (tx, &cache_key, &freed, free_counted);
  return TRUE;
}

static gboolean
has_cache (GuicheTx *tx, gpointer data, GError **error)
{
  g_assert_true ((guiche_tx_get_cache (tx, &cache_key) != NULL) == GPOINTER_TO_INT (data));
  return TRUE;
}

static void
test_caches (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();

  freed = 0;
  guiche_test_write (test, NULL, set_cache, NULL);
  guiche_test_write (test, NULL, has_cache, GINT_TO_POINTER (TRUE));
  guiche_test_write_fails (test, NULL, emit_and_fail, (char *) "{}", GUICHE_ERROR_CONFLICT);
  g_assert_cmpint (freed, ==, 1);
  guiche_test_write (test, NULL, has_cache, GINT_TO_POINTER (FALSE));
}

static void
test_tenants (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  static const char *const wrong[] = { "", "-a", "A", "a b", "../x", "a/b", "ção" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tenants = NULL;

  g_assert_nonnull (guiche_store_create_tenant (test->store, "outra", "Outra", NULL));
  g_assert_null (guiche_store_create_tenant (test->store, "demo", "x", &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_null (guiche_store_create_tenant (test->store, wrong[i], "x", NULL));
  guiche_test_store_reopen (test);
  tenants = guiche_store_list_tenants (test->store);
  g_assert_cmpuint (tenants->len, ==, 2);
  g_assert_cmpstr (guiche_tenant_name (tenants->pdata[1]), ==, "Outra");
  g_assert_null (guiche_store_find_tenant (test->store, "nenhuma"));
}

static void
test_one_program (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_autoptr (GError) error = NULL;

  if (guiche_test_is_on_postgresql ()) {
    g_test_skip ("several programs share a PostgreSQL");
    return;
  }
  g_assert_null (guiche_store_open (test->directory, test->settings, NULL, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/events", test_events);
  g_test_add_func ("/store/events-read", test_events_read);
  g_test_add_data_func ("/store/group-commit/careful", NULL, test_group_commit);
  g_test_add_data_func ("/store/group-commit/expecting-success", "", test_group_commit);
  g_test_add_func ("/store/read", test_read);
  g_test_add_func ("/store/caches", test_caches);
  g_test_add_func ("/store/tenants", test_tenants);
  g_test_add_func ("/store/one-program", test_one_program);
  return g_test_run ();
}
