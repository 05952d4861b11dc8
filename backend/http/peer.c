/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/acceptor-private.h"

GuichePeer *
guiche_peer_ref (GuichePeer *self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

void
guiche_peer_unref (GuichePeer *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  g_clear_object (&self->connection);
  g_object_unref (self->remote);
  g_free (self->address);
  g_free (self);
}

static gboolean
is_own_proxy (GuicheAcceptor *self, GInetAddress *address)
{
  if (!self->is_behind_proxy)
    return FALSE;
  if (address == NULL)
    return TRUE; /* over the UNIX socket */
  if (self->proxies->len == 0)
    return g_inet_address_get_is_loopback (address);
  for (guint i = 0; i < self->proxies->len; i++)
    if (g_inet_address_equal (g_ptr_array_index (self->proxies, i), address))
      return TRUE;
  return FALSE;
}

GuichePeer *
guiche_peer_new (GuicheAcceptor *self, GSocket *socket)
{
  g_autoptr (GSocketAddress) remote = g_socket_get_remote_address (socket, NULL);
  GInetAddress *address = NULL;
  GuichePeer *peer = g_new0 (GuichePeer, 1);

  g_ref_count_init (&peer->refs);
  if (G_IS_INET_SOCKET_ADDRESS (remote)) {
    address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote));
    guiche_address_key_set (&peer->key, address);
    peer->address = g_inet_address_to_string (address);
    peer->remote = g_steal_pointer (&remote);
  } else {
    peer->address = g_strdup ("local");
    peer->remote = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  }
  peer->is_proxy = is_own_proxy (self, address);
  return peer;
}

void
guiche_acceptor_read_proxies (GuicheAcceptor *self, GuicheSettings *settings)
{
  g_auto (GStrv) words = g_strsplit (
      guiche_settings_get_string (settings, "http", "proxy_addresses"), " ", -1);

  for (gsize i = 0; words[i] != NULL; i++) {
    GInetAddress *address = words[i][0] != '\0' ? g_inet_address_new_from_string (words[i]) : NULL;
    if (address != NULL)
      g_ptr_array_add (self->proxies, address);
    else if (words[i][0] != '\0')
      g_warning ("[http] proxy_addresses: %s is not an address", words[i]);
  }
}
