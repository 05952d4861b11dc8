/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flows/sample-company.h"
#include "support/store.h"

#include <string.h>

#define NOW_US G_GINT64_CONSTANT (1763622197000000)

/* Everything somebody could read in the company, in order. Ids follow the real clock. */
static const char *const contents[] = {
  "SELECT login || name || role || COALESCE (email, '') FROM users ORDER BY login",
  "SELECT name || COALESCE (document, '') || COALESCE (contract, '') || COALESCE (plan, '') || "
  "COALESCE (address, '') || status || created_at FROM customers ORDER BY name",
  "SELECT kind || COALESCE (title, '') || COALESCE (queue, '') || state || created_at || "
  "updated_at "
  "|| COALESCE (close_reason, '') FROM conversations ORDER BY number",
  "SELECT conversation || ' ' || seq || ' ' || sender_kind || COALESCE (sender_name, '') || kind "
  "|| body || at "
  "FROM messages ORDER BY conversation, seq",
  "SELECT name || type || sha256 || size FROM files ORDER BY name, sha256, size",
  "SELECT shortcut || title || body FROM canned_replies ORDER BY shortcut",
  "SELECT q.key || u.login FROM queue_members m JOIN queues q ON q.id = m.queue_id "
  "JOIN users u ON u.id = m.user_id ORDER BY q.key, u.login",
};

static gboolean
run_hash (GuicheTx *tx, gpointer data, GError **error)
{
  GChecksum *checksum = data;

  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++) {
    GuicheStatement *rows = guiche_tx_prepare (tx, contents[i], error);

    if (rows == NULL)
      return FALSE;
    while (guiche_statement_next (rows, error)) {
      gsize length;
      const char *text = guiche_statement_text_length (rows, 0, &length);

      g_checksum_update (checksum, (const guchar *) text, (gssize) length);
    }
  }
  return *error == NULL;
}

static char *
hash_of_company (guint64 seed)
{
  g_autoptr (GuicheTestStore) store = guiche_test_store_new ();
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GError) error = NULL;

  guiche_sample_company_make (store->tenant, seed, NOW_US, &error);
  g_assert_no_error (error);
  guiche_test_read (store, NULL, run_hash, checksum);
  return g_strdup (g_checksum_get_string (checksum));
}

static void
test_same_seed_same_company (void)
{
  g_autofree char *first = hash_of_company (GUICHE_SAMPLE_SEED);
  g_autofree char *second = hash_of_company (GUICHE_SAMPLE_SEED);
  g_autofree char *other = hash_of_company (GUICHE_SAMPLE_SEED + 1);

  g_assert_cmpstr (first, ==, second);
  g_assert_cmpstr (first, !=, other);
}

static void
assert_at_least (GuicheTestStore *store, const char *sql, gint64 minimum)
{
  gint64 number = guiche_test_number (store, sql);

  g_test_message ("%s: %" G_GINT64_FORMAT, sql, number);
  g_assert_cmpint (number, >=, minimum);
}

static void
test_believable (void)
{
  g_autoptr (GuicheTestStore) store = guiche_test_store_new ();
  g_autoptr (GError) error = NULL;
  gint64 began = g_get_monotonic_time ();

  guiche_sample_company_make (store->tenant, GUICHE_SAMPLE_SEED, NOW_US, &error);
  g_assert_no_error (error);
  g_test_message ("made in %.0f ms", (double) (g_get_monotonic_time () - began) / 1000.0);
  g_assert_cmpint (guiche_test_number (store, "SELECT count(*) FROM users"), ==, 12);
  assert_at_least (store, "SELECT count(*) FROM customers", 40);
  assert_at_least (store, "SELECT count(*) FROM conversations WHERE state = 'closed'", 300);
  assert_at_least (store, "SELECT count(*) FROM conversations WHERE state = 'waiting'", 3);
  assert_at_least (store, "SELECT count(*) FROM conversations WHERE kind = 'channel'", 2);
  assert_at_least (store, "SELECT count(*) FROM conversations WHERE kind = 'direct'", 2);
  assert_at_least (store, "SELECT count(*) FROM messages", 4000);
  assert_at_least (store, "SELECT count(*) FROM messages WHERE kind = 3", 10);
  assert_at_least (store, "SELECT count(*) FROM messages WHERE kind = 4", 30);
  assert_at_least (store, "SELECT count(*) FROM file_renditions", 3);
  assert_at_least (store, "SELECT count(*) FROM canned_replies", 8);
  g_assert_cmpint (
      guiche_test_number (store, "SELECT count(*) FROM messages WHERE body LIKE '%{%'"), ==, 0);
  g_assert_cmpint (guiche_test_number (store, "SELECT max(at) - 1763622197000000 FROM messages"),
                   <=, 0);
  g_assert_cmpint (
      guiche_test_number (
          store, "SELECT count(*) FROM (SELECT conversation, max(seq) AS last, "
                 "count(*) AS n FROM messages GROUP BY conversation) AS counted WHERE last <> n"),
      ==, 0);
  g_assert_cmpint (guiche_test_number (
                       store, "SELECT count(*) FROM messages a JOIN messages b ON b.conversation = "
                              "a.conversation AND b.seq = a.seq + 1 WHERE b.at < a.at"),
                   ==, 0);
}

static void
test_made_once (void)
{
  g_autoptr (GuicheTestStore) store = guiche_test_store_new ();
  g_autoptr (GError) error = NULL;
  gint64 n_messages;

  g_assert_nonnull (guiche_sample_company_ensure (store->store, &error));
  g_assert_no_error (error);
  n_messages = guiche_test_number (store, "SELECT count(*) FROM messages");
  guiche_test_store_reopen (store);
  g_assert_nonnull (guiche_sample_company_ensure (store->store, &error));
  g_assert_cmpint (guiche_test_number (store, "SELECT count(*) FROM messages"), ==, n_messages);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flows/sample-company/believable", test_believable);
  g_test_add_func ("/flows/sample-company/same-seed-same-company", test_same_seed_same_company);
  g_test_add_func ("/flows/sample-company/made-once", test_made_once);
  return g_test_run ();
}
