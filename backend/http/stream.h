/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/hub.h"
#include "http/stream-queue.h"
#include "http/stream-transport.h"
#include "http/stream-window.h"
#include "http/websocket.h"

G_BEGIN_DECLS

typedef struct _GuicheHubTenant GuicheHubTenant;
typedef struct _GuicheHubGroup GuicheHubGroup;

/* Beyond this much unwritten, ephemeral frames are dropped and nothing more is read. */
#define GUICHE_STREAM_BUSY_BYTES (64 * 1024)
#define GUICHE_STREAM_MAX_OPS 256                      /* durable operations in flight */
#define GUICHE_STREAM_STALLED_US (30 * G_USEC_PER_SEC) /* nothing written: too slow */

typedef enum {
  GUICHE_STREAM_REPLAYING, /* a page is being read, or waits for its turn */
  GUICHE_STREAM_PAUSED,    /* the window is full: goes on from the table once acknowledged */
  GUICHE_STREAM_JOINING,   /* read further than what was published so far: skips up to @seq */
  GUICHE_STREAM_LIVE,
  GUICHE_STREAM_CLOSING, /* the close frame is sent or queued */
  GUICHE_STREAM_CLOSED
} GuicheStreamState;

/* How long something may wait for company. */
typedef enum {
  GUICHE_URGENCY_EVENT,  /* for the next round of all who merely listen */
  GUICHE_URGENCY_ANSWER, /* for the end of this turn: acknowledgements of one batch go together */
  GUICHE_URGENCY_INSTANT /* not at all: typing and the like */
} GuicheUrgency;

/**
 * GuicheStream:
 *
 * One client's connection: transport, framing, what is queued for it and how far it has
 * come. Reference-counted for work on other threads that names it; everything else happens
 * on the main thread. @tenant outlives it; @tenant->hub is NULL once the hub is gone.
 */
typedef struct {
  gatomicrefcount ref_count;
  GuicheStreamState state;
  GuicheHubTenant *tenant; /* (owned) */
  GuicheHubGroup *group;   /* (nullable): until closed */
  GuicheStreamTransport transport;
  GuicheWebsocketDecoder decoder;
  GuicheStreamQueue queue;
  GuicheStreamWindow window;

  GuicheId session_id;
  GuicheId subject;
  gint64 expires_at_us; /* 0: never */
  char *address;        /* (owned) (nullable) */
  char *name;           /* (owned) (nullable): as others see it */
  GuicheId viewing;     /* conversation on the agent's screen */

  gint64 seq;     /* complete up to here; moves on with the tenant while live */
  gint64 pong_us; /* monotonic, like the next four */
  gint64 ping_us;
  gint64 progress_us; /* last byte written, or first byte queued */
  gint64 stopped_us;  /* since when it is paused or closing */
  gint64 due_us;      /* when the timer looks at it */

  gint64 tokens_us; /* last refill of the buckets */
  float frame_tokens;
  float ephemeral_tokens;
  float durable_tokens;
  guint n_ops; /* durable operations in flight */
  gsize held;  /* bytes of incomplete frames, as counted by the hub */

  guint is_reading : 1;     /* a page is on its way */
  guint must_reload : 1;    /* the viewer is to be loaded anew with the next page */
  guint is_ready : 1;       /* `ready` was sent */
  guint has_more_input : 1; /* reading stopped before the socket was empty */
  guint has_hung_up : 1;    /* the peer has: read to the end */
  guint is_blocked : 1;     /* the socket takes no more for now */
  guint ends_when_flushed : 1;
  guint urgency : 2; /* a GuicheUrgency: in which list of the hub it is while dirty */

  GList tenant_link;
  GList group_link;
  GList dirty_link;
  GList input_link;
  GList timer_link;
  GList waiting_link;
  guint is_dirty : 1, is_in_input : 1, is_in_timer : 1, is_waiting : 1;
} GuicheStream;

/* Takes @io (transfer full) over; bytes that came ahead of it go to @out_ahead. NULL: it was
 * already broken. */
GuicheStream *guiche_stream_new (GuicheHubTenant *tenant,
                                 const GuicheHubPeer *peer,
                                 GIOStream *io,
                                 GByteArray *out_ahead);
GuicheStream *guiche_stream_ref (GuicheStream *self);
void guiche_stream_unref (GuicheStream *self);

/* Reads what the socket has and handles it. */
void guiche_stream_receive (GuicheStream *self);
/* Bytes that came before the stream was taken over. */
void guiche_stream_process (GuicheStream *self, guint8 *data, gsize length);

/* Queues for the next flush of that urgency, with everything queued before. */
void guiche_stream_send (GuicheStream *self, GuicheSegment *segment, GuicheUrgency urgency);
void guiche_stream_send_text (GuicheStream *self,
                              const char *text,
                              gsize length,
                              GuicheUrgency urgency);
/* Writes what the socket takes, then reads on when it had stopped for that. */
void guiche_stream_flush (GuicheStream *self);

/* Drops what is queued, sends a close frame and waits up to five seconds for the peer's. */
void guiche_stream_close (GuicheStream *self, guint code, const char *reason);
/* The same, after everything that is queued. */
void guiche_stream_part (GuicheStream *self, guint code, const char *reason);
/* Ends the connection without a word. */
void guiche_stream_abort (GuicheStream *self);

static inline gboolean
guiche_stream_is_open (const GuicheStream *self)
{
  return self->state < GUICHE_STREAM_CLOSING;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheStream, guiche_stream_unref)

G_END_DECLS
