/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `{"op":"delivered","conversation_id","seq"}`: a client has received messages up to seq, read or
 * not. */
#include "config.h"

#include "base/error.h"
#include "channels/routes.h"
#include "desk/message.h"

static const GuicheField delivered_fields[] = {
  { "op", GUICHE_TYPE_STRING, FALSE, 0, 32 },
  { "ref", GUICHE_TYPE_ANY, FALSE },
  { "conversation_id", GUICHE_TYPE_ID, FALSE, .description = "A visitor's is their own" },
  { "seq", GUICHE_TYPE_INTEGER, TRUE, 0, G_MAXINT32 },
  { NULL },
};
static const GuicheSchema delivered_schema = { "Delivered", delivered_fields, TRUE };

/* The company has received what the assignee's desktop has; who only looks on does not count. */
static gboolean
counts (const GuicheActor *actor, const GuicheConversation *conversation)
{
  return actor->role == GUICHE_ROLE_VISITOR ||
         (conversation->record.kind == GUICHE_CONVERSATION_CUSTOMER &&
          guiche_id_equal (&conversation->record.assignee_id, &actor->id));
}

static gboolean
handle_delivered (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  const GuicheActor *actor = guiche_tx_actor (tx);
  JsonObject *body = guiche_request_body (request);
  gboolean is_visitor = actor->role == GUICHE_ROLE_VISITOR;
  GuicheId id = actor->viewer != NULL ? actor->viewer->conversation_id : GUICHE_ID_NONE;
  g_autoptr (GuicheConversation) conversation = NULL;
  GuicheJsonWriter *writer = guiche_reply_json (reply);
  gint64 seq = 0;

  if ((!is_visitor && !guiche_json_get_id (body, "conversation_id", TRUE, &id, error)) ||
      !guiche_json_get_int (body, "seq", TRUE, &seq, error))
    return FALSE;
  conversation = guiche_conversation_load_visible (tx, &id, error);
  if (conversation == NULL)
    return FALSE;
  if (counts (actor, conversation) &&
      !guiche_conversation_raise_delivery (
          tx, conversation, is_visitor ? GUICHE_SENDER_CUSTOMER : GUICHE_SENDER_AGENT,
          GUICHE_DELIVERY_DELIVERED, MIN (seq, conversation->record.last_seq), error))
    return FALSE;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

const GuicheStreamOp *
guiche_channels_stream_ops (void)
{
  static const GuicheStreamOp ops[] = {
    { "delivered", GUICHE_ROLE_VISITOR, GUICHE_RATE_WRITE, &delivered_schema, handle_delivered,
      "Messages up to seq have arrived here" },
    { NULL },
  };

  return ops;
}
