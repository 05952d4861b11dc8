/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "desk/conversation-store.h"
#include "desk/emit.h"
#include "desk/message.h"
#include "protocol/change.h"

/* Delivery is kept as watermarks of the conversation, one pair a side, so that reading a hundred
 * messages is one small change; a message's state is derived from those of the other side. */

GuicheDelivery
guiche_conversation_get_delivery (const GuicheConversation *conversation,
                                  GuicheSenderKind sender_kind,
                                  gint64 seq)
{
  const GuicheConversationRecord *record = &conversation->record;
  gboolean is_agent = sender_kind == GUICHE_SENDER_AGENT;

  if (sender_kind == GUICHE_SENDER_SYSTEM)
    return GUICHE_DELIVERY_SENT;
  if (seq <= (is_agent ? record->customer_read_seq : record->agent_read_seq))
    return GUICHE_DELIVERY_READ;
  if (seq <= (is_agent ? record->customer_delivered_seq : record->agent_delivered_seq))
    return GUICHE_DELIVERY_DELIVERED;
  return GUICHE_DELIVERY_SENT;
}

/* TRUE when it changed something. */
static gboolean
raise_seq (gint64 *watermark, gint64 seq)
{
  if (seq <= *watermark)
    return FALSE;
  *watermark = seq;
  return TRUE;
}

static gboolean
raise_watermarks (GuicheConversationRecord *record,
                  GuicheSenderKind side,
                  GuicheDelivery state,
                  gint64 seq)
{
  gboolean is_agent = side == GUICHE_SENDER_AGENT;
  gint64 *delivered = is_agent ? &record->agent_delivered_seq : &record->customer_delivered_seq;
  gint64 *read = is_agent ? &record->agent_read_seq : &record->customer_read_seq;
  gboolean is_delivered_new = raise_seq (delivered, seq);

  if (state < GUICHE_DELIVERY_READ)
    return is_delivered_new;
  return raise_seq (read, seq) || is_delivered_new;
}

gboolean
guiche_conversation_raise_delivery (GuicheTx *tx,
                                    GuicheConversation *conversation,
                                    GuicheSenderKind side,
                                    GuicheDelivery state,
                                    gint64 seq,
                                    GError **error)
{
  GuicheConversationRecord *record = &conversation->record;
  g_autoptr (GuicheJsonWriter) writer = NULL;
  GuicheDeliveryRecord delivery = { record->id, NULL, state, MIN (seq, record->last_seq) };

  if (record->kind != GUICHE_CONVERSATION_CUSTOMER || side == GUICHE_SENDER_SYSTEM ||
      state < GUICHE_DELIVERY_DELIVERED || !raise_watermarks (record, side, state, delivery.seq))
    return TRUE;
  if (!guiche_conversation_store_update (tx, conversation, error))
    return FALSE;
  delivery.side = (char *) guiche_sender_kind_name (side);
  writer = guiche_json_writer_new ();
  guiche_delivery_record_to_json (&delivery, writer);
  return guiche_desk_emit (tx, "message.delivery", conversation->public_audience, &record->id,
                           writer, error);
}
