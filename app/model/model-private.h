/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/rows.h"
#include "model/desk.h"

G_BEGIN_DECLS

/* How the desk feeds the objects it shows. Only files of this room include it. */

/* Read-only for the rooms above; `apply` notifies what changed. */
#define GUICHE_PARAM_READ (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

GuichePerson *guiche_person_new (const GuicheUserRow *row, gboolean is_me);
void guiche_person_apply (GuichePerson *self, const GuicheUserRow *row);
void guiche_person_set_presence (GuichePerson *self, const char *presence);

/* Reads its row when it is first looked at: opening asks for many, shows few. @owner is told
 * nothing after it has gone. */
typedef GuicheCustomerRow *(*GuicheCustomerLoad) (const char *id, gpointer owner);
GuicheCustomer *guiche_customer_new_lazy (const char *id, GuicheCustomerLoad load, GObject *owner);
void guiche_customer_reload (GuicheCustomer *self);
GuicheQueueItem *guiche_queue_item_new (const GuicheQueueRow *row);
void guiche_queue_item_apply (GuicheQueueItem *self, const GuicheQueueRow *row);
void guiche_queue_item_set_waiting (GuicheQueueItem *self, guint waiting);
void guiche_queue_item_set_is_mine (GuicheQueueItem *self, gboolean is_mine);
const char *guiche_queue_item_get_key (GuicheQueueItem *self);
const char *guiche_queue_item_get_name (GuicheQueueItem *self);
gint64 guiche_queue_item_get_position (GuicheQueueItem *self);
gboolean guiche_queue_item_get_is_mine (GuicheQueueItem *self);

GuicheCannedReply *guiche_canned_reply_new (const GuicheCannedReplyRow *row);
const char *guiche_canned_reply_get_id (GuicheCannedReply *self);
const char *guiche_canned_reply_get_shortcut (GuicheCannedReply *self);

GuicheScheduledMessage *guiche_scheduled_message_new (const GuicheScheduledRow *row);

/* What a conversation's row names, looked up by the desk. */
typedef struct {
  GuichePerson *assignee;   /* (nullable) (transfer none) */
  GuicheCustomer *customer; /* (nullable) (transfer none) */
  const char *queue_name;   /* (nullable) */
  const char *title;        /* (nullable): of a direct conversation, the other's name */
  gboolean is_mine;
  gboolean has_draft;
} GuicheConversationContext;

GuicheConversation *guiche_conversation_new (const char *id);
void guiche_conversation_apply (GuicheConversation *self,
                                GuicheConversationRow *row, /* taken */
                                const GuicheConversationContext *context);
const GuicheConversationRow *guiche_conversation_get_row (GuicheConversation *self);
void guiche_conversation_set_has_draft (GuicheConversation *self, gboolean has_draft);
void guiche_conversation_set_typing (GuicheConversation *self, const char *typing);
void guiche_conversation_set_viewers (GuicheConversation *self, const char *viewers);
void guiche_conversation_set_read_seq (GuicheConversation *self, gint64 read_seq);

/* How a message stands to its neighbours. */
typedef struct {
  gboolean starts_day, starts_group, is_first_unread;
} GuicheMessagePlace;

GuicheMessage *guiche_message_new (void);
void guiche_message_apply (GuicheMessage *self,
                           GuicheMessageRow *row,
                           gboolean is_mine); /* takes the row */
void guiche_message_set_loading (GuicheMessage *self, const char *conversation_id, gint64 seq);
void guiche_message_place (GuicheMessage *self, const GuicheMessagePlace *place);
void guiche_message_set_state (GuicheMessage *self, guint state);
void guiche_message_set_failure (GuicheMessage *self, const char *failure);
void guiche_message_set_can_undo (GuicheMessage *self, gboolean can_undo);
const GuicheMessageRow *guiche_message_get_row (GuicheMessage *self); /* (nullable) while loading */
gint64 guiche_message_get_seq (GuicheMessage *self);
GuicheAttachment *guiche_message_get_attachment (GuicheMessage *self); /* (nullable) */
gboolean guiche_message_get_is_loading (GuicheMessage *self);

GuicheAttachment *guiche_attachment_new (void);
void guiche_attachment_apply (GuicheAttachment *self, const GuicheMessageRow *row);
void guiche_attachment_set_local_path (GuicheAttachment *self, const char *path);
void guiche_attachment_set_progress (GuicheAttachment *self, double progress);

/* What a hit shows; the strings are handed over. */
typedef struct {
  GuicheHitKind kind;
  char *title, *snippet, *conversation_id, *customer_id, *user_id; /* (nullable) */
  gint64 at, message_seq;
} GuicheHitValues;

GuicheSearchHit *guiche_search_hit_new_take (const GuicheHitValues *values);

/* The one line of a message in lists and notifications. */
char *guiche_preview_of (const char *kind,
                         const char *body,
                         const char *sender_kind,
                         const char *sender_name);

G_END_DECLS
