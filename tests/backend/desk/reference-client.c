/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference-client.h"

#include "desk/conversation.h"
#include "desk/message.h"

#include <string.h>

/* The tables of a snapshot and what a row's key is made of. */
typedef enum {
  USERS,
  QUEUES,
  CANNED_REPLIES,
  CONVERSATIONS,
  CUSTOMERS,
  MESSAGES,
  DRAFTS,
  READ_MARKS,
  SCHEDULED,
  N_TABLES
} Table;

static const struct {
  const char *name;
  const char *key;
} tables[N_TABLES] = {
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

struct _ReferenceClient {
  GuicheTestDesk *desk;
  GuicheTestPerson person;
  GuicheViewer *viewer;       /* of the open stream */
  GHashTable *rows[N_TABLES]; /* key → JsonObject */
  gint64 seq;
  gboolean wants_snapshot;
};

static const char *
text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static JsonObject *
find (ReferenceClient *self, Table table, const char *key)
{
  return key == NULL ? NULL : g_hash_table_lookup (self->rows[table], key);
}

static void
put (ReferenceClient *self, Table table, JsonObject *row)
{
  g_hash_table_replace (self->rows[table], g_strdup (text (row, tables[table].key)),
                        json_object_ref (row));
}

static void
drop (ReferenceClient *self, Table table, const char *key)
{
  g_hash_table_remove (self->rows[table], key);
}

/* --- snapshot -----------------------------------------------------------------------------------
 */

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
    JsonArray *rows = json_object_get_array_member (snapshot, tables[table].name);

    g_hash_table_remove_all (self->rows[table]);
    for (guint i = 0; i < json_array_get_length (rows); i++)
      put (self, (Table) table, json_array_get_object_element (rows, i));
  }
}

/* What it sees newly, it asks for. */
static void
fetch_messages (ReferenceClient *self, const char *conversation_id)
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
    put (self, MESSAGES, json_array_get_object_element (items, i));
}

/* --- rules
 * ---------------------------------------------------------------------------------------- */

static gint64
watermark (JsonObject *conversation, const char *side, const char *what)
{
  g_autofree char *name = g_strdup_printf ("%s_%s_seq", side, what);

  return json_object_get_int_member_with_default (conversation, name, 0);
}

/* A message's state never goes down, and follows the watermarks of the other side. */
static void
raise_state (ReferenceClient *self, JsonObject *message, gint64 at_least)
{
  JsonObject *conversation = find (self, CONVERSATIONS, text (message, "conversation_id"));
  const char *kind = text (json_object_get_object_member (message, "sender"), "kind");
  const char *other = g_strcmp0 (kind, "agent") == 0 ? "customer" : "agent";
  gint64 state = MAX (json_object_get_int_member (message, "state"), at_least);
  gint64 seq = json_object_get_int_member (message, "seq");

  if (conversation != NULL && g_strcmp0 (kind, "system") != 0) {
    if (seq <= watermark (conversation, other, "delivered"))
      state = MAX (state, 2);
    if (seq <= watermark (conversation, other, "read"))
      state = MAX (state, 3);
  }
  json_object_set_int_member (message, "state", state);
}

static void
put_message (ReferenceClient *self, JsonObject *message)
{
  JsonObject *old = find (self, MESSAGES, text (message, "id"));

  raise_state (self, message, old == NULL ? 0 : json_object_get_int_member (old, "state"));
  put (self, MESSAGES, message);
}

static void
raise_all (ReferenceClient *self, const char *conversation_id)
{
  GHashTableIter iterator;
  gpointer message;

  g_hash_table_iter_init (&iterator, self->rows[MESSAGES]);
  while (g_hash_table_iter_next (&iterator, NULL, &message))
    if (g_strcmp0 (text (message, "conversation_id"), conversation_id) == 0)
      raise_state (self, message, 0);
}

static gboolean
may_see (ReferenceClient *self, JsonObject *conversation)
{
  g_autofree char *own_id = guiche_id_dup_string (&self->person.id);
  const char *queue = text (conversation, "queue");

  return self->viewer->role >= GUICHE_ROLE_SUPERVISOR ||
         g_strcmp0 (text (conversation, "assignee_id"), own_id) == 0 ||
         (queue != NULL && g_strv_contains ((const char *const *) self->viewer->queues, queue));
}

static void
drop_conversation (ReferenceClient *self, const char *id)
{
  g_autofree char *key = g_strdup (id);
  GHashTableIter iterator;
  gpointer message;

  drop (self, CONVERSATIONS, key);
  g_hash_table_iter_init (&iterator, self->rows[MESSAGES]);
  while (g_hash_table_iter_next (&iterator, NULL, &message))
    if (g_strcmp0 (text (message, "conversation_id"), key) == 0)
      g_hash_table_iter_remove (&iterator);
}

/* --- events, as the table in protocol/README.md says
 * -------------------------------------------------- */

/* What a list shows of the newest message: its first characters. */
static JsonObject *
preview_of (JsonObject *message)
{
  JsonObject *sender = json_object_get_object_member (message, "sender");
  JsonObject *preview = json_object_new ();
  const char *body = text (message, "body");
  g_autofree char *cut = g_strndup (body, guiche_preview_length (body, GUICHE_PREVIEW_CHARACTERS));

  json_object_set_int_member (preview, "seq", json_object_get_int_member (message, "seq"));
  json_object_set_string_member (preview, "sender_kind", text (sender, "kind"));
  json_object_set_member (preview, "sender_name",
                          json_node_copy (json_object_get_member (sender, "name")));
  json_object_set_string_member (preview, "kind", text (message, "kind"));
  json_object_set_string_member (preview, "body", cut);
  json_object_set_int_member (preview, "at", json_object_get_int_member (message, "at"));
  return preview;
}

static void
apply_message_created (ReferenceClient *self, JsonObject *data)
{
  JsonObject *patch = json_object_get_object_member (data, "conversation");
  JsonObject *message = json_object_get_object_member (data, "message");
  JsonObject *conversation = find (self, CONVERSATIONS, text (message, "conversation_id"));
  gint64 at = json_object_get_int_member (message, "at");

  put_message (self, message);
  if (conversation == NULL)
    return;
  json_object_set_int_member (conversation, "last_seq", json_object_get_int_member (message, "seq"));
  json_object_set_object_member (conversation, "last_message", preview_of (message));
  json_object_set_int_member (
      conversation, "updated_at",
      MAX (at, json_object_get_int_member (conversation, "updated_at")));
  json_object_set_string_member (conversation, "state", text (patch, "state"));
  if (json_object_has_member (patch, "waiting_since"))
    json_object_set_member (conversation, "waiting_since",
                            json_node_copy (json_object_get_member (patch, "waiting_since")));
  else
    json_object_set_null_member (conversation, "waiting_since");
}

static void
apply_conversation (ReferenceClient *self, JsonObject *data)
{
  JsonObject *conversation = json_object_get_object_member (data, "conversation");
  gboolean is_new = find (self, CONVERSATIONS, text (conversation, "id")) == NULL;

  put (self, CONVERSATIONS, conversation);
  if (is_new)
    fetch_messages (self, text (conversation, "id"));
}

static void
apply_delivery (ReferenceClient *self, JsonObject *data)
{
  JsonObject *conversation = find (self, CONVERSATIONS, text (data, "conversation_id"));
  g_autofree char *delivered = g_strconcat (text (data, "side"), "_delivered_seq", NULL);
  g_autofree char *read = g_strconcat (text (data, "side"), "_read_seq", NULL);
  gint64 seq = json_object_get_int_member (data, "seq");

  if (conversation == NULL)
    return;
  json_object_set_int_member (
      conversation, delivered,
      MAX (seq, json_object_get_int_member_with_default (conversation, delivered, 0)));
  if (json_object_get_int_member (data, "state") == 3)
    json_object_set_int_member (
        conversation, read,
        MAX (seq, json_object_get_int_member_with_default (conversation, read, 0)));
  raise_all (self, text (data, "conversation_id"));
}

static void
apply_moved (ReferenceClient *self, JsonObject *data)
{
  if (!may_see (self, data))
    drop_conversation (self, text (data, "conversation_id"));
}

static void
apply_draft (ReferenceClient *self, JsonObject *data)
{
  JsonObject *draft = json_object_get_object_member (data, "draft");

  if (*text (draft, "body") == '\0')
    drop (self, DRAFTS, text (draft, "conversation_id"));
  else
    put (self, DRAFTS, draft);
}

static gboolean
apply_replacing (ReferenceClient *self, const char *kind, JsonObject *data)
{
  static const struct {
    const char *kind, *member;
    Table table;
  } rows[] = {
    { "customer.created", "customer", CUSTOMERS },
    { "customer.updated", "customer", CUSTOMERS },
    { "user.created", "user", USERS },
    { "user.updated", "user", USERS },
    { "queue.updated", "queue", QUEUES },
    { "canned_reply.updated", "canned_reply", CANNED_REPLIES },
    { "read.marked", "read_mark", READ_MARKS },
    { "scheduled.updated", "scheduled_message", SCHEDULED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].kind, kind)) {
      put (self, rows[i].table, json_object_get_object_member (data, rows[i].member));
      return TRUE;
    }
  return FALSE;
}

static void
apply (ReferenceClient *self, const char *kind, JsonObject *data)
{
  if (apply_replacing (self, kind, data))
    return;
  if (g_str_equal (kind, "message.created"))
    apply_message_created (self, data);
  else if (g_str_equal (kind, "message.updated"))
    put_message (self, json_object_get_object_member (data, "message"));
  else if (g_str_equal (kind, "message.delivery"))
    apply_delivery (self, data);
  else if (g_str_has_prefix (kind, "conversation.") && !g_str_equal (kind, "conversation.moved"))
    apply_conversation (self, data);
  else if (g_str_equal (kind, "conversation.moved"))
    apply_moved (self, data);
  else if (g_str_equal (kind, "canned_reply.deleted"))
    drop (self, CANNED_REPLIES, text (data, "id"));
  else if (g_str_equal (kind, "draft.saved"))
    apply_draft (self, data);
  else if (g_str_equal (kind, "scheduled.removed"))
    drop (self, SCHEDULED, text (data, "id"));
  else if (g_str_equal (kind, "access.changed"))
    self->wants_snapshot = TRUE;
  else
    g_error ("an event that no client knows: %s", kind);
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
    apply (self, event->kind, json_object_get_object_member (json_node_get_object (node), "data"));
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
  JsonObject *own = find (self, table, text (row, tables[table].key));
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
           tables[table].name, own_text, expected_text);
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
    conversation = find (self, CONVERSATIONS, text (row, "conversation_id"));
  else if (table != CONVERSATIONS)
    return TRUE;
  return conversation != NULL && g_strcmp0 (text (conversation, "state"), "closed") != 0;
}

static void
check_no_more (ReferenceClient *self, Table table, JsonArray *rows, const char *when)
{
  g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iterator;
  gpointer key, row;

  for (guint i = 0; i < json_array_get_length (rows); i++)
    g_hash_table_add (keys,
                      (char *) text (json_array_get_object_element (rows, i), tables[table].key));
  g_hash_table_iter_init (&iterator, self->rows[table]);
  while (g_hash_table_iter_next (&iterator, &key, &row))
    if (is_in_snapshots (self, table, row) && !g_hash_table_contains (keys, key))
      g_error ("%s: %s still has %s %s", when, self->person.name, tables[table].name, (char *) key);
}

void
reference_client_check (ReferenceClient *self, const char *when)
{
  JsonObject *snapshot =
      guiche_test_expect (self->desk, &self->person, 200, "GET", "/api/v1/snapshot", NULL);

  for (int table = 0; table < N_TABLES; table++) {
    JsonArray *rows = json_object_get_array_member (snapshot, tables[table].name);

    for (guint i = 0; i < json_array_get_length (rows); i++) {
      JsonObject *row = json_array_get_object_element (rows, i);

      if (table == DRAFTS || table == READ_MARKS)
        if (find (self, CONVERSATIONS, text (row, "conversation_id")) == NULL)
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
  JsonObject *conversation = find (self, CONVERSATIONS, id);
  JsonObject *mark = find (self, READ_MARKS, id);

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
