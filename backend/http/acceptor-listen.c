/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "http/acceptor-private.h"
#include "http/tls.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <unistd.h>

#define BACKLOG 1024

static GSocketAddress *
parse_listen (GuicheAcceptor *self, GError **error)
{
  if (self->listen[0] == '/') {
    self->is_loopback = TRUE;
    self->unix_path = g_strdup (self->listen);
    unlink (self->unix_path);
    return g_unix_socket_address_new (self->unix_path);
  }

  const char *text = strcmp (self->listen, "localhost") == 0 ? "127.0.0.1" : self->listen;
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  if (address == NULL) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST,
                 "[http] listen: %s is not an address", self->listen);
    return NULL;
  }
  self->is_loopback = g_inet_address_get_is_loopback (address);
  if (!self->is_loopback && !self->is_behind_proxy) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST,
                 "[http] listen: %s can be reached from outside; put a proxy in front and set "
                 "behind_proxy=true",
                 self->listen);
    return NULL;
  }
  return g_inet_socket_address_new (address, self->port);
}

static void
note_address (GuicheAcceptor *self)
{
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (self->socket, NULL);

  if (G_IS_INET_SOCKET_ADDRESS (local))
    self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
}

gboolean
guiche_acceptor_listen (GuicheAcceptor *self, const GuicheTlsFiles *tls, GError **error)
{
  g_autoptr (GSocketAddress) address = parse_listen (self, error);

  if (address == NULL)
    return FALSE;
  if (tls->certificate[0] != '\0') {
    self->certificate = guiche_tls_load_certificate (tls->certificate, tls->key, error);
    if (self->certificate == NULL)
      return FALSE;
  }
  g_autoptr (GError) failure = NULL;
  GSocketFamily family = g_socket_address_get_family (address);
  g_autoptr (GSocket) socket =
                 g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &failure);
  if (socket != NULL) {
    g_socket_set_blocking (socket, FALSE);
    g_socket_set_listen_backlog (socket, BACKLOG);
  }
  if (socket == NULL || !g_socket_bind (socket, address, TRUE, &failure) ||
      !g_socket_listen (socket, &failure)) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE, "listening on %s: %s", self->listen,
                 failure->message);
    return FALSE;
  }
  self->socket = g_steal_pointer (&socket);
  note_address (self);
  guiche_acceptor_start (self);
  return TRUE;
}
