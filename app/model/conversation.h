/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/people.h"

G_BEGIN_DECLS

/**
 * GuicheConversation:
 *
 * One conversation, live. Properties (read-only, notify): `id`, `kind` (customer, channel, direct),
 * `channel`, `title`, `queue-key`, `queue-name`, `priority`, `state` (waiting, open, pending,
 * snoozed, closed), `assignee` (GuichePerson), `customer` (GuicheCustomer), `last-seq`, `preview`
 * (one line), `last-at`, `unread` (uint), `waiting-since`, `snoozed-until`, `close-reason`,
 * `has-draft`, `is-mine`, `typing` (one line "Maria" or null), `viewers` (names, nullable),
 * `read-seq` (own), `created-at`.
 */
#define GUICHE_TYPE_CONVERSATION (guiche_conversation_get_type ())
G_DECLARE_FINAL_TYPE (GuicheConversation, guiche_conversation, GUICHE, CONVERSATION, GObject)

const char *guiche_conversation_get_id (GuicheConversation *self);
const char *guiche_conversation_get_kind (GuicheConversation *self);
const char *guiche_conversation_get_title (GuicheConversation *self);
const char *guiche_conversation_get_state (GuicheConversation *self);
const char *guiche_conversation_get_queue_key (GuicheConversation *self);
GuichePerson *guiche_conversation_get_assignee (GuicheConversation *self);   /* (nullable) */
GuicheCustomer *guiche_conversation_get_customer (GuicheConversation *self); /* (nullable) */
guint guiche_conversation_get_unread (GuicheConversation *self);
gint64 guiche_conversation_get_last_seq (GuicheConversation *self);
gint64 guiche_conversation_get_read_seq (GuicheConversation *self);
gboolean guiche_conversation_get_is_mine (GuicheConversation *self);

G_END_DECLS
