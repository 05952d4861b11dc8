/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/message.h"

G_BEGIN_DECLS

/* The rarer parts of a message being sent: fills @record's attachments, quote and mentions,
 * checking that the files are the sender's own, that the quoted message is in the conversation and
 * may be seen, and who is meant by `@login`. Everything put into @record is owned by it. */
gboolean guiche_message_parts_resolve (GuicheTx *tx,
                                       const GuicheConversation *conversation,
                                       const GuicheSender *sender,
                                       const GuicheMessageRequest *request,
                                       GuicheMessageRecord *record,
                                       GError **error);
/* Only the mentions, for an edited body. */
gboolean guiche_message_parts_resolve_mentions (GuicheTx *tx,
                                                GuicheMessageRecord *record,
                                                GError **error);

G_END_DECLS
