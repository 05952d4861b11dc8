/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/text.h"
#include "desk/emit.h"
#include "desk/message-parts.h"
#include "desk/message-store.h"
#include "desk/message.h"

#include <string.h>

static gboolean
refuse_missing (GError **error)
{
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no such message");
  return FALSE;
}

gboolean
guiche_message_load (GuicheTx *tx,
                     const GuicheConversation *conversation,
                     const GuicheId *id,
                     GuicheMessageRecord *out,
                     GError **error)
{
  gboolean is_found = FALSE;

  if (!guiche_message_store_load (tx, conversation, guiche_message_id_get_seq (id), out, &is_found,
                                  error))
    return FALSE;
  if (is_found && guiche_id_equal (&out->id, id))
    return TRUE;
  guiche_message_record_clear (out);
  return refuse_missing (error);
}

GPtrArray *
guiche_messages_read (GuicheTx *tx,
                      const GuicheConversation *conversation,
                      const GuicheMessagePage *page,
                      gboolean *out_has_more,
                      GError **error)
{
  g_autoptr (GPtrArray) messages = guiche_message_store_read (tx, conversation, page, error);

  if (messages == NULL)
    return NULL;
  *out_has_more = messages->len > page->limit;
  if (*out_has_more)
    g_ptr_array_set_size (messages, (int) page->limit);
  if (!page->is_forward || page->before > 0)
    for (guint i = 0; i < messages->len / 2; i++) {
      gpointer *pair[] = { &messages->pdata[i], &messages->pdata[messages->len - 1 - i] };
      gpointer swap = *pair[0];

      *pair[0] = *pair[1];
      *pair[1] = swap;
    }
  return g_steal_pointer (&messages);
}

static gboolean
emit_updated (GuicheTx *tx,
              GuicheConversation *conversation,
              const GuicheMessageRecord *record,
              GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  const char *audience =
      record->kind == GUICHE_MESSAGE_NOTE ? conversation->audience : conversation->public_audience;

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "message");
  guiche_message_record_to_json (record, writer);
  guiche_json_writer_end_object (writer);
  if (!guiche_desk_emit (tx, "message.updated", audience, &record->conversation_id, writer, error))
    return FALSE;
  if (record->seq != conversation->record.last_seq)
    return TRUE;
  conversation->is_preview_old = TRUE;
  return guiche_conversation_announce (tx, conversation, "conversation.updated", error);
}

/* The audit log names message and conversation, never what was said. */
static gboolean
audit (GuicheTx *tx, const char *action, const GuicheMessageRecord *record, GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "conversation_id", &record->conversation_id);
  guiche_json_writer_member_int (writer, "seq", record->seq);
  guiche_json_writer_end_object (writer);
  return guiche_tx_audit (tx, action, &record->id, guiche_json_writer_peek (writer, NULL), error);
}

static gboolean
check_changeable (const GuicheMessageRecord *record, GError **error)
{
  if (record->kind == GUICHE_MESSAGE_SYSTEM) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT,
                         "a line of the system cannot be changed");
    return FALSE;
  }
  if (record->deleted_at != 0) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT, "the message was deleted");
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_new_body (const char *body, GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (body));

  if (*stripped == '\0')
    return guiche_desk_refuse_field (error, "body", "is empty");
  return g_utf8_strlen (body, -1) <= GUICHE_MESSAGE_CHARACTERS_MAX ||
         guiche_desk_refuse_field (error, "body", "has more than 10,000 characters");
}

gboolean
guiche_message_edit (GuicheTx *tx,
                     const GuicheId *conversation_id,
                     const GuicheId *id,
                     const char *body,
                     GuicheMessageRecord *out,
                     GError **error)
{
  g_autoptr (GuicheConversation) conversation =
                 guiche_conversation_load_visible (tx, conversation_id, error);

  if (conversation == NULL || !check_new_body (body, error) ||
      !guiche_message_load (tx, conversation, id, out, error) || !check_changeable (out, error))
    return FALSE;
  if (!guiche_id_equal (&out->sender_id, &guiche_tx_actor (tx)->id)) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN,
                         "only who wrote a message can edit it");
    return FALSE;
  }
  g_free (out->body);
  out->body = guiche_text_body (body);
  out->edited_at = guiche_tx_now_us (tx);
  return guiche_message_parts_resolve_mentions (tx, out, error) &&
         guiche_message_store_update (tx, conversation, out, error) &&
         audit (tx, "message.edit", out, error) && emit_updated (tx, conversation, out, error);
}

static void
empty (GuicheMessageRecord *record, gint64 now_us)
{
  for (gsize i = 0; i < record->n_attachments; i++)
    guiche_attachment_record_clear (&record->attachments[i]);
  record->n_attachments = 0;
  record->n_mentions = 0;
  g_clear_pointer (&record->quote.sender_name, g_free);
  g_clear_pointer (&record->quote.body, g_free);
  record->quote = (GuicheQuoteRecord){ 0 };
  g_free (record->body);
  record->body = g_strdup ("");
  record->deleted_at = now_us;
}

gboolean
guiche_message_delete (GuicheTx *tx,
                       const GuicheId *conversation_id,
                       const GuicheId *id,
                       GuicheMessageRecord *out,
                       GError **error)
{
  const GuicheActor *actor = guiche_tx_actor (tx);
  g_autoptr (GuicheConversation) conversation =
                 guiche_conversation_load_visible (tx, conversation_id, error);

  if (conversation == NULL || !guiche_message_load (tx, conversation, id, out, error))
    return FALSE;
  if (actor->role < GUICHE_ROLE_SUPERVISOR && !guiche_id_equal (&out->sender_id, &actor->id)) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN,
                         "only who wrote a message, or a supervisor, can delete it");
    return FALSE;
  }
  if (out->deleted_at != 0)
    return TRUE;
  if (!check_changeable (out, error))
    return FALSE;
  empty (out, guiche_tx_now_us (tx));
  return guiche_message_store_update (tx, conversation, out, error) &&
         guiche_message_store_delete_files (tx, conversation, out->seq, error) &&
         audit (tx, "message.delete", out, error) && emit_updated (tx, conversation, out, error);
}
