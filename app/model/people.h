/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A colleague: `id`, `login`, `name`, `role`, `status-text`, `presence` (available, busy, away,
 * offline), `is-me`. */
#define GUICHE_TYPE_PERSON (guiche_person_get_type ())
G_DECLARE_FINAL_TYPE (GuichePerson, guiche_person, GUICHE, PERSON, GObject)
const char *guiche_person_get_id (GuichePerson *self);
const char *guiche_person_get_name (GuichePerson *self);
const char *guiche_person_get_presence (GuichePerson *self);

/* `id`, `name`, `phones` (strv), `emails` (strv), `document`, `contract`, `plan`, `address`,
 * `status`, `notes`. */
#define GUICHE_TYPE_CUSTOMER (guiche_customer_get_type ())
G_DECLARE_FINAL_TYPE (GuicheCustomer, guiche_customer, GUICHE, CUSTOMER, GObject)
const char *guiche_customer_get_id (GuicheCustomer *self);
const char *guiche_customer_get_name (GuicheCustomer *self);

/* `key`, `name` (as the company wrote it), `position`, `waiting` (uint, live), `is-mine`. */
#define GUICHE_TYPE_QUEUE_ITEM (guiche_queue_item_get_type ())
G_DECLARE_FINAL_TYPE (GuicheQueueItem, guiche_queue_item, GUICHE, QUEUE_ITEM, GObject)

/* `id`, `shortcut`, `title`, `body`. */
#define GUICHE_TYPE_CANNED_REPLY (guiche_canned_reply_get_type ())
G_DECLARE_FINAL_TYPE (GuicheCannedReply, guiche_canned_reply, GUICHE, CANNED_REPLY, GObject)

/* What the server sends later: `id`, `conversation-id`, `body`, `send-at`. */
#define GUICHE_TYPE_SCHEDULED_MESSAGE (guiche_scheduled_message_get_type ())
G_DECLARE_FINAL_TYPE (GuicheScheduledMessage,
                      guiche_scheduled_message,
                      GUICHE,
                      SCHEDULED_MESSAGE,
                      GObject)
const char *guiche_scheduled_message_get_id (GuicheScheduledMessage *self);
const char *guiche_scheduled_message_get_conversation_id (GuicheScheduledMessage *self);
const char *guiche_scheduled_message_get_body (GuicheScheduledMessage *self);
gint64 guiche_scheduled_message_get_send_at (GuicheScheduledMessage *self);

G_END_DECLS
