/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "http/server-private.h"

#include <malloc.h>
#include <string.h>
#include <sys/socket.h>

#define STOP_LIMIT_S 3
#define SIGN_IN_WORKERS 2
#define SIGN_IN_QUEUE 64
#define KEPT_HEAP_BYTES (4 * 1024 * 1024)

static void
on_head (SoupServer *soup,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
  guiche_exchange_on_head (user_data, message);
}

static void
on_body (SoupServer *soup,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
  guiche_exchange_on_body (user_data, message);
}

static void
on_finished (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  guiche_exchange_on_finished (user_data, message, FALSE);
}

static void
on_aborted (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  guiche_exchange_on_finished (user_data, message, TRUE);
}

static void
on_accepted (GuichePeer *peer, gpointer user_data)
{
  GuicheServer *self = user_data;
  static GSocketAddress *local;

  if (local == NULL)
    local = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  peer->server = self;
  guiche_connection_set_direct (peer->connection, guiche_exchange_try_direct, peer);
  soup_server_accept_iostream (self->soup, G_IO_STREAM (peer->connection), local, peer->remote,
                               NULL);
}

static void
on_events (GuicheTenant *tenant, GuicheEvent *const *events, gsize n_events, gpointer user_data)
{
  GuicheServer *self = user_data;

  for (gsize i = 0; i < n_events; i++)
    if (strcmp (events[i]->kind, "access.changed") == 0 ||
        strcmp (events[i]->kind, "user.updated") == 0)
      guiche_access_user_changed (self->access, tenant, &events[i]->entity);
  guiche_hub_publish (self->hub, tenant, events, n_events);
}

static void
on_session_lost (GuicheTenant *tenant, const GuicheId *session_id, gpointer user_data)
{
  GuicheServer *self = user_data;

  guiche_hub_close_session (self->hub, tenant, session_id);
}

/* libsoup closes every connection after one request unless it listens: it gets one end of a
 * pair of sockets, on which nobody will ever knock. */
static void
give_quiet_listener (GuicheServer *self)
{
  int ends[2];
  g_autoptr (GError) error = NULL;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
    g_error ("creating a pair of sockets: %s", g_strerror (errno));
  for (int i = 0; i < 2; i++)
    self->quiet_ends[i] = g_socket_new_from_fd (ends[i], NULL);
  if (!soup_server_listen_socket (self->soup, self->quiet_ends[0], 0, &error))
    g_error ("preparing libsoup: %s", error->message);
}

static void
make_soup (GuicheServer *self)
{
  self->soup = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_remove_websocket_extension (self->soup, SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  soup_server_add_early_handler (self->soup, NULL, on_head, self, NULL);
  soup_server_add_handler (self->soup, NULL, on_body, self, NULL);
  g_signal_connect (self->soup, "request-finished", G_CALLBACK (on_finished), self);
  g_signal_connect (self->soup, "request-aborted", G_CALLBACK (on_aborted), self);
  give_quiet_listener (self);
}

static void
read_origins (GuicheServer *self)
{
  const char *text = guiche_settings_get_string (self->settings, "http", "allowed_origins");

  self->allowed_origins = g_strsplit (text, " ", -1);
  self->allows_any_origin = g_strv_contains ((const char *const *) self->allowed_origins, "*");
}

GuicheServer *
guiche_server_new (GuicheStore *store, GuicheSettings *settings, const GuicheServerHooks *hooks)
{
  GuicheServer *self = g_new0 (GuicheServer, 1);
  gboolean has_limits = guiche_settings_get_bool (settings, "limits", "enabled");

  /* libsoup takes and gives back 32 KiB with each request: returning it to the system every time
   * costs a tenth of the whole. */
  mallopt (M_TRIM_THRESHOLD, KEPT_HEAP_BYTES);
  self->store = store;
  self->settings = guiche_settings_ref (settings);
  self->hooks = *hooks;
  self->started_us = g_get_monotonic_time ();
  self->router = guiche_router_new ();
  self->limits = guiche_limits_new (has_limits);
  self->acceptor = guiche_acceptor_new (settings, on_accepted, self);
  self->workers = guiche_workers_new (guiche_settings_get_int (settings, "http", "worker_threads"),
                                      guiche_settings_get_int (settings, "http", "worker_queue"));
  self->sign_in_workers = guiche_workers_new (SIGN_IN_WORKERS, SIGN_IN_QUEUE);
  self->file_workers = guiche_workers_new (2, G_MAXUINT);
  if (guiche_store_ensure_key (store, GUICHE_TOKEN_KEY_FILE, GUICHE_TOKEN_KEY_BYTES,
                               &self->failure))
    self->token_key = guiche_token_key_open (guiche_store_keys_directory (store), &self->failure);
  if (self->token_key != NULL)
    self->access = guiche_access_new (store, &self->hooks, self->token_key);
  if (self->access != NULL)
    guiche_access_set_lost (self->access, on_session_lost, self);
  self->hub = guiche_hub_new (store, settings, &self->hooks);
  self->health = guiche_health_new (store);
  self->routes = g_ptr_array_new_with_free_func (g_free);
  self->statics = g_ptr_array_new_with_free_func (guiche_statics_free);
  self->stream_ops = g_ptr_array_new ();
  self->context = g_main_context_ref_thread_default ();
  g_queue_init (&self->idle_exchanges);
  read_origins (self);
  make_soup (self);
  guiche_server_add_own_routes (self);
  guiche_store_set_listener (store, on_events, self);
  return self;
}

static gboolean
is_busy (GuicheServer *self)
{
  return self->n_exchanges > 0 || self->jobs.n_counting > 0 ||
         (self->access != NULL && guiche_access_loading (self->access) > 0);
}

static gboolean
on_wake (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Ends what is still open; after an orderly shutdown that is nothing. */
static void
drop_connections (GuicheServer *self)
{
  gint64 limit_us = g_get_monotonic_time () + STOP_LIMIT_S * G_USEC_PER_SEC;
  g_autoptr (GSource) wake = g_timeout_source_new (10);

  guiche_acceptor_abort (self->acceptor);
  g_source_set_callback (wake, on_wake, NULL, NULL);
  g_source_attach (wake, self->context);
  while (is_busy (self) && g_get_monotonic_time () < limit_us)
    g_main_context_iteration (self->context, TRUE);
  g_source_destroy (wake);
  soup_server_disconnect (self->soup);
}

void
guiche_server_free (GuicheServer *self)
{
  guiche_store_set_listener (self->store, NULL, NULL);
  self->is_stopping = TRUE;
  drop_connections (self);
  guiche_hub_free (self->hub);
  guiche_health_free (self->health);
  g_object_unref (self->soup);
  g_clear_object (&self->quiet_ends[0]);
  g_clear_object (&self->quiet_ends[1]);
  guiche_workers_free (self->workers);
  guiche_workers_free (self->sign_in_workers);
  guiche_workers_free (self->file_workers);
  guiche_acceptor_free (self->acceptor);
  g_clear_pointer (&self->access, guiche_access_free);
  g_clear_pointer (&self->token_key, guiche_token_key_free);
  guiche_limits_free (self->limits);
  g_queue_clear_full (&self->idle_exchanges, (GDestroyNotify) guiche_exchange_free);
  guiche_router_free (self->router);
  g_ptr_array_unref (self->routes);
  g_ptr_array_unref (self->statics);
  g_strfreev (self->allowed_origins);
  g_clear_pointer (&self->openapi, g_bytes_unref);
  if (self->stop_timer != NULL)
    g_source_destroy (self->stop_timer);
  g_clear_pointer (&self->stop_timer, g_source_unref);
  guiche_server_end_drain (self);
  g_clear_error (&self->failure);
  g_ptr_array_unref (self->stream_ops);
  g_main_context_unref (self->context);
  guiche_settings_unref (self->settings);
  g_free (self);
}

GBytes *
guiche_server_bus_secret (GuicheServer *self)
{
  return self->token_key != NULL ? guiche_token_key_derive (self->token_key, "bus") : NULL;
}

void
guiche_server_set_bus (GuicheServer *self, GuicheBus *bus)
{
  self->bus = bus;
  guiche_hub_set_bus (self->hub, bus);
  guiche_limits_set_bus (self->limits, bus, guiche_store_clock (self->store));
}

void
guiche_server_add_routes (GuicheServer *self, const GuicheRoute *routes, gpointer context)
{
  for (const GuicheRoute *route = routes; route->method != NULL; route++) {
    gboolean needs_tenant = route->mode == GUICHE_ROUTE_WRITE || route->mode == GUICHE_ROUTE_READ;
    if (route->role == GUICHE_ROLE_NONE && needs_tenant && strstr (route->path, "{tenant}") == NULL)
      g_error ("%s %s: whose database? A route for anybody needs {tenant}, or is for a worker",
               route->method, route->path);
    GuicheRouterRow *row = guiche_router_add (self->router, route, context);
    row->is_documented = TRUE;
    row->allows_origins = g_str_has_prefix (route->path, "/api/v1/webchat/");
  }
}

void
guiche_server_add_stream_ops (GuicheServer *self, const GuicheStreamOp *ops, gpointer context)
{
  for (const GuicheStreamOp *op = ops; op->op != NULL; op++)
    g_ptr_array_add (self->stream_ops, (gpointer) op);
  guiche_hub_add_ops (self->hub, ops, context);
}

gboolean
guiche_server_listen (GuicheServer *self, GError **error)
{
  GuicheTlsFiles tls = {
    guiche_settings_get_string (self->settings, "http", "tls_certificate"),
    guiche_settings_get_string (self->settings, "http", "tls_key"),
  };

  if (self->failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&self->failure));
    return FALSE;
  }
  if (!guiche_acceptor_listen (self->acceptor, &tls, error))
    return FALSE;
  if (guiche_acceptor_is_loopback (self->acceptor) ||
      guiche_settings_get_bool (self->settings, "limits", "enabled"))
    return TRUE;
  guiche_acceptor_stop (self->acceptor);
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST,
                       "[limits] enabled=false is accepted on loopback only");
  return FALSE;
}

guint
guiche_server_port (GuicheServer *self)
{
  return guiche_acceptor_port (self->acceptor);
}

char *
guiche_server_url (GuicheServer *self)
{
  const char *public_url = guiche_settings_get_string (self->settings, "http", "public_url");
  const char *listen = guiche_settings_get_string (self->settings, "http", "listen");
  gboolean is_v6 = strchr (listen, ':') != NULL;

  if (public_url[0] != '\0')
    return g_strdup (public_url);
  return g_strdup_printf (is_v6 ? "%s://[%s]:%u" : "%s://%s:%u",
                          guiche_acceptor_is_tls (self->acceptor) ? "https" : "http", listen,
                          guiche_acceptor_port (self->acceptor));
}

void
guiche_server_broadcast (GuicheServer *self,
                         GuicheTenant *tenant,
                         const char *audience,
                         const char *json)
{
  guiche_hub_broadcast (self->hub, tenant, audience, json);
}

char *
guiche_server_sign_token (GuicheServer *self, const GuicheTokenClaims *claims)
{
  return guiche_token_sign (self->token_key, claims);
}
