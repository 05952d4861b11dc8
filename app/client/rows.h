/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Rows of the local cache as they travel from `client/` to `model/`: plain records, every string
 * owned. Times are microseconds since 1970 UTC, 0 where the wire has null.
 */

typedef struct {
  char *id;
  char *kind;         /* customer, channel, direct */
  char *channel;      /* (nullable) */
  char *customer_id;  /* (nullable) */
  char *title;        /* (nullable) */
  char *queue;        /* (nullable): a queue's key */
  char *state;        /* waiting, open, pending, snoozed, closed */
  char *assignee_id;  /* (nullable) */
  char *close_reason; /* (nullable) */
  char **members;     /* user ids, may be empty */
  gint64 priority;
  gint64 last_seq;
  gint64 waiting_since, opened_at, snoozed_until, closed_at, created_at, updated_at;
  gint64 customer_read_seq, agent_read_seq, customer_delivered_seq, agent_delivered_seq;
  gint64 last_at;         /* of the last message */
  char *last_sender_kind; /* (nullable) */
  char *last_sender_name; /* (nullable) */
  char *last_kind;        /* (nullable): NULL without a last message */
  char *last_body;        /* (nullable) */
  gint64 last_message_seq;
  gint64 read_seq; /* the own read mark */
} GuicheConversationRow;

typedef struct {
  char *id;
  char *client_id; /* (nullable) */
  char *conversation_id;
  gint64 seq; /* 0 while in the outbox */
  char *sender_kind;
  char *sender_id;   /* (nullable) */
  char *sender_name; /* (nullable) */
  char *kind;
  char *body;
  gint64 at, edited_at, deleted_at;
  gint64 state;   /* 0 in the outbox, 1 sent, 2 delivered, 3 read */
  char *quote_id; /* (nullable) */
  gint64 quote_seq;
  char *quote_sender; /* (nullable) */
  char *quote_body;   /* (nullable) */
  char *file_id;      /* (nullable): no attachment, or not uploaded yet */
  char *file_name;    /* (nullable) */
  char *file_type;    /* (nullable) */
  gint64 file_size;
  gint64 duration_ms;
  char *waveform;    /* (nullable): hexadecimal pairs */
  char *attachments; /* (nullable): the wire's array, as text */
  char *mentions;    /* (nullable): user ids joined by spaces */
} GuicheMessageRow;

typedef struct {
  char *id, *name, *document, *contract, *plan, *address, *status, *notes;
  char **phones, **emails;
  gint64 created_at, updated_at;
} GuicheCustomerRow;

typedef struct {
  char *id, *login, *name, *role, *email, *status_text;
  gboolean is_enabled;
  char **queues;
} GuicheUserRow;

typedef struct {
  char *id, *key, *name;
  gint64 priority, position;
  char **members;
} GuicheQueueRow;

typedef struct {
  char *id, *shortcut, *title, *body;
  gint64 updated_at;
} GuicheCannedReplyRow;

typedef struct {
  char *id, *conversation_id, *body;
  gint64 send_at;
} GuicheScheduledRow;

void guiche_conversation_row_free (GuicheConversationRow *self);
void guiche_message_row_free (GuicheMessageRow *self);
void guiche_customer_row_free (GuicheCustomerRow *self);
void guiche_user_row_free (GuicheUserRow *self);
void guiche_queue_row_free (GuicheQueueRow *self);
void guiche_canned_reply_row_free (GuicheCannedReplyRow *self);
void guiche_scheduled_row_free (GuicheScheduledRow *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheConversationRow, guiche_conversation_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheMessageRow, guiche_message_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheCustomerRow, guiche_customer_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheUserRow, guiche_user_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheQueueRow, guiche_queue_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheCannedReplyRow, guiche_canned_reply_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheScheduledRow, guiche_scheduled_row_free)

G_END_DECLS
