/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/conversation.h"
#include "desk/sender.h"

G_BEGIN_DECLS

#define GUICHE_MESSAGE_CHARACTERS_MAX 10000
#define GUICHE_MESSAGE_ATTACHMENTS_MAX 10

/**
 * GuicheMessageRequest:
 *
 * What somebody wants to say. Borrowed. Of an attachment only @file_id, @name, @duration_ms and
 * @waveform are read: type and size come from the file.
 */
typedef struct {
  GuicheId client_id; /* made by the sender: a repeat is answered, not done again */
  GuicheMessageKind kind;
  const char *body;
  const GuicheAttachmentRecord *attachments;
  gsize n_attachments;
  GuicheId quote_id; /* or none */
} GuicheMessageRequest;

/**
 * GuicheMessageResult:
 *
 * The message as it travels, written once for event and reply. @json is borrowed until the next
 * message of this connection.
 */
typedef struct {
  GuicheId id;
  gint64 seq;
  gboolean is_repeat; /* this client_id was here before: nothing was done */
  const char *json;
  gsize json_length;
} GuicheMessageResult;

/* %TRUE: the actor of @tx said it there before, under that client_id, and @out is that message. It
 * is theirs, even when they lost sight of the conversation; nothing else is told, not even that the
 * conversation exists. */
gboolean guiche_message_find_repeat (GuicheTx *tx,
                                     const GuicheId *conversation_id,
                                     const GuicheMessageRequest *request,
                                     GuicheMessageResult *out);
/* Says it on behalf of the actor of @tx, in a conversation they may see (else
 * GUICHE_ERROR_NOT_FOUND). GUICHE_ERROR_CONVERSATION_CLOSED for a colleague's text in a closed one;
 * a customer's opens it again. GUICHE_ERROR_CONFLICT when the client_id was used elsewhere. */
gboolean guiche_message_send (GuicheTx *tx,
                              const GuicheId *conversation_id,
                              const GuicheMessageRequest *request,
                              GuicheMessageResult *out,
                              GError **error);
/* The same for a sender of whom the caller knows that they may: jobs and channels. */
gboolean guiche_message_post (GuicheTx *tx,
                              GuicheConversation *conversation,
                              const GuicheSender *sender,
                              const GuicheMessageRequest *request,
                              GuicheMessageResult *out,
                              GError **error);
/* A system line (`accepted`, …) caused by @sender, or (%NULL) by the actor. */
gboolean guiche_message_post_line (GuicheTx *tx,
                                   GuicheConversation *conversation,
                                   const GuicheSender *sender,
                                   const char *code,
                                   GError **error);

/* The seq that a message's id carries in its last four bytes. */
gint64 guiche_message_id_get_seq (const GuicheId *id);
/* GUICHE_ERROR_NOT_FOUND when the conversation has no such message. */
gboolean guiche_message_load (GuicheTx *tx,
                              const GuicheConversation *conversation,
                              const GuicheId *id,
                              GuicheMessageRecord *out,
                              GError **error);

/**
 * GuicheMessagePage:
 * @before: only seqs below it; 0 for no bound
 * @after: only seqs above it
 * @is_forward: with @before 0, the page starts after @after, else it holds the last ones
 * @is_public: without private notes
 */
typedef struct {
  gint64 before;
  gint64 after;
  gsize limit;
  gboolean is_public;
  gboolean is_forward;
} GuicheMessagePage;

/* Ascending. (element-type GuicheMessageRecord) */
GPtrArray *guiche_messages_read (GuicheTx *tx,
                                 const GuicheConversation *conversation,
                                 const GuicheMessagePage *page,
                                 gboolean *out_has_more,
                                 GError **error);

/* By its sender only, text and notes; audited. */
gboolean guiche_message_edit (GuicheTx *tx,
                              const GuicheId *conversation_id,
                              const GuicheId *id,
                              const char *body,
                              GuicheMessageRecord *out,
                              GError **error);
/* By its sender or a supervisor; the body and attachments are gone, the place stays. */
gboolean guiche_message_delete (GuicheTx *tx,
                                const GuicheId *conversation_id,
                                const GuicheId *id,
                                GuicheMessageRecord *out,
                                GError **error);

/* One side received or read everything up to @seq; watermarks never go down. Emits
 * `message.delivery` when something changed. */
gboolean guiche_conversation_raise_delivery (GuicheTx *tx,
                                             GuicheConversation *conversation,
                                             GuicheSenderKind side,
                                             GuicheDelivery state,
                                             gint64 seq,
                                             GError **error);
/* How far a message came, from the watermarks. */
GuicheDelivery guiche_conversation_get_delivery (const GuicheConversation *conversation,
                                                 GuicheSenderKind sender_kind,
                                                 gint64 seq);

G_END_DECLS
