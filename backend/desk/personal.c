/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/personal.h"

#include "base/text.h"
#include "desk/conversation.h"
#include "desk/emit.h"
#include "desk/message.h"
#include "desk/personal-store.h"

static gboolean
save (GuicheTx *tx, const GuicheId *user_id, const GuicheDraftRecord *draft, GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  gboolean is_saved = *draft->body == '\0'
                          ? guiche_draft_store_delete (tx, user_id, &draft->conversation_id, error)
                          : guiche_draft_store_put (tx, user_id, draft, error);

  if (!is_saved)
    return FALSE;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "draft");
  guiche_draft_record_to_json (draft, writer);
  guiche_json_writer_end_object (writer);
  return guiche_desk_emit_to_user (tx, "draft.saved", user_id, &draft->conversation_id, writer,
                                   error);
}

gboolean
guiche_draft_save (GuicheTx *tx,
                   const GuicheId *conversation_id,
                   const char *body,
                   GuicheDraftRecord *out,
                   GError **error)
{
  g_autoptr (GuicheConversation) conversation =
                 guiche_conversation_load_visible (tx, conversation_id, error);

  *out = (GuicheDraftRecord){ 0 };
  if (conversation == NULL)
    return FALSE;
  if (g_utf8_strlen (body, -1) > GUICHE_DRAFT_CHARACTERS_MAX)
    return guiche_desk_refuse_field (error, "body", "has more than 10,000 characters");
  out->conversation_id = *conversation_id;
  out->body = guiche_text_body (body);
  out->updated_at = guiche_tx_now_us (tx);
  return save (tx, &guiche_tx_actor (tx)->id, out, error);
}

gboolean
guiche_draft_save_for (GuicheTx *tx,
                       const GuicheId *user_id,
                       const GuicheId *conversation_id,
                       const char *body,
                       GError **error)
{
  GuicheDraftRecord draft = { *conversation_id, (char *) body, guiche_tx_now_us (tx) };

  return save (tx, user_id, &draft, error);
}

static gboolean
emit_marked (GuicheTx *tx,
             const GuicheId *user_id,
             const GuicheReadMarkRecord *mark,
             GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "read_mark");
  guiche_read_mark_record_to_json (mark, writer);
  guiche_json_writer_end_object (writer);
  return guiche_desk_emit_to_user (tx, "read.marked", user_id, &mark->conversation_id, writer,
                                   error);
}

gboolean
guiche_read_marks_announce (GuicheTx *tx, const GuicheId *conversation_id, GError **error)
{
  g_autoptr (GPtrArray) marks = guiche_read_mark_store_list_of (tx, conversation_id, error);

  for (guint i = 0; marks != NULL && i < marks->len; i++) {
    const GuicheUserMark *mark = g_ptr_array_index (marks, i);
    GuicheReadMarkRecord record = { *conversation_id, mark->seq };

    if (!emit_marked (tx, &mark->user_id, &record, error))
      return FALSE;
  }
  return marks != NULL;
}

gboolean
guiche_read_mark_raise (GuicheTx *tx,
                        const GuicheId *conversation_id,
                        gint64 seq,
                        GuicheReadMarkRecord *out,
                        GError **error)
{
  const GuicheId *user_id = &guiche_tx_actor (tx)->id;
  g_autoptr (GuicheConversation) conversation =
                 guiche_conversation_load_visible (tx, conversation_id, error);
  gboolean is_raised = FALSE;

  *out = (GuicheReadMarkRecord){ 0 };
  if (conversation == NULL)
    return FALSE;
  if (seq < 0)
    return guiche_desk_refuse_field (error, "seq", "is negative");
  out->conversation_id = *conversation_id;
  seq = MIN (seq, conversation->record.last_seq);
  if (!guiche_read_mark_store_raise (tx, user_id, conversation_id, seq, &is_raised, &out->seq,
                                     error))
    return FALSE;
  if (is_raised && !emit_marked (tx, user_id, out, error))
    return FALSE;
  return !guiche_id_equal (&conversation->record.assignee_id, user_id) ||
         guiche_conversation_raise_delivery (tx, conversation, GUICHE_SENDER_AGENT,
                                             GUICHE_DELIVERY_READ, seq, error);
}
