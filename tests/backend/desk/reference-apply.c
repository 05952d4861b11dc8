/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference-client-private.h"

#include <string.h>

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
  JsonObject *conversation =
      reference_find (self, CONVERSATIONS, reference_text (message, "conversation_id"));
  const char *kind = reference_text (json_object_get_object_member (message, "sender"), "kind");
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
  JsonObject *old = reference_find (self, MESSAGES, reference_text (message, "id"));

  raise_state (self, message, old == NULL ? 0 : json_object_get_int_member (old, "state"));
  reference_put (self, MESSAGES, message);
}

static void
raise_all (ReferenceClient *self, const char *conversation_id)
{
  GHashTableIter iterator;
  gpointer message;

  g_hash_table_iter_init (&iterator, self->rows[MESSAGES]);
  while (g_hash_table_iter_next (&iterator, NULL, &message))
    if (g_strcmp0 (reference_text (message, "conversation_id"), conversation_id) == 0)
      raise_state (self, message, 0);
}

static gboolean
may_see (ReferenceClient *self, JsonObject *conversation)
{
  g_autofree char *own_id = guiche_id_dup_string (&self->person.id);
  const char *queue = reference_text (conversation, "queue");

  return self->viewer->role >= GUICHE_ROLE_SUPERVISOR ||
         g_strcmp0 (reference_text (conversation, "assignee_id"), own_id) == 0 ||
         (queue != NULL && g_strv_contains ((const char *const *) self->viewer->queues, queue));
}

static void
drop_conversation (ReferenceClient *self, const char *id)
{
  g_autofree char *key = g_strdup (id);
  GHashTableIter iterator;
  gpointer message;

  reference_drop (self, CONVERSATIONS, key);
  g_hash_table_iter_init (&iterator, self->rows[MESSAGES]);
  while (g_hash_table_iter_next (&iterator, NULL, &message))
    if (g_strcmp0 (reference_text (message, "conversation_id"), key) == 0)
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
  const char *body = reference_text (message, "body");
  g_autofree char *cut = g_strndup (body, guiche_preview_length (body, GUICHE_PREVIEW_CHARACTERS));

  json_object_set_int_member (preview, "seq", json_object_get_int_member (message, "seq"));
  json_object_set_string_member (preview, "sender_kind", reference_text (sender, "kind"));
  json_object_set_member (preview, "sender_name",
                          json_node_copy (json_object_get_member (sender, "name")));
  json_object_set_string_member (preview, "kind", reference_text (message, "kind"));
  json_object_set_string_member (preview, "body", cut);
  json_object_set_int_member (preview, "at", json_object_get_int_member (message, "at"));
  return preview;
}

static void
apply_message_created (ReferenceClient *self, JsonObject *data)
{
  JsonObject *patch = json_object_get_object_member (data, "conversation");
  JsonObject *message = json_object_get_object_member (data, "message");
  JsonObject *conversation =
      reference_find (self, CONVERSATIONS, reference_text (message, "conversation_id"));
  gint64 at = json_object_get_int_member (message, "at");

  put_message (self, message);
  if (conversation == NULL)
    return;
  json_object_set_int_member (conversation, "last_seq",
                              json_object_get_int_member (message, "seq"));
  json_object_set_object_member (conversation, "last_message", preview_of (message));
  json_object_set_int_member (conversation, "updated_at",
                              MAX (at, json_object_get_int_member (conversation, "updated_at")));
  json_object_set_string_member (conversation, "state", reference_text (patch, "state"));
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
  gboolean is_new =
      reference_find (self, CONVERSATIONS, reference_text (conversation, "id")) == NULL;

  reference_put (self, CONVERSATIONS, conversation);
  if (is_new)
    reference_fetch_messages (self, reference_text (conversation, "id"));
}

static void
apply_delivery (ReferenceClient *self, JsonObject *data)
{
  JsonObject *conversation =
      reference_find (self, CONVERSATIONS, reference_text (data, "conversation_id"));
  g_autofree char *delivered = g_strconcat (reference_text (data, "side"), "_delivered_seq", NULL);
  g_autofree char *read = g_strconcat (reference_text (data, "side"), "_read_seq", NULL);
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
  raise_all (self, reference_text (data, "conversation_id"));
}

static void
apply_moved (ReferenceClient *self, JsonObject *data)
{
  if (!may_see (self, data))
    drop_conversation (self, reference_text (data, "conversation_id"));
}

static void
apply_draft (ReferenceClient *self, JsonObject *data)
{
  JsonObject *draft = json_object_get_object_member (data, "draft");

  if (*reference_text (draft, "body") == '\0')
    reference_drop (self, DRAFTS, reference_text (draft, "conversation_id"));
  else
    reference_put (self, DRAFTS, draft);
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
      reference_put (self, rows[i].table, json_object_get_object_member (data, rows[i].member));
      return TRUE;
    }
  return FALSE;
}

void
reference_apply (ReferenceClient *self, const char *kind, JsonObject *data)
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
    reference_drop (self, CANNED_REPLIES, reference_text (data, "id"));
  else if (g_str_equal (kind, "draft.saved"))
    apply_draft (self, data);
  else if (g_str_equal (kind, "scheduled.removed"))
    reference_drop (self, SCHEDULED, reference_text (data, "id"));
  else if (g_str_equal (kind, "access.changed"))
    self->wants_snapshot = TRUE;
  else
    g_error ("an event that no client knows: %s", kind);
}
