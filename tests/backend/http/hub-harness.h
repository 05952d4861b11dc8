/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/hub-private.h"
#include "support/store.h"

G_BEGIN_DECLS

#define HARNESS_USERS 8

/**
 * Harness:
 *
 * A real store, a SoupServer whose only path opens a stream (`/stream?user=N&since=SEQ`), and a
 * hub. Users 0 to 3 are agents of queue `financial`, 4 is a supervisor, 5 an agent of queue
 * `commercial`, 6 and 7 visitors; tests may change @viewers.
 */
typedef struct {
  GuicheTestStore *test;
  GuicheServerHooks hooks;
  GuicheHub *hub;
  SoupServer *soup;
  GSocketService *service;
  GTlsCertificate *certificate; /* (nullable) */
  guint port;
  GPtrArray *held;        /* (nullable): events on their way from the writer to the hub */
  GuicheId conversation;  /* of the visitors */
  int n_audience_lookups; /* (atomic) */
  gboolean is_beside;     /* another harness owns the store */
} Harness;

Harness *harness_new (gboolean with_tls);
/* A second hub on the same store, as on another node; to be freed first. */
Harness *harness_new_beside (Harness *other);
void harness_free (Harness *self);
/* What a user may see from now on: the next load of the viewer gives it. */
void harness_set_viewer (guint user, GuicheViewer *viewer); /* (transfer full) */
void harness_revoke (guint user);
GuicheId harness_user_id (guint user);
/* Commits one event, and delivers it. */
void harness_emit (Harness *self, const char *kind, const char *audience, const char *data);
/* The same @n times in one transaction, data {"n":…} counting from @first. */
void harness_emit_many (Harness *self, const char *audience, guint first, guint n);
/* From here on committed events do not reach the hub before the release. */
void harness_hold (Harness *self);
void harness_release (Harness *self);
void harness_turn (void); /* one turn of the main loop, not waiting */

/**
 * Client:
 *
 * A plain WebSocket client on its own socket, in the same thread.
 */
typedef struct {
  Harness *harness;
  GSocketConnection *connection;
  GIOStream *stream; /* the connection, or TLS over it */
  GuicheWebsocketDecoder decoder;
  GPtrArray *texts; /* received, not yet taken */
  guint n_pongs, n_pings;
  guint close_code; /* 0: none received */
  gboolean is_at_end;
} Client;

Client *client_new (Harness *harness, guint user, gint64 since); /* handshake done */
Client *client_connect (Harness *harness);                       /* only the connection */
void client_free (Client *self);
void client_write (Client *self, const void *data, gsize length);
void client_send (Client *self, const char *text);
void client_send_frame (Client *self,
                        GuicheWebsocketOpcode opcode,
                        gboolean is_final,
                        const void *data,
                        gsize length);
/* Reads what has come, without waiting. */
void client_poll (Client *self);
char *client_next (Client *self);                    /* waits for the next text */
char *client_next_op (Client *self, const char *op); /* the next text of that op, dropping others */
void client_expect_ready (Client *self, gint64 seq);
void client_expect_close (Client *self, guint code);
/* Reads the reply's head. */
char *client_read_head (Client *self);

#define WAIT_UNTIL(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 wait_end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;                               \
    while (!(condition)) {                                                                         \
      harness_turn ();                                                                             \
      if (g_get_monotonic_time () > wait_end)                                                      \
        g_error ("%s:%d: waited too long for " #condition, __FILE__, __LINE__);                    \
    }                                                                                              \
  }                                                                                                \
  G_STMT_END

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Harness, harness_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Client, client_free)

G_END_DECLS
