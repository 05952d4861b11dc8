/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/store.h"

#define DAY_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

static gboolean
emit_many (GuicheTx *tx, gpointer data, GError **error)
{
  for (int i = 0; i < GPOINTER_TO_INT (data); i++) {
    if (!guiche_tx_emit (tx, "test.made", "*", NULL, "{}", 2, error))
      return FALSE;
  }

  return TRUE;
}

typedef struct {
  gint64 since;
  guint n_events;
} Reading;

static gboolean
read_since (GuicheTx *tx, gpointer data, GError **error)
{
  Reading *self = data;
  gint64 next;
  gboolean has_more;
  g_autoptr (GPtrArray) events =
                 guiche_events_read (tx, self->since, 10000, NULL, &next, &has_more, error);

  if (events == NULL)
    return FALSE;
  self->n_events = events->len;
  return TRUE;
}

static void
tidy (GuicheTestStore *test)
{
  g_autoptr (GError) error = NULL;

  guiche_tenant_tidy (test->tenant, &error);
  g_assert_no_error (error);
}

static void
test_retention (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_autoptr (GError) error = NULL;
  Reading reading = { .since = 1199 };

  guiche_test_write (test, NULL, emit_many, GINT_TO_POINTER (1200));
  guiche_clock_advance (test->clock, 29 * DAY_US);
  guiche_test_write (test, NULL, emit_many, GINT_TO_POINTER (10));
  tidy (test);
  g_assert_cmpint (guiche_test_number (test, "SELECT MIN(seq) FROM events"), ==, 1);

  guiche_clock_advance (test->clock, 2 * DAY_US);
  tidy (test);
  g_assert_cmpint (guiche_test_number (test, "SELECT MIN(seq) FROM events"), ==, 1201);
  g_assert_false (guiche_tenant_read_sync (test->tenant, NULL, read_since, &reading, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_SNAPSHOT_REQUIRED);
  reading.since = 1200;
  guiche_test_read (test, NULL, read_since, &reading);
  g_assert_cmpuint (reading.n_events, ==, 10);
}

/* A quiet company: the last event stays, so that the sequence goes on where it was. */
static void
test_last_stays (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  Reading reading = { .since = 7 };

  guiche_test_write (test, NULL, emit_many, GINT_TO_POINTER (7));
  guiche_clock_advance (test->clock, 400 * DAY_US);
  tidy (test);
  g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM events"), ==, 1);
  guiche_test_store_reopen (test);
  guiche_test_read (test, NULL, read_since, &reading);
  g_assert_cmpuint (reading.n_events, ==, 0);
  guiche_test_write (test, NULL, emit_many, GINT_TO_POINTER (1));
  g_assert_cmpint (guiche_test_number (test, "SELECT MAX(seq) FROM events"), ==, 8);
}

/* A clock that was set back leaves a young event before old ones: it and what follows stay. */
static void
test_clock_set_back (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();

  guiche_test_write (test, NULL, emit_many, GINT_TO_POINTER (3));
  guiche_clock_advance (test->clock, 100 * DAY_US);
  guiche_test_write (test, NULL, emit_many, GINT_TO_POINTER (1));
  guiche_clock_advance (test->clock, -100 * DAY_US);
  guiche_test_write (test, NULL, emit_many, GINT_TO_POINTER (3));
  guiche_clock_advance (test->clock, 101 * DAY_US);
  tidy (test);
  g_assert_cmpint (guiche_test_number (test, "SELECT MIN(seq) FROM events"), ==, 4);
  g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM events"), ==, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tidy/retention", test_retention);
  g_test_add_func ("/tidy/last-stays", test_last_stays);
  g_test_add_func ("/tidy/clock-set-back", test_clock_set_back);
  return g_test_run ();
}
