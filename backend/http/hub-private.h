/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bus/bus.h"
#include "http/hub-audience.h"
#include "http/hub-chunk.h"
#include "http/stream.h"

G_BEGIN_DECLS

#define GUICHE_HUB_WHEEL_SLOTS 64
#define GUICHE_HUB_READ_BYTES (64 * 1024)
#define GUICHE_HUB_MAX_PAGES 8                    /* being read at once */
#define GUICHE_HUB_HELD_BYTES (8 * 1024 * 1024)   /* incomplete frames of all streams */
#define GUICHE_HUB_QUEUED_BYTES (8 * 1024 * 1024) /* unwritten segments of all streams */

typedef struct _GuicheHubViewing GuicheHubViewing;
typedef struct _GuicheHubNode GuicheHubNode;

/**
 * GuicheHubPresence:
 *
 * What colleagues see of one user: forgotten with the server. What they chose waits for them while
 * they are away.
 */
typedef struct {
  GuicheId user_id;   /* first: the key */
  const char *status; /* static: chosen */
  gint64 status_us;   /* wall clock: when; the newest choice wins on every node; 0: never chosen */
  gboolean is_here;
  guint n_streams; /* of this node */
  guint n_nodes;   /* other nodes that have streams of theirs */
  gint64 left_us;  /* when the last stream went; 0: some are open */
} GuicheHubPresence;

/**
 * GuicheHubTenant:
 *
 * The hub's side of one company. Reference-counted: streams and work in flight hold it.
 */
struct _GuicheHubTenant {
  gatomicrefcount ref_count;
  GuicheHub *hub;        /* (nullable): gone once the hub is freed */
  GuicheTenant *tenant;  /* (borrowed) */
  GQueue streams;        /* by tenant_link */
  GQueue joining;        /* (element-type GuicheStream), not owned */
  GuicheHubIndex *index; /* (owned): who may see what */
  gboolean is_following; /* what other nodes commit is asked for, */
  gboolean is_followed;  /* and arrives */
  gint64 published_seq;  /* of the newest event handed to the hub; 0: none yet */
  GQueue recent;         /* (element-type GuicheHubChunk): newest last, without gaps */
  gsize recent_bytes;
  guint recent_events;
  gint64 left_us;        /* when the last stream went */
  GHashTable *audiences; /* conversation id → who sees it */
  GQueue audience_order; /* least recently used first */
  guint n_lookups;       /* on the read pool */
  GHashTable *viewings;  /* conversation id → (owned) GuicheHubViewing */
  GHashTable *presences; /* user id → (owned) GuicheHubPresence, never removed */
  GList *session_cursor; /* (nullable): next stream whose session is asked about */
  gboolean is_checking_sessions;
};

typedef struct {
  const GuicheStreamOp *row;
  gpointer context;
} GuicheHubOp;

/* That somebody types, or no longer does. */
typedef struct {
  GuicheId conversation_id;
  const char *audience; /* of the conversation, without visitors */
  const char *kind;     /* `customer` or `agent` */
  GuicheId subject;
  const char *name; /* (nullable) */
  gboolean is_typing;
} GuicheHubTyping;

typedef struct _GuicheHubNodes GuicheHubNodes;

struct _GuicheHub {
  GuicheStore *store;
  GuicheSettings *settings;
  const GuicheServerHooks *hooks;
  GuicheClock *clock;
  GMainContext *context;
  GuicheHubNodes *nodes; /* (owned) (nullable): alone */
  GHashTable *tenants;   /* GuicheTenant → (owned) GuicheHubTenant */
  GHashTable *ops;       /* name → (owned) GuicheHubOp */
  gsize max_streams;
  gsize max_per_user;
  gboolean has_limits;

  GSource *source; /* the epoll descriptor, and the lists below */
  gpointer source_tag;
  int epoll_fd;
  guint8 *read_buffer;
  GQueue dirty[GUICHE_URGENCY_INSTANT + 1]; /* by dirty_link: what has something to write */
  gint64 round_due_us;                      /* when who merely listens is written to again */
  gint64 round_us;                          /* spent in this round so far */
  guint round_left;                         /* streams still to write to in it */
  GQueue input;                             /* by input_link: more to read than one turn took */
  GPtrArray *dead; /* (element-type GuicheStream): freed when the turn ends */

  GSource *timer;
  GQueue wheel[GUICHE_HUB_WHEEL_SLOTS]; /* by timer_link */
  gint64 wheel_second;

  GQueue waiting; /* by waiting_link: for a turn to read a page */
  guint n_pages;

  GPtrArray *idle_operations; /* hub-durable.c */
  gsize queued_bytes;
  gsize held_bytes;
  gsize recent_bytes;
  gsize n_streams;
  GuicheHubStats stats;

  gboolean is_draining; /* new streams are refused, open ones sent elsewhere */
  GSource *drain;       /* (nullable): while they are */
  gboolean is_shutting_down;
  gint64 shutdown_us;
  void (*shutdown_done) (gpointer);
  gpointer shutdown_data;
};

/* hub.c */
GuicheHubTenant *guiche_hub_ensure_tenant (GuicheHub *self, GuicheTenant *tenant);
GuicheHubTenant *guiche_hub_tenant_ref (GuicheHubTenant *self);
void guiche_hub_tenant_unref (GuicheHubTenant *self);
void guiche_hub_forget_stream (GuicheHub *self, GuicheStream *stream);

/* hub-loop.c: the epoll source and the order of reading and writing */
void guiche_hub_loop_start (GuicheHub *self);
void guiche_hub_loop_stop (GuicheHub *self);
void guiche_hub_loop_add (GuicheHub *self, GuicheStream *stream);
void guiche_hub_loop_mark_dirty (GuicheHub *self, GuicheStream *stream, GuicheUrgency urgency);
void guiche_hub_loop_mark_input (GuicheHub *self, GuicheStream *stream);
void guiche_hub_loop_forget (GuicheHub *self, GuicheStream *stream);

/* hub-timer.c: pings, time-outs, expiry, sessions */
void guiche_hub_timer_start (GuicheHub *self);
void guiche_hub_timer_stop (GuicheHub *self);
/* Looks at @stream no later than @due_us (monotonic). */
void guiche_hub_timer_set (GuicheHub *self, GuicheStream *stream, gint64 due_us);
void guiche_hub_timer_forget (GuicheHub *self, GuicheStream *stream);
/* One turn of the wheel up to @now_us; tests call it with a clock of their own. */
void guiche_hub_timer_advance (GuicheHub *self, gint64 now_us);

/* hub-sessions.c: revoked sessions and changed viewers */
void guiche_hub_sessions_check (GuicheHubTenant *self, guint n_steps);
void guiche_hub_sessions_forget (GuicheHubTenant *self, GuicheStream *stream);

/* hub-publish.c */
/* FALSE: it did not fit; the stream is paused at @before_seq. */
gboolean guiche_hub_push_events (GuicheStream *stream,
                                 GuicheSegment *segment,
                                 gint64 before_seq,
                                 gint64 last_seq);
void guiche_hub_tenant_forget_recent (GuicheHubTenant *self);
/* @except (nullable): the stream that caused the frame. */
void guiche_hub_broadcast_except (GuicheHubTenant *tenant,
                                  const char *audience,
                                  const char *json,
                                  GuicheStream *except);

/* hub-follow.c: what other nodes commit */

/* FALSE: not yet, guiche_hub_replay_start_waiting() comes when it is. */
gboolean guiche_hub_tenant_follow (GuicheHubTenant *self);
void guiche_hub_tenant_unfollow (GuicheHubTenant *self);

/* hub-replay.c: from the table to the present */
/* Goes on with the streams that wait for their turn. */
void guiche_hub_replay_start_waiting (GuicheHub *hub);
void guiche_hub_replay (GuicheStream *stream); /* from stream->seq */
void guiche_hub_replay_acknowledged (GuicheStream *stream, gint64 seq);
/* Goes on after a pause, if there is room: something was acknowledged, or written. */
void guiche_hub_replay_resume (GuicheStream *stream);
void guiche_hub_replay_forget (GuicheHub *self, GuicheStream *stream);

/* hub-ops.c: what clients say */
void guiche_hub_handle_text (GuicheStream *stream, const char *text, gsize length);
void guiche_hub_refill_ops (GuicheStream *stream, float elapsed_s);
/* @request (nullable): whose `ref` the answer bears. */
void guiche_hub_send_error (GuicheStream *stream, JsonObject *request, const GError *error);
void guiche_hub_write_ref (GuicheJsonWriter *writer, JsonObject *request);
void guiche_hub_send_json (GuicheStream *stream, GuicheJsonWriter *writer, GuicheUrgency urgency);

/* hub-durable.c: through the write queue */
gboolean guiche_hub_run_durable (GuicheStream *stream,
                                 const GuicheHubOp *op,
                                 JsonNode *request,
                                 GError **error);

void guiche_hub_free_operations (GuicheHub *self);

/* hub-ephemeral.c: typing, viewing */
gboolean guiche_hub_handle_typing (GuicheStream *stream, JsonObject *request, GError **error);
gboolean guiche_hub_handle_viewing (GuicheStream *stream, JsonObject *request, GError **error);
void guiche_hub_stop_viewing (GuicheStream *stream);
void guiche_hub_viewing_free (GuicheHubViewing *self);
/* Tells the streams of @tenant who can see it (not @except, nullable) that somebody types. */
void guiche_hub_send_typing (GuicheHubTenant *tenant,
                             const GuicheHubTyping *typing,
                             GuicheStream *except);
/* Who looks at a conversation on another node, replacing what was known of that node. */
void guiche_hub_viewing_elsewhere (GuicheHubTenant *tenant,
                                   GuicheHubNode *node,
                                   const GuicheId *conversation_id,
                                   const char *audience,
                                   const GuicheId *user_ids,
                                   guint n_user_ids);
void guiche_hub_viewing_forget_node (GuicheHubTenant *tenant, GuicheHubNode *node);
/* Says to the other nodes who looks at what here. */
void guiche_hub_viewing_say_all (GuicheHubTenant *tenant, GuicheHubNodes *nodes);

/* hub-conversations.c: who sees a conversation, from its events or else from the table */
typedef void (*GuicheAudienceFound) (GuicheStream *stream,
                                     const GuicheId *conversation_id,
                                     const char *audience,
                                     gboolean flag);
/* Calls @found, at once when it is known, with the audience without visitors; never when
 * there is no such conversation or the stream may not see it. */
void guiche_hub_find_audience (GuicheStream *stream,
                               const GuicheId *conversation_id,
                               GuicheAudienceFound found,
                               gboolean flag);
void guiche_hub_learn_audience (GuicheHubTenant *self, const GuicheEvent *event);
void guiche_hub_tenant_clear_audiences (GuicheHubTenant *self);

/* hub-presence.c */
/* NULL: no such status. */
const char *guiche_hub_presence_status (const char *name);
/* What is known of a user who may be on another node; a newer choice of theirs is taken. */
GuicheHubPresence *guiche_hub_presence_learn (GuicheHubTenant *self,
                                              const GuicheId *user_id,
                                              const char *status,
                                              gint64 status_us);
/* One node more or less has streams of theirs; @now_us (monotonic). */
void guiche_hub_presence_add_node (GuicheHubTenant *self, GuicheHubPresence *presence);
void guiche_hub_presence_remove_node (GuicheHubPresence *presence, gint64 now_us);
gboolean guiche_hub_handle_presence (GuicheStream *stream, JsonObject *request, GError **error);
void guiche_hub_presence_arrived (GuicheStream *stream);
void guiche_hub_presence_left (GuicheStream *stream);
void guiche_hub_presence_send_all (GuicheStream *stream);
void guiche_hub_presence_advance (GuicheHubTenant *self, gint64 now_us);

/* hub-nodes.c: what the hubs of several nodes tell each other; nothing happens for a NULL @self */
GuicheHubNodes *guiche_hub_nodes_new (GuicheHub *hub, GuicheBus *bus);
void guiche_hub_nodes_free (GuicheHubNodes *self);
/* Once a second: says that this node lives, forgets who no longer does. */
void guiche_hub_nodes_advance (GuicheHubNodes *self, gint64 now_us);
void guiche_hub_nodes_say_presence (GuicheHubNodes *self,
                                    GuicheHubTenant *tenant,
                                    const GuicheHubPresence *presence);
void guiche_hub_nodes_say_typing (GuicheHubNodes *self,
                                  GuicheHubTenant *tenant,
                                  const GuicheHubTyping *typing);
void guiche_hub_nodes_say_viewing (GuicheHubNodes *self,
                                   GuicheHubTenant *tenant,
                                   const GuicheId *conversation_id,
                                   const char *audience,
                                   const GArray *user_ids);

G_END_DECLS
