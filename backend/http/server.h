/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bus/bus.h"
#include "http/route.h"

G_BEGIN_DECLS

/**
 * GuicheServer:
 *
 * The ring: accepts, authenticates, limits and decodes on the main loop, runs handlers on
 * the store's queues, answers, and feeds the hub with committed events. Main thread only.
 */
typedef struct _GuicheServer GuicheServer;

/* What the ring must ask the domains, so that it depends on none of them. */
typedef struct {
  /* (thread reader): what may this user see now? NULL with error when disabled or gone. */
  GuicheViewer *(*load_viewer) (GuicheTx *tx,
                                GuicheRole role,
                                const GuicheId *subject,
                                const GuicheId *conversation_id,
                                GError **error);
  /* (thread reader): the audience of a conversation, for ephemeral frames (typing, viewing);
   * (transfer full). */
  char *(*conversation_audience) (GuicheTx *tx, const GuicheId *conversation_id, GError **error);
  /* (thread reader): is this session (a refresh token's row) still valid? FALSE, unset error:
   * revoked. */
  gboolean (*session_is_valid) (GuicheTx *tx, const GuicheId *session_id, GError **error);
  /* (thread reader) (nullable): what others see while this user or customer types; (transfer full).
   */
  char *(*display_name) (GuicheTx *tx, GuicheRole role, const GuicheId *subject, GError **error);
} GuicheServerHooks;

GuicheServer *guiche_server_new (GuicheStore *store,
                                 GuicheSettings *settings,
                                 const GuicheServerHooks *hooks);
void guiche_server_free (GuicheServer *self);
/* What nodes of this installation share and nobody else knows, made from the key of its tokens:
 * for guiche_bus_new(). (transfer full) (nullable): there is no key, listening will say why. */
GBytes *guiche_server_bus_secret (GuicheServer *self);
/* Before listening, at most once: presence, typing and rate limits are shared with the other nodes.
 * @bus is borrowed for the server's life. */
void guiche_server_set_bus (GuicheServer *self, GuicheBus *bus);
/* @routes: an array ended by a row without method; @context is what guiche_request_context() gives.
 */
void guiche_server_add_routes (GuicheServer *self, const GuicheRoute *routes, gpointer context);

/**
 * GuicheStreamOp:
 *
 * What a client may say over the live stream, one row an operation: `{"op":"message.send",…}`.
 * Durable ones run @handler on the write queue, with the frame's object as the request body, and
 * answer
 * `{"op":"ack","ref":…,<the reply's members>}` or `{"op":"error","ref":…,"error":{…}}`.
 */
typedef struct {
  const char *op;
  GuicheRole role; /* lowest; GUICHE_ROLE_VISITOR: visitors and everybody above */
  GuicheRateClass rate;
  const GuicheSchema *request;
  GuicheRouteHandler handler; /* run on the write queue */
  const char *summary;
} GuicheStreamOp;

/**
 * guiche_server_add_static:
 * @path: such as `/chat/widget.js`; with `{name}` segments (`/chat/{tenant}`: one page for all), or
 *   ending with `{name*}` (`/chat/assets/{file*}`): the resources below @resource
 * @resource: path in the process's GResources (`/io/github/guiche/Guiche/webchat/index.html`)
 * @csp: (nullable): Content-Security-Policy of these files; %NULL: nothing may be loaded
 *
 * Serves files from GResources, with type by extension, ETag, and security headers. More specific
 * paths win over parameters. Such routes are for anybody and not part of the OpenAPI document.
 */
void guiche_server_add_static (GuicheServer *self,
                               const char *path,
                               const char *resource,
                               const char *csp);

/**
 * guiche_server_end_session:
 * @session_id: whose refresh token was revoked (signed out, password changed, user disabled)
 *
 * (any thread): once the revocation is committed: tokens of the session are refused from now
 * on and its live streams closed with 4401. Without it that happens within some seconds.
 */
void guiche_server_end_session (GuicheServer *self,
                                GuicheTenant *tenant,
                                const GuicheId *session_id);

void guiche_server_add_stream_ops (GuicheServer *self, const GuicheStreamOp *ops, gpointer context);
gboolean guiche_server_listen (GuicheServer *self, GError **error);
guint guiche_server_port (GuicheServer *self);
char *guiche_server_url (GuicheServer *self);
/**
 * guiche_server_drain:
 * @wait_s: how long `/health/ready` says no before streams are sent elsewhere, so that balancers
 *   have noticed
 *
 * For a node among several that is about to end: everything is still served, but nothing new should
 * come. Then every live stream gets `{"op":"reconnect","after_ms":N}` and is closed with 1012,
 * spread over two seconds, and @done is called on the main loop: it is time for
 * guiche_server_shutdown(). That may also be called before, and then @done is not.
 */
void guiche_server_drain (GuicheServer *self,
                          guint wait_s,
                          void (*done) (gpointer),
                          gpointer user_data);
/* Stops accepting, answers what was accepted, closes streams with 1001 and a reconnect hint,
 * then calls @done on the main loop. */
void guiche_server_shutdown (GuicheServer *self, void (*done) (gpointer), gpointer user_data);

/* Sends an ephemeral frame (never stored) to the streams of @tenant that match @audience. Main
 * thread. */
void guiche_server_broadcast (GuicheServer *self,
                              GuicheTenant *tenant,
                              const char *audience,
                              const char *json);

/* --- tokens: made by people/, checked by the ring ------------------------------------ */
typedef struct {
  const char *tenant;
  GuicheRole role;
  GuicheId subject; /* user, or customer for a visitor */
  GuicheId session_id;
  GuicheId conversation_id; /* visitors */
  gint64 expires_at_us;
} GuicheTokenClaims;

/* (any thread): a JWT, HS256 with the installation's key (`<data>/token.key`, 0600). */
char *guiche_server_sign_token (GuicheServer *self, const GuicheTokenClaims *claims);

G_END_DECLS
