/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/apply.h"

typedef gboolean (*ApplyItem) (GuicheApply *self, JsonObject *item, GError **error);

static gboolean
put_user (GuicheApply *self, JsonObject *item, GError **error)
{
  g_auto (GuicheUserRecord) record = { 0 };

  return guiche_user_record_from_json (item, &record, error) &&
         guiche_user_store_put (self->db, &record, error);
}

static gboolean
put_queue (GuicheApply *self, JsonObject *item, GError **error)
{
  g_auto (GuicheQueueRecord) record = { 0 };

  return guiche_queue_record_from_json (item, &record, error) &&
         guiche_queue_store_put (self->db, &record, error);
}

static gboolean
put_canned_reply (GuicheApply *self, JsonObject *item, GError **error)
{
  g_auto (GuicheCannedReplyRecord) record = { 0 };

  return guiche_canned_reply_record_from_json (item, &record, error) &&
         guiche_canned_reply_store_put (self->db, &record, error);
}

static gboolean
put_message (GuicheApply *self, JsonObject *item, GError **error)
{
  return guiche_apply_message (self, item, FALSE, error);
}

static gboolean
put_draft (GuicheApply *self, JsonObject *item, GError **error)
{
  g_auto (GuicheDraftRecord) record = { 0 };

  if (!guiche_draft_record_from_json (item, &record, error))
    return FALSE;
  guiche_changes_add (self->changes->drafts, &record.conversation_id);
  return guiche_draft_store_put (self->db, &record, error);
}

static gboolean
put_read_mark (GuicheApply *self, JsonObject *item, GError **error)
{
  g_auto (GuicheReadMarkRecord) record = { 0 };

  return guiche_read_mark_record_from_json (item, &record, error) &&
         guiche_read_mark_store_raise (self->db, &record, error);
}

static gboolean
put_scheduled (GuicheApply *self, JsonObject *item, GError **error)
{
  g_auto (GuicheScheduledMessageRecord) record = { 0 };

  return guiche_scheduled_message_record_from_json (item, &record, error) &&
         guiche_scheduled_store_put (self->db, &record, error);
}

/* Conversations stand before what belongs to them. */
static const struct {
  const char *member;
  ApplyItem apply;
} members[] = {
  { "users", put_user },
  { "queues", put_queue },
  { "canned_replies", put_canned_reply },
  { "customers", guiche_apply_customer },
  { "conversations", guiche_apply_conversation },
  { "messages", put_message },
  { "drafts", put_draft },
  { "read_marks", put_read_mark },
  { "scheduled_messages", put_scheduled },
};

static gboolean
apply_items (GuicheApply *self,
             JsonObject *snapshot,
             const char *member,
             ApplyItem apply,
             GError **error)
{
  JsonArray *items = NULL;

  if (!guiche_json_get_array (snapshot, member, FALSE, &items, error))
    return FALSE;
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++) {
    JsonNode *item = json_array_get_element (items, i);
    if (!JSON_NODE_HOLDS_OBJECT (item)) {
      g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, "the snapshot's %s", member);
      return FALSE;
    }
    if (!apply (self, json_node_get_object (item), error))
      return FALSE;
  }
  return TRUE;
}

gboolean
guiche_apply_snapshot (GuicheApply *self, JsonObject *snapshot, gboolean is_fresh, GError **error)
{
  g_auto (GuicheUserRecord) me = { 0 };
  JsonObject *object = NULL;
  gint64 seq = 0;

  if (!guiche_json_get_int (snapshot, "seq", TRUE, &seq, error) ||
      !guiche_json_get_object (snapshot, "me", TRUE, &object, error) ||
      !guiche_user_record_from_json (object, &me, error))
    return FALSE;
  if (is_fresh && !guiche_state_wipe (self->db, error))
    return FALSE;
  self->me = me.id;
  if (!guiche_state_set_id (self->db, "me", &me.id, error) ||
      !guiche_user_store_put (self->db, &me, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    if (!apply_items (self, snapshot, members[i].member, members[i].apply, error))
      return FALSE;
  /* An added snapshot may be ahead of the stream: the events between come again and, applied in
   * order, end at the same state. */
  if (is_fresh)
    self->seq = seq;
  self->changes->is_everything = is_fresh;
  self->changes->has_people = self->changes->has_queues = TRUE;
  self->changes->has_canned_replies = self->changes->has_scheduled = TRUE;
  return TRUE;
}
