/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/scheduled.h"

#include "base/error.h"
#include "base/text.h"
#include "desk/emit.h"
#include "desk/message-store.h"
#include "desk/personal.h"
#include "desk/scheduled-store.h"
#include "people/access.h"

#define SEND_LATER_MAX_US (366 * G_TIME_SPAN_DAY)

static gboolean
check_request (GuicheTx *tx, const GuicheMessageRequest *request, gint64 send_at_us, GError **error)
{
  gint64 now = guiche_tx_now_us (tx);
  g_autofree char *stripped = g_strstrip (g_strdup (request->body));

  if (request->n_attachments > 0 || !guiche_id_is_none (&request->quote_id) ||
      (request->kind != GUICHE_MESSAGE_TEXT && request->kind != GUICHE_MESSAGE_NOTE))
    return guiche_desk_refuse_field (error, "send_at", "is for plain text only");
  if (guiche_id_is_none (&request->client_id))
    return guiche_desk_refuse_field (error, "client_id", "is missing");
  if (*stripped == '\0' || g_utf8_strlen (request->body, -1) > GUICHE_MESSAGE_CHARACTERS_MAX)
    return guiche_desk_refuse_field (error, "body", "has not 1 to 10,000 characters");
  return (send_at_us > now && send_at_us <= now + SEND_LATER_MAX_US) ||
         guiche_desk_refuse_field (error, "send_at", "is not in the future and within a year");
}

static gboolean
emit_updated (GuicheTx *tx, const GuicheScheduled *scheduled, GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "scheduled_message");
  guiche_scheduled_message_record_to_json (&scheduled->record, writer);
  guiche_json_writer_end_object (writer);
  return guiche_desk_emit_to_user (tx, "scheduled.updated", &scheduled->user_id,
                                   &scheduled->record.conversation_id, writer, error);
}

static gboolean
enqueue (GuicheTx *tx, const GuicheScheduled *scheduled, GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  char key[GUICHE_ID_STRING_LENGTH + 1];

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &scheduled->record.id);
  guiche_json_writer_end_object (writer);
  guiche_id_to_string (&scheduled->record.id, key);
  return guiche_tx_enqueue (tx, GUICHE_JOB_SEND_LATER, key, scheduled->record.send_at,
                            guiche_json_writer_peek (writer, NULL), error);
}

/* A client_id that was sent already must not be sent again. */
static gboolean
check_unsent (GuicheTx *tx, const GuicheMessageRequest *request, GError **error)
{
  gboolean is_sent = FALSE;
  gint64 number, seq;

  if (!guiche_message_store_find_repeat (tx, &guiche_tx_actor (tx)->id, &request->client_id,
                                         &is_sent, &number, &seq, error))
    return FALSE;
  if (is_sent)
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT,
                         "send later: the message was sent already");
  return !is_sent;
}

gboolean
guiche_scheduled_create (GuicheTx *tx,
                         const GuicheId *conversation_id,
                         const GuicheMessageRequest *request,
                         gint64 send_at_us,
                         GuicheScheduledMessageRecord *out,
                         gboolean *out_is_new,
                         GError **error)
{
  const GuicheId *user_id = &guiche_tx_actor (tx)->id;
  g_autoptr (GuicheConversation) conversation =
                 guiche_conversation_load_visible (tx, conversation_id, error);
  g_auto (GuicheScheduled) scheduled = { 0 };
  gboolean is_there = FALSE;

  *out = (GuicheScheduledMessageRecord){ 0 };
  if (conversation == NULL ||
      !guiche_scheduled_store_find (tx, user_id, &request->client_id, &scheduled, &is_there, error))
    return FALSE;
  *out_is_new = !is_there;
  if (!is_there) {
    if (!check_unsent (tx, request, error) || !check_request (tx, request, send_at_us, error))
      return FALSE;
    scheduled.user_id = *user_id;
    scheduled.kind = request->kind;
    scheduled.record =
        (GuicheScheduledMessageRecord){ guiche_tx_new_id (tx), *conversation_id, request->client_id,
                                        guiche_text_body (request->body), send_at_us };
    if (!guiche_scheduled_store_insert (tx, &scheduled, error) ||
        !enqueue (tx, &scheduled, error) || !emit_updated (tx, &scheduled, error))
      return FALSE;
  }
  *out = scheduled.record;
  scheduled.record = (GuicheScheduledMessageRecord){ 0 };
  return TRUE;
}

static gboolean
remove_scheduled (GuicheTx *tx, const GuicheScheduled *scheduled, GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  const GuicheScheduledMessageRecord *record = &scheduled->record;

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &record->id);
  guiche_json_writer_member_id (writer, "conversation_id", &record->conversation_id);
  guiche_json_writer_end_object (writer);
  return guiche_scheduled_store_delete (tx, &record->id, error) &&
         guiche_desk_emit_to_user (tx, "scheduled.removed", &scheduled->user_id,
                                   &record->conversation_id, writer, error);
}

gboolean
guiche_scheduled_cancel (GuicheTx *tx, const GuicheId *id, GError **error)
{
  g_auto (GuicheScheduled) scheduled = { 0 };
  char key[GUICHE_ID_STRING_LENGTH + 1];
  gboolean is_there = FALSE;

  if (!guiche_scheduled_store_load (tx, id, &scheduled, &is_there, error))
    return FALSE;
  if (!is_there || !guiche_id_equal (&scheduled.user_id, &guiche_tx_actor (tx)->id)) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND,
                         "there is no such scheduled message");
    return FALSE;
  }
  guiche_id_to_string (id, key);
  return guiche_tx_cancel_job (tx, GUICHE_JOB_SEND_LATER, key, NULL, error) &&
         remove_scheduled (tx, &scheduled, error);
}

/* May its author still send it? GUICHE_ERROR_NOT_FOUND or UNAUTHENTICATED when not. */
static GuicheConversation *
load_for_author (GuicheTx *tx, const GuicheScheduled *scheduled, GError **error)
{
  g_autoptr (GuicheViewer) viewer = guiche_access_load_viewer (tx, &scheduled->user_id, error);
  g_autoptr (GuicheConversation) conversation = NULL;

  if (viewer == NULL)
    return NULL;
  conversation = guiche_conversation_load (tx, &scheduled->record.conversation_id, error);
  if (conversation == NULL || guiche_conversation_may_see (viewer, conversation))
    return g_steal_pointer (&conversation);
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND,
                       "there is no such conversation");
  return NULL;
}

static gboolean
send_now (GuicheTx *tx, const GuicheScheduled *scheduled, GError **error)
{
  g_autoptr (GuicheConversation) conversation = load_for_author (tx, scheduled, error);
  g_auto (GuicheSender) sender = { GUICHE_SENDER_AGENT, scheduled->user_id, NULL };
  GuicheMessageRequest request = { .client_id = scheduled->record.client_id,
                                   .kind = scheduled->kind,
                                   .body = scheduled->record.body };
  GuicheMessageResult result;

  if (conversation == NULL)
    return FALSE;
  sender.name = guiche_sender_dup_user_name (tx, &scheduled->user_id, error);
  return sender.name != NULL &&
         guiche_message_post (tx, conversation, &sender, &request, &result, error);
}

/* These stay true however often one tries; they are found before anything is written. */
static gboolean
is_final (const GError *error)
{
  return g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_CONVERSATION_CLOSED) ||
         g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND) ||
         g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED);
}

gboolean
guiche_scheduled_send (GuicheTx *tx, const GuicheId *id, GError **error)
{
  g_auto (GuicheScheduled) scheduled = { 0 };
  g_autoptr (GError) failure = NULL;
  gboolean is_there = FALSE;

  if (!guiche_scheduled_store_load (tx, id, &scheduled, &is_there, error))
    return FALSE;
  if (!is_there)
    return TRUE;
  if (!send_now (tx, &scheduled, &failure)) {
    if (!is_final (failure)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    if (!guiche_draft_save_for (tx, &scheduled.user_id, &scheduled.record.conversation_id,
                                scheduled.record.body, error))
      return FALSE;
  }
  return remove_scheduled (tx, &scheduled, error);
}
