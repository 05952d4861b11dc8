/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/message.h"
#include "http/route.h"

G_BEGIN_DECLS

/* What a colleague sends with `POST …/messages` or `message.send`. */
extern const GuicheSchema guiche_message_request_schema;
extern const GuicheSchema guiche_message_send_schema;

/* Reads a body that the schema has checked. Strings stay the body's; the attachments are the
 * caller's array of GUICHE_MESSAGE_ATTACHMENTS_MAX. */
gboolean guiche_message_request_read (JsonObject *body,
                                      GuicheMessageRequest *out,
                                      GuicheAttachmentRecord *attachments,
                                      GError **error);

G_END_DECLS
