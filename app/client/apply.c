/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "client/apply.h"

#include "protocol/event.h"

#include <string.h>

#define MAX_FRESH 256

void
guiche_apply_begin (GuicheApply *self, GuicheDatabase *db, GuicheChanges *changes)
{
  self->db = db;
  self->changes = changes;
  self->seq = guiche_state_get_number (db, "seq");
  self->doc = guiche_state_get_number (db, "doc");
  self->me = guiche_state_get_id (db, "me");
}

gboolean
guiche_apply_end (GuicheApply *self, GError **error)
{
  self->changes->seq = self->seq;
  return guiche_state_set_number (self->db, "seq", self->seq, error) &&
         guiche_state_set_number (self->db, "doc", self->doc, error);
}

static GuicheFreshMessage *
describe (GuicheApply *self, const GuicheMessageRecord *record)
{
  GuicheFreshMessage *fresh = g_new0 (GuicheFreshMessage, 1);

  fresh->conversation_id = guiche_id_dup_string (&record->conversation_id);
  fresh->client_id =
      guiche_id_is_none (&record->client_id) ? NULL : guiche_id_dup_string (&record->client_id);
  fresh->seq = record->seq;
  fresh->at = record->at;
  fresh->is_mine =
      record->sender_kind == GUICHE_SENDER_AGENT && guiche_id_equal (&record->sender_id, &self->me);
  for (gsize i = 0; i < record->n_mentions; i++)
    fresh->mentions_me |= guiche_id_equal (&record->mentions[i], &self->me);
  return fresh;
}

static void
note_message (GuicheApply *self, const GuicheMessageRecord *record, gboolean is_fresh)
{
  GuicheChanges *changes = self->changes;
  GuicheFreshMessage *message = describe (self, record);

  guiche_changes_add_message (changes, &record->conversation_id, record->seq);
  guiche_changes_add (changes->conversations, &record->conversation_id);
  if (message->is_mine && message->client_id != NULL) {
    g_ptr_array_add (changes->own, message);
    return;
  }
  if (!is_fresh) {
    guiche_fresh_message_free (message);
    return;
  }
  if (changes->fresh->len >= MAX_FRESH)
    g_ptr_array_remove_index (changes->fresh, 0);
  g_ptr_array_add (changes->fresh, message);
}

static gboolean
on_message_created (GuicheApply *self, JsonObject *data, GError **error)
{
  g_auto (GuicheMessageRecord) message = { 0 };
  g_auto (GuicheConversationRecord) patch = { 0 };
  JsonObject *object = NULL, *conversation = NULL;

  if (!guiche_json_get_object (data, "message", TRUE, &object, error) ||
      !guiche_message_record_from_json (object, &message, error) ||
      !guiche_json_get_object (data, "conversation", FALSE, &conversation, error))
    return FALSE;
  if (!guiche_conversation_store_exists (self->db, &message.conversation_id))
    return TRUE;
  if (!guiche_message_store_put (self->db, &message, FALSE, &self->doc, error))
    return FALSE;
  note_message (self, &message, TRUE);
  if (conversation == NULL)
    return guiche_conversation_store_touch (self->db, &message, error);
  return guiche_conversation_record_patch_from_json (conversation, &patch, error) &&
         guiche_conversation_store_patch (self->db, &message, &patch, error);
}

static gboolean
on_message_updated (GuicheApply *self, JsonObject *data, GError **error)
{
  g_auto (GuicheMessageRecord) message = { 0 };
  JsonObject *object = NULL;

  if (!guiche_json_get_object (data, "message", TRUE, &object, error) ||
      !guiche_message_record_from_json (object, &message, error))
    return FALSE;
  if (!guiche_conversation_store_exists (self->db, &message.conversation_id))
    return TRUE;
  note_message (self, &message, FALSE);
  return guiche_message_store_put (self->db, &message, TRUE, &self->doc, error) &&
         guiche_conversation_store_retouch (self->db, &message, error);
}

static gboolean
on_message_delivery (GuicheApply *self, JsonObject *data, GError **error)
{
  g_auto (GuicheDeliveryRecord) delivery = { 0 };

  if (!guiche_delivery_record_from_json (data, &delivery, error))
    return FALSE;
  guiche_changes_add (self->changes->conversations, &delivery.conversation_id);
  return guiche_conversation_store_deliver (self->db, &delivery, error);
}

gboolean
guiche_apply_conversation (GuicheApply *self, JsonObject *object, GError **error)
{
  g_auto (GuicheConversationRecord) record = { 0 };

  if (!guiche_conversation_record_from_json (object, &record, error))
    return FALSE;
  guiche_changes_add (self->changes->conversations, &record.id);
  if (record.state == GUICHE_CONVERSATION_WAITING)
    guiche_changes_add (self->changes->waiting, &record.id);
  return guiche_conversation_store_put (self->db, &record, error);
}

static gboolean
on_conversation (GuicheApply *self, JsonObject *data, GError **error)
{
  JsonObject *object = NULL;

  return guiche_json_get_object (data, "conversation", TRUE, &object, error) &&
         guiche_apply_conversation (self, object, error);
}

static gboolean
on_conversation_moved (GuicheApply *self, JsonObject *data, GError **error)
{
  g_auto (GuicheMovedRecord) moved = { 0 };

  return guiche_moved_record_from_json (data, &moved, error) &&
         guiche_apply_moved (self, &moved, error);
}

gboolean
guiche_apply_customer (GuicheApply *self, JsonObject *object, GError **error)
{
  g_auto (GuicheCustomerRecord) record = { 0 };

  if (!guiche_customer_record_from_json (object, &record, error))
    return FALSE;
  guiche_changes_add (self->changes->customers, &record.id);
  return guiche_customer_store_put (self->db, &record, error);
}

static gboolean
on_customer (GuicheApply *self, JsonObject *data, GError **error)
{
  JsonObject *object = NULL;

  return guiche_json_get_object (data, "customer", TRUE, &object, error) &&
         guiche_apply_customer (self, object, error);
}

static gboolean
on_user (GuicheApply *self, JsonObject *data, GError **error)
{
  g_auto (GuicheUserRecord) record = { 0 };
  JsonObject *object = NULL;

  self->changes->has_people = TRUE;
  return guiche_json_get_object (data, "user", TRUE, &object, error) &&
         guiche_user_record_from_json (object, &record, error) &&
         guiche_user_store_put (self->db, &record, error);
}

static gboolean
on_queue (GuicheApply *self, JsonObject *data, GError **error)
{
  g_auto (GuicheQueueRecord) record = { 0 };
  JsonObject *object = NULL;

  self->changes->has_queues = TRUE;
  return guiche_json_get_object (data, "queue", TRUE, &object, error) &&
         guiche_queue_record_from_json (object, &record, error) &&
         guiche_queue_store_put (self->db, &record, error);
}

static gboolean
on_canned_reply (GuicheApply *self, JsonObject *data, GError **error)
{
  g_auto (GuicheCannedReplyRecord) record = { 0 };
  JsonObject *object = NULL;

  self->changes->has_canned_replies = TRUE;
  return guiche_json_get_object (data, "canned_reply", TRUE, &object, error) &&
         guiche_canned_reply_record_from_json (object, &record, error) &&
         guiche_canned_reply_store_put (self->db, &record, error);
}

static gboolean
on_canned_reply_deleted (GuicheApply *self, JsonObject *data, GError **error)
{
  GuicheId id;

  self->changes->has_canned_replies = TRUE;
  return guiche_json_get_id (data, "id", TRUE, &id, error) &&
         guiche_canned_reply_store_drop (self->db, &id, error);
}

static gboolean
on_draft (GuicheApply *self, JsonObject *data, GError **error)
{
  g_auto (GuicheDraftRecord) record = { 0 };
  JsonObject *object = NULL;

  if (!guiche_json_get_object (data, "draft", TRUE, &object, error) ||
      !guiche_draft_record_from_json (object, &record, error))
    return FALSE;
  guiche_changes_add (self->changes->drafts, &record.conversation_id);
  return guiche_draft_store_put (self->db, &record, error);
}

static gboolean
on_read_mark (GuicheApply *self, JsonObject *data, GError **error)
{
  g_auto (GuicheReadMarkRecord) record = { 0 };
  JsonObject *object = NULL;

  if (!guiche_json_get_object (data, "read_mark", TRUE, &object, error) ||
      !guiche_read_mark_record_from_json (object, &record, error))
    return FALSE;
  guiche_changes_add (self->changes->conversations, &record.conversation_id);
  return guiche_read_mark_store_raise (self->db, &record, error);
}

static gboolean
on_scheduled (GuicheApply *self, JsonObject *data, GError **error)
{
  g_auto (GuicheScheduledMessageRecord) record = { 0 };
  JsonObject *object = NULL;

  self->changes->has_scheduled = TRUE;
  return guiche_json_get_object (data, "scheduled_message", TRUE, &object, error) &&
         guiche_scheduled_message_record_from_json (object, &record, error) &&
         guiche_scheduled_store_put (self->db, &record, error);
}

static gboolean
on_scheduled_removed (GuicheApply *self, JsonObject *data, GError **error)
{
  GuicheId id;

  self->changes->has_scheduled = TRUE;
  return guiche_json_get_id (data, "id", TRUE, &id, error) &&
         guiche_scheduled_store_drop (self->db, &id, error);
}

static gboolean
on_access (GuicheApply *self, JsonObject *data, GError **error)
{
  g_auto (GuicheAccessRecord) access = { 0 };

  return guiche_access_record_from_json (data, &access, error) &&
         guiche_apply_access (self, &access, error);
}

static const struct {
  const char *kind;
  gboolean (*apply) (GuicheApply *self, JsonObject *data, GError **error);
} kinds[] = {
  { "message.created", on_message_created },
  { "message.updated", on_message_updated },
  { "message.delivery", on_message_delivery },
  { "conversation.created", on_conversation },
  { "conversation.updated", on_conversation },
  { "conversation.moved", on_conversation_moved },
  { "customer.created", on_customer },
  { "customer.updated", on_customer },
  { "user.created", on_user },
  { "user.updated", on_user },
  { "queue.updated", on_queue },
  { "canned_reply.updated", on_canned_reply },
  { "canned_reply.deleted", on_canned_reply_deleted },
  { "draft.saved", on_draft },
  { "read.marked", on_read_mark },
  { "scheduled.updated", on_scheduled },
  { "scheduled.removed", on_scheduled_removed },
  { "access.changed", on_access },
};

/* What does not decode must not hold up everything behind it; what the disk refuses must. */
static gboolean
is_about_contents (const GError *error)
{
  return g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST) ||
         g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_JSON);
}

gboolean
guiche_apply_event (GuicheApply *self, JsonObject *event, GError **error)
{
  g_autoptr (GError) failure = NULL;
  const char *kind = NULL;
  JsonObject *data = NULL;
  gint64 seq = 0;

  if (!guiche_json_get_int (event, "seq", TRUE, &seq, error) ||
      !guiche_json_get_string (event, "kind", TRUE, &kind, error) ||
      !guiche_json_get_object (event, "data", TRUE, &data, error))
    return FALSE;
  if (seq <= self->seq)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (strcmp (kinds[i].kind, kind) != 0)
      continue;
    if (kinds[i].apply (self, data, &failure))
      break;
    if (!is_about_contents (failure)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    g_warning ("event %" G_GINT64_FORMAT " of kind %s is not understood: %s", seq, kind,
               failure->message);
    break;
  }
  self->seq = seq;
  return TRUE;
}

gboolean
guiche_apply_message (GuicheApply *self, JsonObject *object, gboolean is_own, GError **error)
{
  g_auto (GuicheMessageRecord) message = { 0 };

  if (!guiche_message_record_from_json (object, &message, error))
    return FALSE;
  if (!guiche_conversation_store_exists (self->db, &message.conversation_id)) {
    if (is_own)
      g_ptr_array_add (self->changes->own, describe (self, &message));
    return TRUE;
  }
  if (!guiche_message_store_put (self->db, &message, FALSE, &self->doc, error))
    return FALSE;
  note_message (self, &message, FALSE);
  return !is_own || guiche_conversation_store_touch (self->db, &message, error);
}
