/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/bus-url.h"

#include "base/error.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#define DEFAULT_PORT 6379
#define MAX_DATABASE 65535
#define CREDENTIAL "bus.password"

typedef struct {
  char *scheme, *user, *password, *host, *path, *query; /* (owned) (nullable) */
  int port;
} Parts;

static void
parts_clear (Parts *parts)
{
  g_free (parts->scheme);
  g_free (parts->user);
  g_free (parts->password);
  g_free (parts->host);
  g_free (parts->path);
  g_free (parts->query);
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, "[bus] url: %s", why);
  return FALSE;
}

static gboolean
read_database (GuicheBusUrl *self, const char *text, GError **error)
{
  guint64 number = 0;

  if (text == NULL || text[0] == '\0')
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, 0, MAX_DATABASE, &number, NULL))
    return refuse (error, "the database is a number");
  self->database = (guint) number;
  return TRUE;
}

static gboolean
read_address (GuicheBusUrl *self, const Parts *parts, GError **error)
{
  const char *path = parts->path != NULL ? parts->path : "";

  if (g_strcmp0 (parts->scheme, "unix") == 0) {
    if (path[0] != '/' || strlen (path) >= 108 || (parts->host != NULL && parts->host[0] != '\0'))
      return refuse (error, "unix:// needs the absolute path of a socket");
    if (parts->query != NULL && !g_str_has_prefix (parts->query, "db="))
      return refuse (error, "after the path only ?db=… is known");
    self->address = G_SOCKET_CONNECTABLE (g_unix_socket_address_new (path));
    return read_database (self, parts->query != NULL ? parts->query + 3 : NULL, error);
  }
  if (g_strcmp0 (parts->scheme, "redis") != 0)
    return refuse (error, "redis:// or unix:// is known");
  if (parts->host == NULL || parts->host[0] == '\0')
    return refuse (error, "a host is missing");
  if (parts->query != NULL)
    return refuse (error, "nothing is known after a question mark");
  self->address =
      g_network_address_new (parts->host, parts->port > 0 ? (guint16) parts->port : DEFAULT_PORT);
  return read_database (self, path[0] == '/' ? path + 1 : path, error);
}

/* What systemd's LoadCredential= gave, without its line's end. */
static char *
read_credential (void)
{
  const char *directory = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autofree char *path = directory != NULL ? g_build_filename (directory, CREDENTIAL, NULL) : NULL;
  char *content = NULL;

  if (path == NULL || !g_file_get_contents (path, &content, NULL, NULL))
    return NULL;
  return g_strchomp (content);
}

static char *
take_unless_empty (char **text)
{
  if (*text == NULL || (*text)[0] == '\0')
    return NULL;
  return g_steal_pointer (text);
}

gboolean
guiche_bus_url_parse (GuicheBusUrl *self, const char *url, GError **error)
{
  Parts parts = { 0 };
  gboolean is_good;

  memset (self, 0, sizeof *self);
  is_good = g_uri_split_with_user (url, G_URI_FLAGS_HAS_PASSWORD, &parts.scheme, &parts.user,
                                   &parts.password, NULL, &parts.host, &parts.port, &parts.path,
                                   &parts.query, NULL, NULL);
  is_good = is_good ? read_address (self, &parts, error) : refuse (error, "not an address");
  if (is_good) {
    self->user = take_unless_empty (&parts.user);
    self->password = take_unless_empty (&parts.password);
    if (self->password == NULL)
      self->password = read_credential ();
  } else {
    guiche_bus_url_clear (self);
  }
  parts_clear (&parts);
  return is_good;
}

void
guiche_bus_url_clear (GuicheBusUrl *self)
{
  g_clear_object (&self->address);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->password, g_free);
}
