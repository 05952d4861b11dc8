/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/message.h"

G_BEGIN_DECLS

/* Whom a conversation is with: a customer, an internal channel, or two colleagues. */
typedef enum {
  GUICHE_CONVERSATION_CUSTOMER,
  GUICHE_CONVERSATION_CHANNEL,
  GUICHE_CONVERSATION_DIRECT
} GuicheConversationKind;

const char *guiche_conversation_kind_name (GuicheConversationKind kind);
gboolean guiche_conversation_kind_parse (const char *name, GuicheConversationKind *out_kind);

/* Where it stands; the rules are in desk/. Internal ones are always open. */
typedef enum {
  GUICHE_CONVERSATION_WAITING,
  GUICHE_CONVERSATION_OPEN,
  GUICHE_CONVERSATION_PENDING,
  GUICHE_CONVERSATION_SNOOZED,
  GUICHE_CONVERSATION_CLOSED,
  GUICHE_CONVERSATION_N_STATES
} GuicheConversationState;

const char *guiche_conversation_state_name (GuicheConversationState state);
gboolean guiche_conversation_state_parse (const char *name, GuicheConversationState *out_state);

/**
 * GuicheConversationRecord:
 *
 * One conversation. Times are microseconds UTC, 0 for none. The seq members are watermarks: every
 * message of the other side up to them was delivered or read.
 */
typedef struct {
  GuicheId id;
  GuicheConversationKind kind;
  char *channel;        /* (nullable): `webchat`, `dummy`, …; internal ones have none */
  GuicheId customer_id; /* none for internal ones */
  char *title;          /* (nullable) */
  char *queue;          /* (nullable): a queue's key */
  gint64 priority;      /* 0 highest … 9 */
  GuicheConversationState state;
  GuicheId assignee_id; /* or none */
  gint64 last_seq;
  GuichePreviewRecord last_message;
  gint64 waiting_since;
  gint64 opened_at;
  gint64 snoozed_until;
  gint64 closed_at;
  char *close_reason; /* (nullable) */
  gint64 created_at;
  gint64 updated_at;
  GuicheId *members; /* (array length=n_members): internal ones */
  gsize n_members;
  gint64 customer_read_seq;
  gint64 agent_read_seq;
  gint64 customer_delivered_seq;
  gint64 agent_delivered_seq;
} GuicheConversationRecord;

void guiche_conversation_record_clear (GuicheConversationRecord *self);
void guiche_conversation_record_free (GuicheConversationRecord *self);
void guiche_conversation_record_to_json (const GuicheConversationRecord *self,
                                         GuicheJsonWriter *writer);
gboolean guiche_conversation_record_from_json (JsonObject *object,
                                               GuicheConversationRecord *out,
                                               GError **error);

/* What `message.created` says of its conversation beyond what the message itself tells: the
 * members state and waiting_since (absent: none) only. */
void guiche_conversation_record_patch_to_json (const GuicheConversationRecord *self,
                                               GuicheJsonWriter *writer);
/* Fills those members of an empty @out; the others stay none. */
gboolean guiche_conversation_record_patch_from_json (JsonObject *object,
                                                     GuicheConversationRecord *out,
                                                     GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheConversationRecord, guiche_conversation_record_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheConversationRecord, guiche_conversation_record_free)

G_END_DECLS
