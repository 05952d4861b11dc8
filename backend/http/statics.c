/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "http/server-private.h"

#include <string.h>

/* Files from GResources: small, immutable, served from memory. */

typedef struct {
  GuicheRoute route;
  char *path;        /* (owned) */
  char *resource;    /* (owned) */
  char *csp;         /* (owned) */
  guint n_fixed;     /* segments before the rest; 0: one file */
  GHashTable *etags; /* (owned): resource path → ETag */
} GuicheStatic;

static const struct {
  const char *extension;
  const char *type;
} types[] = {
  { ".html", "text/html; charset=utf-8" },
  { ".js", "text/javascript; charset=utf-8" },
  { ".css", "text/css; charset=utf-8" },
  { ".json", "application/json" },
  { ".webmanifest", "application/manifest+json" },
  { ".svg", "image/svg+xml" },
  { ".png", "image/png" },
  { ".ico", "image/vnd.microsoft.icon" },
  { ".woff2", "font/woff2" },
  { ".ogg", "audio/ogg" },
  { ".m4a", "audio/mp4" },
  { ".mp3", "audio/mpeg" },
  { ".txt", "text/plain; charset=utf-8" },
};

void
guiche_statics_free (gpointer data)
{
  GuicheStatic *self = data;

  g_hash_table_unref (self->etags);
  g_free (self->path);
  g_free (self->resource);
  g_free (self->csp);
  g_free (self);
}

static const char *
type_of (const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (path, types[i].extension))
      return types[i].type;
  return "application/octet-stream";
}

static char *
resource_of (const GuicheStatic *self, const GuicheRequest *request)
{
  if (self->n_fixed == 0)
    return g_strdup (self->resource);

  GString *path = g_string_new (self->resource);
  for (guint i = self->n_fixed; i < request->n_segments; i++)
    g_string_append_printf (path, "/%s", request->segments[i]);
  return g_string_free (path, FALSE);
}

static void
add_headers (const GuicheStatic *self, GuicheReply *reply, const char *etag)
{
  guiche_reply_set_header (reply, "ETag", etag);
  guiche_reply_set_header (reply, "Cache-Control", "no-cache");
  guiche_reply_set_header (reply, "Content-Security-Policy",
                           self->csp != NULL ? self->csp : "default-src 'none'");
  guiche_reply_set_header (reply, "Referrer-Policy", "no-referrer");
  guiche_reply_set_header (reply, "Permissions-Policy", "camera=(), geolocation=(), payment=()");
}

/* Resources do not change while the program runs. */
static const char *
find_etag (const GuicheStatic *self, const char *path, GBytes *bytes)
{
  char *etag = g_hash_table_lookup (self->etags, path);

  if (etag == NULL) {
    g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
    etag = g_strdup_printf ("\"%.32s\"", hash);
    g_hash_table_insert (self->etags, g_strdup (path), etag);
  }
  return etag;
}

static gboolean
handle_static (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  const GuicheStatic *self = guiche_request_context (request);
  g_autofree char *path = resource_of (self, request);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  if (bytes == NULL) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND,
                         "there is nothing at this path");
    return FALSE;
  }
  const char *etag = find_etag (self, path, bytes);
  add_headers (self, reply, etag);
  if (request->if_none_match != NULL && strstr (request->if_none_match, etag) != NULL)
    guiche_reply_set_status (reply, 304);
  else
    guiche_reply_set_bytes (reply, bytes, type_of (path));
  return TRUE;
}

void
guiche_server_add_static (GuicheServer *self,
                          const char *path,
                          const char *resource,
                          const char *csp)
{
  GuicheStatic *file = g_new0 (GuicheStatic, 1);
  g_auto (GStrv) segments = g_strsplit (path + 1, "/", -1);

  file->etags = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  file->path = g_strdup (path);
  file->resource = g_strdup (resource);
  file->csp = g_strdup (csp);
  file->n_fixed = g_str_has_suffix (path, "*}") ? g_strv_length (segments) - 1 : 0;
  file->route = (GuicheRoute){
    .method = "GET",
    .path = file->path,
    .role = GUICHE_ROLE_NONE,
    .rate = GUICHE_RATE_READ,
    .mode = GUICHE_ROUTE_RING,
    .handler = handle_static,
    .summary = "A file of a page",
  };
  g_ptr_array_add (self->statics, file);
  guiche_router_add (self->router, &file->route, file);
}
