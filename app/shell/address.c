/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/address.h"

#include <gio/gio.h>

static gboolean
is_this_computer (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);
  return g_ascii_strcasecmp (host, "localhost") == 0;
}

char *
guiche_address_to_url (const char *address)
{
  g_autofree char *stripped = g_strstrip (g_strdup (address));
  g_autofree char *with_scheme = strstr (stripped, "://") != NULL
                                     ? g_strdup (stripped)
                                     : g_strconcat ("https://", stripped, NULL);
  g_autoptr (GUri) uri = g_uri_parse (with_scheme, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  const char *scheme;

  if (host == NULL || *host == '\0' || g_uri_get_userinfo (uri) != NULL ||
      strpbrk (host, " /\\@") != NULL)
    return NULL;

  scheme = g_uri_get_scheme (uri);
  if (!g_str_equal (scheme, "https") && !(g_str_equal (scheme, "http") && is_this_computer (host)))
    return NULL;
  return g_uri_join (G_URI_FLAGS_NONE, scheme, NULL, host, g_uri_get_port (uri), "", NULL, NULL);
}
