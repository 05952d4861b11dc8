/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The customer's page: static files from the program itself. */
#include "config.h"

#include "base/error.h"
#include "channels/routes.h"

#include <string.h>

#define RESOURCES "/io/github/guiche/Guiche/webchat/"
#define PAGE_CACHE "no-cache"

/* Nothing from elsewhere, no inline script; sounds and pictures come as blobs of the page's own. */
#define PAGE_POLICY                                                                                \
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "          \
  "media-src 'self' blob:; connect-src 'self' ws: wss:; font-src 'self'; base-uri 'none'; "        \
  "form-action 'none'; frame-ancestors *"

static const char *
type_of (const char *path)
{
  if (g_str_has_suffix (path, ".html"))
    return "text/html; charset=utf-8";
  if (g_str_has_suffix (path, ".js"))
    return "text/javascript; charset=utf-8";
  if (g_str_has_suffix (path, ".css"))
    return "text/css; charset=utf-8";
  return g_str_has_suffix (path, ".svg") ? "image/svg+xml" : "application/octet-stream";
}

static gboolean
reply_resource (GuicheReply *reply, const char *name, GError **error)
{
  g_autofree char *path = g_strconcat (RESOURCES, name, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  if (bytes == NULL) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no such page");
    return FALSE;
  }
  guiche_reply_set_bytes (reply, bytes, type_of (name));
  guiche_reply_set_header (reply, "Cache-Control", PAGE_CACHE);
  guiche_reply_set_header (reply, "Content-Security-Policy", PAGE_POLICY);
  guiche_reply_set_header (reply, "X-Content-Type-Options", "nosniff");
  guiche_reply_set_header (reply, "Referrer-Policy", "no-referrer");
  return TRUE;
}

/* (thread main) */
static gboolean
handle_page (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  return reply_resource (reply, "index.html", error);
}

/* (thread main) */
static gboolean
handle_widget (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  if (!reply_resource (reply, "widget.js", error))
    return FALSE;
  guiche_reply_set_header (reply, "Cross-Origin-Resource-Policy", "cross-origin");
  return TRUE;
}

/* (thread main): the name has one segment, or `js` and one more, and is looked up in the resource
 * only. */
static gboolean
handle_asset (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  return reply_resource (reply, guiche_request_path_param (request, "name"), error);
}

/* (thread main) */
static gboolean
handle_script (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_autofree char *name = g_strconcat ("js/", guiche_request_path_param (request, "name"), NULL);

  return reply_resource (reply, name, error);
}

#define PAGE_ROUTE(path, handler, summary)                                                         \
  {                                                                                                \
    "GET", path, GUICHE_ROLE_NONE, GUICHE_RATE_NONE, GUICHE_ROUTE_RING, NULL, NULL, NULL, handler, \
        summary                                                                                    \
  }

static const GuicheRoute routes[] = {
  PAGE_ROUTE ("/chat/widget.js", handle_widget, "The chat button for any site"),
  PAGE_ROUTE ("/chat/assets/{name}", handle_asset, "A file of the customer's page"),
  PAGE_ROUTE ("/chat/assets/js/{name}", handle_script, "A script of the customer's page"),
  PAGE_ROUTE ("/chat/{tenant}", handle_page, "The customer's page of a company"),
  { NULL },
};

const GuicheRoute *
guiche_webchat_page_routes (void)
{
  return routes;
}
