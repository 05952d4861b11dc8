/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/database.h"
#include "client/rows.h"
#include "protocol/canned-reply.h"
#include "protocol/change.h"
#include "protocol/conversation.h"
#include "protocol/customer.h"
#include "protocol/personal.h"
#include "protocol/queue.h"
#include "protocol/user.h"

G_BEGIN_DECLS

/*
 * The cache's tables, one file each: records of the wire go in, rows for the models come out. All
 * run on the thread of the connection they are given; lists have (transfer full) elements.
 */

/* state-store.c */
gint64 guiche_state_get_number (GuicheDatabase *db, const char *name);
gboolean guiche_state_set_number (GuicheDatabase *db,
                                  const char *name,
                                  gint64 number,
                                  GError **error);
GuicheId guiche_state_get_id (GuicheDatabase *db, const char *name);
gboolean guiche_state_set_id (GuicheDatabase *db,
                              const char *name,
                              const GuicheId *id,
                              GError **error);
/* Forgets everything the server holds. */
gboolean guiche_state_wipe (GuicheDatabase *db, GError **error);

/* conversation-store.c: what the server says replaces, but what only grows never goes down. */
gboolean guiche_conversation_store_put (GuicheDatabase *db,
                                        const GuicheConversationRecord *record,
                                        GError **error);
gboolean guiche_conversation_store_patch (GuicheDatabase *db,
                                          const GuicheMessageRecord *message,
                                          const GuicheConversationRecord *patch,
                                          GError **error);
gboolean guiche_conversation_store_deliver (GuicheDatabase *db,
                                            const GuicheDeliveryRecord *record,
                                            GError **error);
/* A message of whose conversation nothing was said: raises the last seq and what the list shows. */
gboolean guiche_conversation_store_touch (GuicheDatabase *db,
                                          const GuicheMessageRecord *message,
                                          GError **error);
/* An edited or deleted message, when it is the one that the list shows. */
gboolean guiche_conversation_store_retouch (GuicheDatabase *db,
                                            const GuicheMessageRecord *message,
                                            GError **error);
gboolean guiche_conversation_store_exists (GuicheDatabase *db, const GuicheId *id);
/* With its messages, marks and drafts. */
gboolean guiche_conversation_store_drop (GuicheDatabase *db, const GuicheId *id, GError **error);

/* conversation-read-store.c */
GuicheConversationRow *guiche_conversation_store_read (GuicheDatabase *db,
                                                       const char *id); /* (nullable) */
/* Every one that is not closed, and the @n_closed closed last. */
GPtrArray *guiche_conversation_store_list (GuicheDatabase *db, guint n_closed);
GPtrArray *guiche_conversation_store_ids (GuicheDatabase *db); /* (element-type utf8) */

/* message-store.c */
/* @replace: what is there is older. Otherwise what is there stays. @doc: in and out, the last
 * number given. */
gboolean guiche_message_store_put (GuicheDatabase *db,
                                   const GuicheMessageRecord *record,
                                   gboolean replace,
                                   gint64 *doc,
                                   GError **error);
gboolean guiche_message_store_drop_all (GuicheDatabase *db,
                                        const GuicheId *conversation_id,
                                        GError **error);
GPtrArray *guiche_message_store_list (GuicheDatabase *db,
                                      const char *conversation_id,
                                      gint64 first,
                                      gint64 last);
GuicheMessageRow *guiche_message_store_find (GuicheDatabase *db,
                                             const char *conversation_id,
                                             const char *id); /* (nullable) */
/* The seq of the first at or after @at; 0 when there is none. */
gint64 guiche_message_store_find_time (GuicheDatabase *db, const char *conversation_id, gint64 at);
GuicheMessageRow *guiche_message_store_read_columns (
    sqlite3_stmt *statement); /* of the list's columns */
/* Splits the first attachment of the wire's array into the row's members. */
void guiche_message_row_read_attachments (GuicheMessageRow *row);

/* people-store.c */
gboolean guiche_customer_store_put (GuicheDatabase *db,
                                    const GuicheCustomerRecord *record,
                                    GError **error);
GuicheCustomerRow *guiche_customer_store_read (GuicheDatabase *db, const char *id); /* (nullable) */
gboolean guiche_user_store_put (GuicheDatabase *db, const GuicheUserRecord *record, GError **error);
gboolean guiche_user_store_set_access (GuicheDatabase *db,
                                       const GuicheAccessRecord *record,
                                       GError **error);
GuicheUserRow *guiche_user_store_read (GuicheDatabase *db, const GuicheId *id); /* (nullable) */
GPtrArray *guiche_user_store_list (GuicheDatabase *db);

/* desk-store.c */
gboolean guiche_queue_store_put (GuicheDatabase *db,
                                 const GuicheQueueRecord *record,
                                 GError **error);
GPtrArray *guiche_queue_store_list (GuicheDatabase *db);
gboolean guiche_canned_reply_store_put (GuicheDatabase *db,
                                        const GuicheCannedReplyRecord *record,
                                        GError **error);
gboolean guiche_canned_reply_store_drop (GuicheDatabase *db, const GuicheId *id, GError **error);
GPtrArray *guiche_canned_reply_store_list (GuicheDatabase *db);

/* personal-store.c */
gboolean guiche_read_mark_store_raise (GuicheDatabase *db,
                                       const GuicheReadMarkRecord *record,
                                       GError **error);
gboolean guiche_draft_store_put (GuicheDatabase *db,
                                 const GuicheDraftRecord *record,
                                 GError **error);
char *guiche_draft_store_dup (GuicheDatabase *db, const char *conversation_id); /* (nullable) */
gboolean guiche_scheduled_store_put (GuicheDatabase *db,
                                     const GuicheScheduledMessageRecord *record,
                                     GError **error);
gboolean guiche_scheduled_store_drop (GuicheDatabase *db, const GuicheId *id, GError **error);
/* (element-type GuicheScheduledRow): of all conversations, what is sent first before. */
GPtrArray *guiche_scheduled_store_list (GuicheDatabase *db);
GPtrArray *guiche_draft_store_list (
    GuicheDatabase *db); /* (element-type utf8): conversations with a draft */

G_END_DECLS
