/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * GuicheFakeServer:
 *
 * Says what a test wants it to say, in the test's own main loop: for faults that the real server
 * does not have. Signs anybody in; the snapshot is an empty company of one agent unless @snapshot
 * is set.
 */
typedef struct {
  SoupServer *server;
  char *url;
  SoupWebsocketConnection *stream; /* (nullable): the last one opened */
  GPtrArray *received;             /* (element-type utf8): over streams */
  char *snapshot;                  /* (nullable) */
  char *since;                     /* (nullable): of the last stream */
  char *deleted;                   /* (nullable): the path of the last DELETE */
  guint n_logins, n_refreshes, n_snapshots, n_streams, n_posts;
  guint refresh_status;       /* 0: 200 */
  guint stream_status;        /* 0: upgrade */
  guint post_status;          /* 0: 201 */
  gint64 token_life_us;       /* 0: an hour */
  gboolean offers_extensions; /* of the last stream's request */
  gboolean redirects;         /* every answer is a redirection to another place */
} GuicheFakeServer;

#define GUICHE_FAKE_ME "00000000-0000-7000-8000-00000000000a"
#define GUICHE_FAKE_CONVERSATION "00000000-0000-7000-8000-0000000000c1"

/* @certificate (nullable): speaks TLS. */
GuicheFakeServer *guiche_fake_server_new (GTlsCertificate *certificate);
void guiche_fake_server_free (GuicheFakeServer *self);
void guiche_fake_server_say (GuicheFakeServer *self, const char *text); /* over the stream */
void guiche_fake_server_close (GuicheFakeServer *self, gushort code);
/* A conversation of kind direct with ours in it, as the wire has it. (transfer full) */
char *guiche_fake_conversation_json (gint64 last_seq, const char *state);
char *guiche_fake_message_json (gint64 seq,
                                const char *client_id,
                                const char *sender_id,
                                const char *body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheFakeServer, guiche_fake_server_free)

G_END_DECLS
