/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

typedef struct {
  int port;
  char *paths_file, *idle_file, *conversations_file;
  int n_streams, n_senders, in_flight, rate, typing_rate;
  char *http_path, *token;
  int seconds, warm_up_seconds, body_bytes;
} LoadOptions;

typedef enum {
  PEER_STREAM, /* listens, and may send */
  PEER_IDLE,   /* must not get anything */
  PEER_HTTP    /* sends by POST */
} PeerKind;

/* One connection. Frames are only skimmed: their length, and how they begin. */
typedef struct {
  PeerKind kind;
  int fd;
  gboolean is_open; /* the handshake is done */
  GString *head;    /* the reply's head while it arrives */
  guint8 start[40]; /* the frame's header and the first bytes of its payload */
  guint n_start;
  guint64 left; /* bytes of the frame, or of the reply's body, to skip */
  GByteArray *out;
  GQueue sent_at; /* when what is not yet acknowledged was sent: pointers are microseconds */
  guint64 n_events;
  gint64 last_seq;
  guint unseen_bytes, unseen_events;
} Peer;

typedef struct {
  const LoadOptions *options;
  int epoll_fd;
  GPtrArray *peers;
  GPtrArray *streams;
  GPtrArray *senders;
  char **conversations;
  char *body;
  guint n_open, n_lost, n_errors, n_closed;
  gint64 now_us, next_due_us, next_typing_us;
  gint64 typing_sent_us;
  gboolean is_ending, is_measured;
  guint64 n_sent, n_acked_total;
  guint64 n_acks, n_events, n_event_bytes;
  GArray *ack_us, *typing_us; /* (element-type guint32) */
} Load;

typedef struct {
  guint p50, p99, max;
} Percentiles;

Load *load_new (const LoadOptions *options);
void load_wait_until_open (Load *self);
void load_reset_figures (Load *self);
void load_send_message (Load *self, Peer *sender, gint64 due_us);
void load_send_typing (Load *self);
guint64 load_fewest_events (Load *self);
Percentiles load_percentiles (GArray *values);

void peer_receive (Load *load, Peer *peer, const guint8 *data, gsize length);
void peer_flush (Peer *peer);
void peer_lost (Load *load, Peer *peer);
/* What one frame, or one HTTP reply, means. */
void load_take_event (Load *self, Peer *peer, const char *start, gsize length);
void load_take_ack (Load *self, Peer *peer);
