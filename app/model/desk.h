/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/session.h"
#include "model/conversation.h"
#include "model/message-list.h"
#include "model/people.h"

G_BEGIN_DECLS

/**
 * GuicheDesk:
 *
 * All that an agent's windows bind to, for one signed-in profile: opens on the cache,
 * follows the stream, sends through the outbox. Main thread. Every asynchronous call ends
 * in a GError of GUICHE_ERROR that a toast can show; what can be done offline (sending,
 * drafts, reading marks) never fails for the network.
 *
 * Properties: `state` (GuicheDeskState), `state-detail` (nullable string), `me` (GuichePerson),
 * `pending` (uint: messages in the outbox), `unread` (uint: unread messages of mine and of my
 * queues).
 *
 * Signals:
 * - `message-arrived` (GuicheConversation, GuicheMessage): a live message of somebody else;
 * - `conversation-arrived` (GuicheConversation): waiting in a queue of mine, newly;
 * - `mentioned` (GuicheConversation, GuicheMessage);
 * - `conversation-read` (GuicheConversation): read here or elsewhere, notifications withdraw;
 * - `send-failed` (GuicheConversation, GuicheMessage, message string): refused by the server;
 * - `signed-out` (): the session was revoked; the shell goes back to the sign-in page.
 */
#define GUICHE_TYPE_DESK (guiche_desk_get_type ())
G_DECLARE_FINAL_TYPE (GuicheDesk, guiche_desk, GUICHE, DESK, GObject)

typedef enum {
  GUICHE_DESK_OFFLINE, /* no network; retrying with back-off */
  GUICHE_DESK_CONNECTING,
  GUICHE_DESK_REPLAYING, /* receiving what was missed */
  GUICHE_DESK_ONLINE,
  GUICHE_DESK_SIGNED_OUT
} GuicheDeskState;

typedef enum {
  GUICHE_VIEW_MINE,
  GUICHE_VIEW_QUEUE,    /* waiting, in my queues */
  GUICHE_VIEW_ALL,      /* every open one I may see */
  GUICHE_VIEW_CHANNELS, /* internal channels and direct conversations */
  GUICHE_VIEW_SNOOZED,
  GUICHE_VIEW_CLOSED,
  GUICHE_N_VIEWS
} GuicheView;

/* Opens the cache of the session's profile (milliseconds, no network); connect with
 * guiche_desk_connect(). */
GuicheDesk *guiche_desk_new (GuicheSession *session, GError **error);
void guiche_desk_connect (GuicheDesk *self);

/* Lists stay the same object for the desk's life and change live. (transfer none) */
GListModel *guiche_desk_get_view (
    GuicheDesk *self,
    GuicheView view); /* of GuicheConversation, sorted; GuicheView counts by n-items */
GListModel *guiche_desk_get_people (
    GuicheDesk *self); /* of GuichePerson: colleagues with presence */
GListModel *guiche_desk_get_queues (GuicheDesk *self);         /* of GuicheQueueItem */
GListModel *guiche_desk_get_canned_replies (GuicheDesk *self); /* of GuicheCannedReply */
/* Of GuicheScheduledMessage: mine, in every conversation, what is sent first before. */
GListModel *guiche_desk_get_scheduled (GuicheDesk *self);
GuichePerson *guiche_desk_get_me (GuicheDesk *self);
GuicheConversation *guiche_desk_find_conversation (GuicheDesk *self,
                                                   const char *id);           /* (nullable) */
GuicheCustomer *guiche_desk_find_customer (GuicheDesk *self, const char *id); /* (nullable) */
GuicheDeskState guiche_desk_get_state (GuicheDesk *self);
void guiche_desk_retry_now (GuicheDesk *self);
/* A closed one or one from a search that is not cached: asks the server. */
void guiche_desk_load_conversation_async (GuicheDesk *self,
                                          const char *id,
                                          GCancellable *,
                                          GAsyncReadyCallback,
                                          gpointer);
GuicheConversation *guiche_desk_load_conversation_finish (GuicheDesk *self,
                                                          GAsyncResult *,
                                                          GError **error);

/* The next page of closed conversations, from the server into their view; nothing happens when all
 * are here. */
void guiche_desk_load_closed_async (GuicheDesk *self,
                                    GCancellable *,
                                    GAsyncReadyCallback,
                                    gpointer);
gboolean guiche_desk_load_closed_finish (GuicheDesk *self, GAsyncResult *, GError **error);
/* Asks for a customer of whom the cache knows only the id (of a closed conversation); the object
 * notifies. */
void guiche_desk_want_customer (GuicheDesk *self, GuicheCustomer *customer); /* (nullable) */

/* An internal channel of the company, joined or not. */
typedef struct {
  char *id;
  char *name;
  guint n_members;
  gboolean is_member;
} GuicheChannelInfo;

void guiche_channel_info_free (GuicheChannelInfo *self);
void guiche_desk_list_channels_async (GuicheDesk *self,
                                      GCancellable *,
                                      GAsyncReadyCallback,
                                      gpointer);
GPtrArray *guiche_desk_list_channels_finish (
    GuicheDesk *self,
    GAsyncResult *,
    GError **error); /* (transfer full) (element-type GuicheChannelInfo) */

/* --- sending: at once visible, durable in the outbox, delivered in order, once ------------ */
typedef struct {
  const char *body;
  const char *kind;     /* text, note, voice, file, image */
  const char *quote_id; /* (nullable) */
  const char *path; /* (nullable): a local file to upload first; copied into the outbox's folder */
  const char *file_name; /* (nullable) */
  gint64 duration_ms;    /* voice */
  const char *waveform;  /* (nullable) hex pairs */
  gint64 send_at_us;     /* 0: now; else "send later", held by the server */
  guint undo_ms;         /* 0..10,000: how long it can be taken back */
} GuicheOutgoing;

/* (transfer full): the message as shown in the list until the server's answer. */
GuicheMessage *guiche_desk_send (GuicheDesk *self,
                                 GuicheConversation *conversation,
                                 const GuicheOutgoing *outgoing,
                                 GError **error);
gboolean guiche_desk_undo_send (GuicheDesk *self, GuicheMessage *message); /* FALSE: too late */
void guiche_desk_retry_send (GuicheDesk *self, GuicheMessage *message);    /* after send-failed */
void guiche_desk_discard_send (GuicheDesk *self, GuicheMessage *message);

/* Drafts: written to the cache at once, to the server after a pause. */
void guiche_desk_set_draft (GuicheDesk *self, GuicheConversation *conversation, const char *body);
char *guiche_desk_dup_draft (GuicheDesk *self, GuicheConversation *conversation);

void guiche_desk_mark_read (GuicheDesk *self, GuicheConversation *conversation);
void guiche_desk_set_typing (GuicheDesk *self,
                             GuicheConversation *conversation,
                             gboolean is_typing);
void guiche_desk_set_viewing (GuicheDesk *self, GuicheConversation *conversation); /* (nullable) */
void guiche_desk_set_presence (GuicheDesk *self, const char *status);

/* --- what needs the server: one finish for all --------------------------------------------- */
void guiche_desk_accept_async (GuicheDesk *,
                               GuicheConversation *,
                               GCancellable *,
                               GAsyncReadyCallback,
                               gpointer);
void guiche_desk_assign_async (GuicheDesk *,
                               GuicheConversation *,
                               const char *user_id,
                               GCancellable *,
                               GAsyncReadyCallback,
                               gpointer);
void guiche_desk_transfer_async (GuicheDesk *,
                                 GuicheConversation *,
                                 const char *queue,
                                 const char *user_id,
                                 const char *note,
                                 GCancellable *,
                                 GAsyncReadyCallback,
                                 gpointer);
void guiche_desk_close_async (GuicheDesk *,
                              GuicheConversation *,
                              const char *reason,
                              GCancellable *,
                              GAsyncReadyCallback,
                              gpointer);
void guiche_desk_reopen_async (GuicheDesk *,
                               GuicheConversation *,
                               GCancellable *,
                               GAsyncReadyCallback,
                               gpointer);
void guiche_desk_snooze_async (GuicheDesk *,
                               GuicheConversation *,
                               gint64 until_us,
                               GCancellable *,
                               GAsyncReadyCallback,
                               gpointer);
void guiche_desk_edit_message_async (GuicheDesk *,
                                     GuicheMessage *,
                                     const char *body,
                                     GCancellable *,
                                     GAsyncReadyCallback,
                                     gpointer);
void guiche_desk_delete_message_async (GuicheDesk *,
                                       GuicheMessage *,
                                       GCancellable *,
                                       GAsyncReadyCallback,
                                       gpointer);
/* It is not sent and leaves the list; GUICHE_ERROR_NOT_FOUND: it has been sent already. */
void guiche_desk_cancel_scheduled_async (GuicheDesk *,
                                         GuicheScheduledMessage *,
                                         GCancellable *,
                                         GAsyncReadyCallback,
                                         gpointer);
void guiche_desk_update_customer_async (GuicheDesk *,
                                        GuicheCustomer *,
                                        const char *changes_json,
                                        GCancellable *,
                                        GAsyncReadyCallback,
                                        gpointer);
void guiche_desk_create_channel_async (GuicheDesk *,
                                       const char *name,
                                       GCancellable *,
                                       GAsyncReadyCallback,
                                       gpointer);
void guiche_desk_join_channel_async (GuicheDesk *,
                                     const char *channel_id,
                                     GCancellable *,
                                     GAsyncReadyCallback,
                                     gpointer);
void guiche_desk_leave_channel_async (GuicheDesk *,
                                      const char *channel_id,
                                      GCancellable *,
                                      GAsyncReadyCallback,
                                      gpointer);
void guiche_desk_open_direct_async (GuicheDesk *,
                                    const char *user_id,
                                    GCancellable *,
                                    GAsyncReadyCallback,
                                    gpointer);
void guiche_desk_update_me_async (GuicheDesk *,
                                  const char *changes_json,
                                  GCancellable *,
                                  GAsyncReadyCallback,
                                  gpointer);
gboolean guiche_desk_action_finish (GuicheDesk *self,
                                    GAsyncResult *result,
                                    char **out_id,
                                    GError **error); /* out_id (nullable): of what was made */

/* A file of an attachment, downloaded once into the cache's folder. */
void guiche_desk_fetch_file_async (GuicheDesk *self,
                                   const char *file_id,
                                   GCancellable *,
                                   GAsyncReadyCallback,
                                   gpointer);
char *guiche_desk_fetch_file_finish (GuicheDesk *self,
                                     GAsyncResult *,
                                     GError **error); /* (transfer full): a local path */

/* Sends @path, another form of file @file_id that this desktop has sent; ends in
 * guiche_desk_action_finish(). */
void guiche_desk_add_rendition_async (GuicheDesk *self,
                                      const char *file_id,
                                      const char *path,
                                      const char *type,
                                      GCancellable *,
                                      GAsyncReadyCallback,
                                      gpointer);

/* --- search: runs on a thread over the local history ----------------------------------------- */
typedef enum {
  GUICHE_HIT_PERSON,
  GUICHE_HIT_CONVERSATION,
  GUICHE_HIT_MESSAGE
} GuicheHitKind;

#define GUICHE_TYPE_SEARCH_HIT (guiche_search_hit_get_type ())
G_DECLARE_FINAL_TYPE (GuicheSearchHit, guiche_search_hit, GUICHE, SEARCH_HIT, GObject)
/* properties: kind, title, snippet (plain text), at, conversation-id, customer-id, message-seq */
void guiche_desk_search_async (GuicheDesk *self,
                               const char *query,
                               GCancellable *,
                               GAsyncReadyCallback,
                               gpointer);
GListModel *guiche_desk_search_finish (GuicheDesk *self,
                                       GAsyncResult *,
                                       GError **error); /* (transfer full) of GuicheSearchHit */

G_END_DECLS
