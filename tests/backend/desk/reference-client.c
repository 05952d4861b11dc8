/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/conversation.h"
#include "desk/message.h"
#include "reference-client-private.h"

#include <string.h>

const TableName reference_tables[N_TABLES] = {
  { "users", "id" },
  { "queues", "id" },
  { "canned_replies", "id" },
  { "conversations", "id" },
  { "customers", "id" },
  { "messages", "id" },
  { "drafts", "conversation_id" },
  { "read_marks", "conversation_id" },
  { "scheduled_messages", "id" },
};

const char *
reference_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

JsonObject *
reference_find (ReferenceClient *self, Table table, const char *key)
{
  return key == NULL ? NULL : g_hash_table_lookup (self->rows[table], key);
}

void
reference_put (ReferenceClient *self, Table table, JsonObject *row)
{
  g_hash_table_replace (self->rows[table],
                        g_strdup (reference_text (row, reference_tables[table].key)),
                        json_object_ref (row));
}

void
reference_drop (ReferenceClient *self, Table table, const char *key)
{
  g_hash_table_remove (self->rows[table], key);
}

static void
refresh_viewer (ReferenceClient *self)
{
  g_clear_pointer (&self->viewer, guiche_viewer_unref);
  self->viewer = guiche_test_viewer (self->desk, &self->person);
}

static void
load_snapshot (ReferenceClient *self)
{
  JsonObject *snapshot;

  refresh_viewer (self);
  snapshot = guiche_test_expect (self->desk, &self->person, 200, "GET", "/api/v1/snapshot", NULL);
  self->seq = json_object_get_int_member (snapshot, "seq");
  self->wants_snapshot = FALSE;
  for (int table = 0; table < N_TABLES; table++) {
    JsonArray *rows = json_object_get_array_member (snapshot, reference_tables[table].name);

    g_hash_table_remove_all (self->rows[table]);
    for (guint i = 0; i < json_array_get_length (rows); i++)
      reference_put (self, (Table) table, json_array_get_object_element (rows, i));
  }
}

void
reference_fetch_messages (ReferenceClient *self, const char *conversation_id)
{
  g_autofree char *path =
      g_strdup_printf ("/api/v1/conversations/%s/messages?limit=30", conversation_id);
  guint status = 0;
  g_autoptr (JsonNode) answer =
                 guiche_test_call (self->desk, &self->person, &status, "GET", path, NULL);
  JsonArray *items;

  if (status != 200)
    return;
  items = json_object_get_array_member (json_node_get_object (answer), "items");
  for (guint i = 0; i < json_array_get_length (items); i++)
    reference_put (self, MESSAGES, json_array_get_object_element (items, i));
}

/* --- following
 * ------------------------------------------------------------------------------------------ */

typedef struct {
  ReferenceClient *client;
  GPtrArray *events;
  gint64 next;
} Read;

static gboolean
run_read (GuicheTx *tx, gpointer data, GError **error)
{
  Read *read = data;
  gboolean has_more = FALSE;

  read->events = guiche_events_read (tx, read->client->seq, 10000, read->client->viewer,
                                     &read->next, &has_more, error);
  g_assert_false (has_more);
  return read->events != NULL;
}

void
reference_client_sync (ReferenceClient *self, gboolean is_replay)
{
  Read read = { .client = self };

  if (is_replay)
    refresh_viewer (self);
  guiche_test_read (self->desk->store, NULL, run_read, &read);
  self->seq = read.next;
  for (guint i = 0; i < read.events->len; i++) {
    GuicheEvent *event = g_ptr_array_index (read.events, i);
    gsize length = 0;
    const char *wire = g_bytes_get_data (event->wire, &length);
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) node =
                   guiche_json_parse_object (wire, length, GUICHE_JSON_MAX_BYTES, &error);

    g_assert_no_error (error);
    reference_apply (self, event->kind,
                     json_object_get_object_member (json_node_get_object (node), "data"));
  }
  g_ptr_array_unref (read.events);
  if (self->wants_snapshot)
    load_snapshot (self);
}

/* --- comparing
 * --------------------------------------------------------------------------------------------- */

static void
check_row (ReferenceClient *self, Table table, JsonObject *row, const char *when)
{
  JsonObject *own = reference_find (self, table, reference_text (row, reference_tables[table].key));
  g_autoptr (JsonNode) expected = json_node_init_object (json_node_alloc (), row);
  g_autofree char *expected_text = json_to_string (expected, FALSE);
  g_autofree char *own_text = NULL;

  if (own != NULL) {
    g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), own);

    if (json_node_equal (node, expected))
      return;
    own_text = json_to_string (node, FALSE);
  }
  g_error ("%s: %s's %s differ\nclient: %s\nserver: %s", when, self->person.name,
           reference_tables[table].name, own_text, expected_text);
}

/* Conversations that closed stay with a client, but are in no snapshot; so do their drafts and
 * marks. */
static gboolean
is_in_snapshots (ReferenceClient *self, Table table, JsonObject *row)
{
  JsonObject *conversation = row;

  if (table == CUSTOMERS || table == MESSAGES)
    return FALSE;
  if (table == DRAFTS || table == READ_MARKS)
    conversation = reference_find (self, CONVERSATIONS, reference_text (row, "conversation_id"));
  else if (table != CONVERSATIONS)
    return TRUE;
  return conversation != NULL && g_strcmp0 (reference_text (conversation, "state"), "closed") != 0;
}

static void
check_no_more (ReferenceClient *self, Table table, JsonArray *rows, const char *when)
{
  g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iterator;
  gpointer key, row;

  for (guint i = 0; i < json_array_get_length (rows); i++)
    g_hash_table_add (keys, (char *) reference_text (json_array_get_object_element (rows, i),
                                                     reference_tables[table].key));
  g_hash_table_iter_init (&iterator, self->rows[table]);
  while (g_hash_table_iter_next (&iterator, &key, &row))
    if (is_in_snapshots (self, table, row) && !g_hash_table_contains (keys, key))
      g_error ("%s: %s still has %s %s", when, self->person.name, reference_tables[table].name,
               (char *) key);
}

void
reference_client_check (ReferenceClient *self, const char *when)
{
  JsonObject *snapshot =
      guiche_test_expect (self->desk, &self->person, 200, "GET", "/api/v1/snapshot", NULL);

  for (int table = 0; table < N_TABLES; table++) {
    JsonArray *rows = json_object_get_array_member (snapshot, reference_tables[table].name);

    for (guint i = 0; i < json_array_get_length (rows); i++) {
      JsonObject *row = json_array_get_object_element (rows, i);

      if (table == DRAFTS || table == READ_MARKS)
        if (reference_find (self, CONVERSATIONS, reference_text (row, "conversation_id")) == NULL)
          continue;
      check_row (self, (Table) table, row, when);
    }
    check_no_more (self, (Table) table, rows, when);
  }
}

guint
reference_client_count_unread (ReferenceClient *self, const GuicheId *conversation_id)
{
  g_autofree char *id = guiche_id_dup_string (conversation_id);
  JsonObject *conversation = reference_find (self, CONVERSATIONS, id);
  JsonObject *mark = reference_find (self, READ_MARKS, id);

  g_assert_nonnull (conversation);
  return (guint) (json_object_get_int_member (conversation, "last_seq") -
                  (mark == NULL ? 0 : json_object_get_int_member (mark, "seq")));
}

ReferenceClient *
reference_client_new (GuicheTestDesk *desk, const GuicheTestPerson *person)
{
  ReferenceClient *self = g_new0 (ReferenceClient, 1);

  self->desk = desk;
  self->person = *person;
  for (int table = 0; table < N_TABLES; table++)
    self->rows[table] =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_object_unref);
  load_snapshot (self);
  return self;
}

void
reference_client_free (ReferenceClient *self)
{
  for (int table = 0; table < N_TABLES; table++)
    g_hash_table_unref (self->rows[table]);
  guiche_viewer_unref (self->viewer);
  g_free (self);
}
