/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger.h"

#define N_REQUESTS 4000
#define N_ROUNDS 4

/* Whatever requests share a transaction, each ends as if it had run alone: those that fail before
 * or after a change, those that promised not to and do, those that run into a constraint and go on.
 */

typedef enum {
  WRITES,
  EXPECTS_AND_WRITES,
  FAILS_AT_ONCE,
  FAILS_AFTER_CHANGE,
  EXPECTS_AND_FAILS_AFTER_CHANGE,
  CATCHES_CONFLICT,
  EXPECTS_AND_CONFLICTS,
  N_WAYS
} Way;

typedef struct {
  Way way;
  char *name;
  GPtrArray *kept;
  guint *n_answered;
} Request;

static gboolean
fail (GError **error)
{
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN, "on purpose");
  return FALSE;
}

static gboolean
run (GuicheTx *tx, gpointer data, GError **error)
{
  Request *self = data;

  if (self->way == FAILS_AT_ONCE)
    return fail (error);
  if (self->way == EXPECTS_AND_WRITES || self->way == EXPECTS_AND_FAILS_AFTER_CHANGE ||
      self->way == EXPECTS_AND_CONFLICTS)
    guiche_tx_expect_success (tx);

  if (!ledger_write (tx, self->name, error))
    return FALSE;
  if (self->way == FAILS_AFTER_CHANGE || self->way == EXPECTS_AND_FAILS_AFTER_CHANGE)
    return fail (error);
  if (self->way == CATCHES_CONFLICT)
    g_assert_false (ledger_write (tx, self->name, NULL));
  if (self->way == EXPECTS_AND_CONFLICTS)
    return ledger_write (tx, self->name, error);
  return TRUE;
}

/* PostgreSQL takes nothing more from a request after it has refused a statement. */
static gboolean
is_kept (Way way)
{
  return way == WRITES || way == EXPECTS_AND_WRITES;
}

static GuicheError
expected_error (Way way)
{
  if (way == CATCHES_CONFLICT)
    return GUICHE_ERROR_INTERNAL;

  return way == EXPECTS_AND_CONFLICTS ? GUICHE_ERROR_CONFLICT : GUICHE_ERROR_FORBIDDEN;
}

static void
on_done (gpointer data, GError *error)
{
  Request *self = data;

  g_assert_true (is_kept (self->way) == (error == NULL));
  if (error != NULL)
    g_assert_error (error, GUICHE_ERROR, (int) expected_error (self->way));
  if (error == NULL)
    g_ptr_array_add (self->kept, self->name);
  else
    g_free (self->name);
  (*self->n_answered)++;
  g_free (self);
}

/* @rare: one in so many is not a plain write. */
static void
assert_mixture (guint32 seed, int rare)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  GRand *rand = g_rand_new_with_seed (seed);
  guint n_answered = 0;

  for (int i = 0; i < N_REQUESTS; i++) {
    Request *request = g_new0 (Request, 1);
    gboolean is_plain = g_rand_int_range (rand, 0, rare) > 0;

    request->way = is_plain ? EXPECTS_AND_WRITES : (Way) g_rand_int_range (rand, 0, N_WAYS);
    request->name = g_strdup_printf ("n%d", i);
    request->kept = kept;
    request->n_answered = &n_answered;
    guiche_tenant_write (test->tenant, NULL, run, on_done, request);
  }
  while (n_answered < N_REQUESTS)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpint (ledger_audit (test, kept), ==, kept->len);
  g_assert_cmpuint (test->events->len, ==, kept->len);
  for (guint i = 0; i < test->events->len; i++)
    g_assert_cmpint (((GuicheEvent *) test->events->pdata[i])->seq, ==, i + 1);
  g_rand_free (rand);
}

static void
test_mixtures (void)
{
  for (guint32 round = 0; round < N_ROUNDS; round++)
    assert_mixture (round, round % 2 == 0 ? 1 : 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/batch/mixtures", test_mixtures);
  return g_test_run ();
}
