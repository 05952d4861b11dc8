/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"
#include "support/desktop.h"

#include <glib/gstdio.h>
#include <string.h>

/* Two caches side by side: `mine`, that followed the events, and `fresh`, made of the server's
 * snapshot now. */

#define CONVERSATION                                                                               \
  "id, kind, channel, customer_id, title, queue, priority, state, assignee_id, members, "          \
  "last_seq, waiting_since,"                                                                       \
  " opened_at, snoozed_until, closed_at, close_reason, created_at, updated_at, "                   \
  "customer_read_seq, agent_read_seq,"                                                             \
  " customer_delivered_seq, agent_delivered_seq, last_message_seq, last_sender_kind, "             \
  "last_sender_name, last_kind,"                                                                   \
  " last_body, last_at"
/* The marks of its conversation say how far a message came. */
#define MESSAGE                                                                                    \
  "m.conversation_id, m.seq, m.id, m.client_id, m.sender_kind, m.sender_id, m.sender_name, "       \
  "m.kind, m.body, m.at,"                                                                          \
  " max(m.state, iif(m.seq <= iif(m.sender_kind = 'customer', c.agent_read_seq, "                  \
  "c.customer_read_seq), 3,"                                                                       \
  " iif(m.seq <= iif(m.sender_kind = 'customer', c.agent_delivered_seq, "                          \
  "c.customer_delivered_seq), 2, 1))),"                                                            \
  " m.edited_at, m.deleted_at, m.quote_id, m.quote_seq, m.quote_body, m.attachments, m.mentions"
#define MESSAGES_OF(side)                                                                          \
  "SELECT " MESSAGE " FROM " side ".messages m JOIN " side                                         \
  ".conversations c ON c.id = m.conversation_id"

static const struct {
  const char *name, *one, *other;
} tables[] = {
  { "conversations", "SELECT " CONVERSATION " FROM fresh.conversations",
    "SELECT " CONVERSATION " FROM mine.conversations" },
  { "conversations too many", "SELECT id FROM mine.conversations WHERE state <> 'closed'",
    "SELECT id FROM fresh.conversations" },
  { "messages", MESSAGES_OF ("fresh"), MESSAGES_OF ("mine") },
  { "customers", "SELECT * FROM fresh.customers", "SELECT * FROM mine.customers" },
  { "users", "SELECT * FROM fresh.users", "SELECT * FROM mine.users" },
  { "users too many", "SELECT * FROM mine.users", "SELECT * FROM fresh.users" },
  { "queues", "SELECT * FROM fresh.queues", "SELECT * FROM mine.queues" },
  { "canned replies", "SELECT * FROM fresh.canned_replies", "SELECT * FROM mine.canned_replies" },
  { "canned replies too many", "SELECT * FROM mine.canned_replies",
    "SELECT * FROM fresh.canned_replies" },
  { "read marks",
    "SELECT * FROM fresh.read_marks WHERE conversation_id IN (SELECT id FROM fresh.conversations)",
    "SELECT * FROM mine.read_marks" },
  { "drafts", "SELECT conversation_id, body FROM fresh.drafts",
    "SELECT conversation_id, body FROM mine.drafts" },
  { "scheduled", "SELECT * FROM fresh.scheduled", "SELECT * FROM mine.scheduled" },
  { "scheduled too many", "SELECT * FROM mine.scheduled", "SELECT * FROM fresh.scheduled" },
};

/* The rows of @one that @other lacks, as text. */
static void
add_differences (sqlite3 *db, const char *name, const char *one, const char *other, GString *text)
{
  g_autofree char *sql = g_strdup_printf ("%s EXCEPT %s", one, other);
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW) {
    g_string_append_printf (text, "%s:", name);
    for (int i = 0; i < sqlite3_column_count (statement); i++) {
      if (sqlite3_column_type (statement, i) == SQLITE_BLOB) {
        g_autofree char *id = guiche_column_id (statement, i);
        g_string_append_printf (text, " %s", id != NULL ? id : "(blob)");
      } else {
        const char *value = (const char *) sqlite3_column_text (statement, i);
        g_string_append_printf (text, " %s", value != NULL ? value : "-");
      }
    }
    g_string_append_c (text, '\n');
  }
  sqlite3_finalize (statement);
}

static char *
make_fresh (GuicheDesk *desk, const char *url)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GuicheCache) cache = NULL;
  g_autoptr (GuicheChanges) changes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("guiche-fresh-XXXXXX", NULL);
  char *text;

  if (!guiche_session_is_fresh (desk->session))
    guiche_test_refresh_token (desk->session);
  node = guiche_test_request (url, "GET", "/api/v1/snapshot",
                              guiche_session_get_token (desk->session), NULL, NULL);
  g_assert_nonnull (node);
  text = json_to_string (node, FALSE);
  g_ptr_array_add (texts, g_bytes_new_take (text, strlen (text)));
  cache = guiche_cache_open (directory, &error);
  g_assert_no_error (error);
  changes = guiche_cache_apply_sync (cache, GUICHE_CACHE_FRESH_SNAPSHOT, texts, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&directory);
}

char *
guiche_test_compare_with_server (GuicheDesk *desk, const char *url)
{
  g_autofree char *directory = make_fresh (desk, url);
  g_autofree char *mine = g_build_filename (guiche_cache_directory (desk->cache), "cache.db", NULL);
  g_autofree char *fresh = g_build_filename (directory, "cache.db", NULL);
  g_autofree char *attach =
      g_strdup_printf ("ATTACH '%s' AS mine; ATTACH '%s' AS fresh", mine, fresh);
  GString *text = g_string_new (NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, attach, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_exec (db, "PRAGMA mine.wal_autocheckpoint = 0", NULL, NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    add_differences (db, tables[i].name, tables[i].one, tables[i].other, text);
  sqlite3_close (db);
  guiche_database_remove_files (fresh);
  g_remove (directory);
  return g_string_free (text, FALSE);
}

/* Comparing takes long where programs are slow: what arrives meanwhile is taken in between. */
static void
take_what_arrives (void)
{
  g_autoptr (GSource) tick = guiche_test_tick ();

  for (int turns = 0; turns < 40; turns++)
    g_main_context_iteration (NULL, TRUE);
  g_source_destroy (tick);
}

void
guiche_test_assert_equal_to_server (GuicheDesk *desk, const char *url, const char *after)
{
  gint64 deadline = g_get_monotonic_time () + 120 * G_USEC_PER_SEC;
  g_autofree char *differences = NULL;

  do {
    take_what_arrives ();
    g_free (differences);
    differences = guiche_test_compare_with_server (desk, url);
  } while (*differences != '\0' && g_get_monotonic_time () < deadline);
  if (*differences != '\0')
    g_error ("after %s: %s", after, differences);
}
