/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/acceptor.h"
#include "http/access.h"
#include "http/health.h"
#include "http/hub.h"
#include "http/rate-limits.h"
#include "http/router.h"
#include "http/server.h"
#include "http/workers.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _GuicheExchange GuicheExchange;

/* Jobs of all companies, as of the last count. */
typedef struct {
  gint64 waiting, dead;
  gint64 next_waiting, next_dead; /* being counted */
  guint n_counting;               /* companies still asked */
} GuicheJobFigures;

struct _GuicheServer {
  GuicheStore *store;
  GuicheSettings *settings;
  GuicheServerHooks hooks;
  GuicheRouter *router;
  GuicheBus *bus; /* (nullable): alone */
  GuicheTokenKey *token_key;
  GuicheAccess *access;
  GuicheLimits *limits;
  GuicheAcceptor *acceptor;
  GuicheWorkers *workers;
  GuicheWorkers *sign_in_workers; /* hashing passwords is slow: nobody else waits behind it */
  GuicheWorkers *file_workers;    /* reading what is sent: never refused */
  GuicheHub *hub;
  SoupServer *soup;
  GSocket *quiet_ends[2]; /* (owned): the listener that libsoup needs and nobody can reach */
  GPtrArray *statics;     /* (owned) (element-type GuicheStatic) */
  GPtrArray *routes;      /* (owned): rows made here (statics, streams) */
  char **allowed_origins; /* (owned) */
  gboolean allows_any_origin;
  GQueue idle_exchanges; /* kept for the next request */
  guint n_exchanges;     /* being served */
  guint64 n_aborted;
  gint64 started_us;     /* monotonic */
  GError *failure;       /* (owned) (nullable): of starting, told by listen */
  GBytes *openapi;       /* (owned) (nullable): made on first use */
  GPtrArray *stream_ops; /* (owned) (element-type GuicheStreamOp): for the document */
  GMainContext *context; /* (owned) */
  GuicheJobFigures jobs;
  char date[40]; /* of the second @date_s */
  gint64 date_s;
  GuicheHealth *health;
  gboolean is_draining;
  GSource *drain_timer; /* (owned) (nullable) */
  void (*drained) (gpointer);
  gpointer drained_data;
  gboolean is_stopping;
  gint64 stopping_us;
  GSource *stop_timer; /* (owned) (nullable) */
  void (*stopped) (gpointer);
  gpointer stopped_data;
  gboolean hub_is_parted;
};

/* --- server-stop.c --- */
void guiche_server_end_drain (GuicheServer *self);

/* --- exchange.c: one request from its head to the end of its reply --- */
struct _GuicheExchange {
  GuicheServer *server;
  SoupServerMessage *message; /* (owned) (nullable): answered without libsoup */
  GuichePeer *peer;           /* (owned) */
  GuicheRouterRow *row;       /* (nullable) */
  GuicheGrant *grant;         /* (owned) (nullable) */
  GuicheRequest request;
  GuicheReply reply;
  GByteArray *body; /* (owned): JSON being received */
  GString *head;    /* (owned): of a reply without libsoup */
  guint status;
  GError *error; /* (owned) (nullable): decided before the handler */
  char *allow;   /* (owned) (nullable) */
  char *address; /* (owned) (nullable): from the proxy */
  GuicheAddressKey address_key;
  gint64 started_us;
  gulong chunk_handler;
  struct _GuicheSendFile *sending; /* (nullable) */
  guint is_paused : 1;
  guint is_finished : 1; /* libsoup is done with the message */
  guint is_working : 1;  /* a handler or a load holds it */
  guint is_stream : 1;
  guint waits_for_body : 1;
};

/* libsoup's two calls: the head is there; the body is. */
void guiche_exchange_on_head (GuicheServer *server, SoupServerMessage *message);
void guiche_exchange_on_body (GuicheServer *server, SoupServerMessage *message);
void guiche_exchange_on_finished (GuicheServer *server,
                                  SoupServerMessage *message,
                                  gboolean is_aborted);
void guiche_exchange_free (GuicheExchange *self);
/* exchange-direct.c: GuicheConnectionDirect; @user_data is the peer. */
gboolean guiche_exchange_try_direct (gpointer user_data);
void guiche_exchange_answer_direct (GuicheExchange *self, const void *body, gsize length);
/* Shared by both ways. */
GuicheExchange *guiche_exchange_begin (GuicheServer *server,
                                       SoupServerMessage *message,
                                       GuichePeer *peer);
void guiche_exchange_route (GuicheExchange *self);
void guiche_exchange_give_back (GuicheExchange *self);
void guiche_exchange_pause (GuicheExchange *self);
void guiche_exchange_resume (GuicheExchange *self);
/* A handler or load that held the exchange is done. FALSE: the client has gone meanwhile, and
 * so has the exchange. */
gboolean guiche_exchange_release (GuicheExchange *self);

/* --- exchange-run.c: who may, and where the handler runs --- */
void guiche_exchange_run (GuicheExchange *self);
/* Checks role and rate with a fresh grant (or none); sets @error. */
gboolean guiche_exchange_authorize (GuicheExchange *self);
/* Finds the grant of the token; sets @error. */
gboolean guiche_exchange_identify (GuicheExchange *self);

/* Hands the connection to the hub. */
void guiche_exchange_open_stream (GuicheExchange *self);

/* --- exchange-reply.c --- */
void guiche_exchange_write_reply (GuicheExchange *self);
void guiche_exchange_write_error (GuicheExchange *self, const GError *error);
/* For replies of one's own: sets status and the headers every reply has, then goes on. */
void guiche_exchange_set_head (GuicheExchange *self, guint status, const char *type);
void guiche_exchange_add_header (GuicheExchange *self, const char *name, const char *value);
gboolean guiche_exchange_is_method (GuicheExchange *self, const char *method);

/* --- cors.c --- */
void guiche_cors_apply (GuicheExchange *self);
void guiche_cors_preflight (GuicheExchange *self);

/* --- send-file.c --- */
gboolean guiche_send_file_begin (GuicheExchange *exchange, GError **error);
void guiche_send_file_stop (GuicheExchange *exchange);

/* --- upload.c --- */
gboolean guiche_exchange_begin_upload (GuicheExchange *self, GError **error);

/* --- statics.c, openapi.c, docs.c, health.c, metrics.c: routes made here --- */
void guiche_server_add_own_routes (GuicheServer *self);
/* GET /api/v1/sync. */
const GuicheRoute *guiche_sync_routes (void);
GBytes *guiche_openapi_document (GuicheServer *self);
char *guiche_metrics_text (GuicheServer *self);
void guiche_job_figures_refresh (GuicheServer *server);
void guiche_statics_free (gpointer data);

G_END_DECLS
