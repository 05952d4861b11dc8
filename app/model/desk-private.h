/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/cache.h"
#include "client/index.h"
#include "client/local.h"
#include "client/outbox.h"
#include "client/personal.h"
#include "client/session-private.h"
#include "client/stores.h"
#include "client/sync.h"
#include "model/desk.h"
#include "model/model-private.h"
#include "model/view.h"

G_BEGIN_DECLS

/* The desk's files share its parts: desk.c (the object), desk-load.c (rows to objects),
 * desk-changes.c (what the cache reports), desk-send.c, desk-personal.c, desk-live.c (typing,
 * viewing, presence), desk-actions.c, desk-channels.c, desk-closed.c, desk-files.c, desk-search.c.
 */
struct _GuicheDesk {
  GObject parent_instance;
  GuicheSession *session;                        /* (owned) */
  GuicheCache *cache;                            /* (owned) */
  GuicheLocal *local;                            /* (owned) */
  GuicheSync *sync;                              /* (owned) */
  GuicheOutbox *outbox;                          /* (owned) */
  GuichePersonal *personal;                      /* (owned) */
  GuicheIndex *index;                            /* (owned) */
  GuicheClock *clock;                            /* (owned) */
  GuicheIdSource *ids;                           /* (owned) */
  GuicheConversationView *views[GUICHE_N_VIEWS]; /* (owned) */
  GListStore *people;                            /* (owned) (element-type GuichePerson) */
  GListStore *queues;                            /* (owned) (element-type GuicheQueueItem) */
  GListStore *canned_replies;                    /* (owned) (element-type GuicheCannedReply) */
  GListStore *scheduled;                         /* (owned) (element-type GuicheScheduledMessage) */
  GHashTable *conversations; /* (owned) (element-type utf8 GuicheConversation) */
  GHashTable *customers;     /* (owned) (element-type utf8 GuicheCustomer) */
  GHashTable *persons;       /* (owned) (element-type utf8 GuichePerson) */
  GHashTable *outgoing;      /* (owned) (element-type utf8 GuicheMessage): by client id */
  GHashTable *typing;        /* (owned): who types where, until when */
  GHashTable *delivered; /* (owned) (element-type utf8 gint64): told since the last connection */
  GPtrArray *lists;      /* (element-type GuicheMessageList): open ones, not owned */
  GuichePerson *me;      /* (owned): known before the first snapshot too, then without a name */
  char *me_id;           /* (owned) (nullable): before the first snapshot */
  char **my_queues;      /* (owned): keys */
  char *my_role;         /* (owned) (nullable) */
  char *viewing;         /* (owned) (nullable) */
  char *presence;        /* (owned): as set here */
  GCancellable *cancellable; /* (owned): of everything, when the desk goes */
  GuicheDeskState state;
  gboolean is_moving; /* the stream goes on at another node: nobody is told unless it takes long */
  guint unread;
  guint typing_timer;
  gint64 typing_told_at;
  gboolean is_signed_out;
  char *closed_cursor; /* (owned) (nullable): of the next page of closed conversations */
  gboolean is_loading_closed, has_all_closed;
};

typedef enum {
  GUICHE_DESK_SIGNAL_MESSAGE_ARRIVED,
  GUICHE_DESK_SIGNAL_CONVERSATION_ARRIVED,
  GUICHE_DESK_SIGNAL_MENTIONED,
  GUICHE_DESK_SIGNAL_CONVERSATION_READ,
  GUICHE_DESK_SIGNAL_SEND_FAILED,
  GUICHE_DESK_SIGNAL_SIGNED_OUT,
  GUICHE_DESK_N_SIGNALS
} GuicheDeskSignal;

extern guint guiche_desk_signals[GUICHE_DESK_N_SIGNALS];

/* desk.c */
void guiche_desk_notify_pending (GuicheDesk *self);
void guiche_desk_set_unread (GuicheDesk *self, guint unread);
void guiche_desk_update_state (GuicheDesk *self);

/* desk-load.c */
void guiche_desk_load_all (GuicheDesk *self);
void guiche_desk_load_people (GuicheDesk *self);
void guiche_desk_load_queues (GuicheDesk *self);
void guiche_desk_load_canned_replies (GuicheDesk *self);
void guiche_desk_load_scheduled (GuicheDesk *self);
/* Reads the row anew: makes, changes or drops the object. (transfer none) (nullable) */
GuicheConversation *guiche_desk_refresh_conversation (GuicheDesk *self, const char *id);
void guiche_desk_refresh_counts (GuicheDesk *self);
void guiche_desk_place (GuicheDesk *self, GuicheConversation *conversation);
gboolean guiche_desk_serves_queue (GuicheDesk *self, const char *key);

/* desk-changes.c */
void guiche_desk_take_changes (GuicheDesk *self, const GuicheChanges *changes, gboolean is_live);

/* desk-delivered.c */
/* What arrived in those of @ids (element-type utf8) that are mine. */
void guiche_desk_tell_delivered (GuicheDesk *self, GHashTable *ids);
/* After each reconnection: what is not known to have arrived. */
void guiche_desk_tell_all_delivered (GuicheDesk *self);

/* desk-send.c */
void guiche_desk_load_outbox (GuicheDesk *self);
/* (transfer container): what the outbox holds for @conversation_id, in order. */
GPtrArray *guiche_desk_list_outgoing (GuicheDesk *self, const char *conversation_id);
void guiche_desk_take_stored (GuicheDesk *self, const GuicheFreshMessage *stored);

/* desk-live.c */
void guiche_desk_take_op (GuicheDesk *self, JsonObject *op);
void guiche_desk_clear_live (GuicheDesk *self);
void guiche_desk_tell_presence (GuicheDesk *self);

/* message-list.c and message-pages.c: what the desk tells open lists. */
void guiche_message_list_take_range (GuicheMessageList *self, const GuicheSeqRange *range);
/* The message of the outbox with this client id is now the one at @seq. */
void guiche_message_list_adopt (GuicheMessageList *self, const char *client_id, gint64 seq);
/* The conversation's end, its marks or the outbox changed. */
void guiche_message_list_update (GuicheMessageList *self);
GuicheConversation *guiche_message_list_get_conversation (GuicheMessageList *self);
void guiche_message_list_forget_desk (GuicheMessageList *self);
/* (nullable) (transfer full) */
GuicheMessage *guiche_desk_find_message (GuicheDesk *self,
                                         GuicheConversation *conversation,
                                         gint64 seq);
gboolean guiche_desk_is_own_row (GuicheDesk *self, const GuicheMessageRow *row);
guint guiche_desk_state_of (GuicheConversation *conversation, const GuicheMessageRow *row);

G_END_DECLS
