/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/message.h"
#include "http/route.h"

G_BEGIN_DECLS

/* What a visitor may say: `{client_id, body, kind?, attachments?, quote?}`, without private notes
 * and with files of their own only. */
gboolean guiche_webchat_message_send (GuicheTx *tx,
                                      JsonObject *body,
                                      GuicheMessageResult *out,
                                      GError **error);

extern const GuicheSchema guiche_webchat_message_request_schema;
extern const GuicheSchema guiche_webchat_message_schema;
extern const GuicheSchema guiche_webchat_messages_schema;

G_END_DECLS
