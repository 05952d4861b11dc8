/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events a client has missed, in pages: what the live stream replays, over HTTP. */
#include "http/server-private.h"

#define EVENTS_DEFAULT 500
#define EVENTS_MAX 1000

static const GuicheField sync_query[] = {
  { "since", GUICHE_TYPE_INTEGER, TRUE, 0, G_MAXINT64,
    "The seq up to which the client is complete" },
  { "limit", GUICHE_TYPE_INTEGER, FALSE, 1, EVENTS_MAX, "At most this many events" },
  { NULL },
};

static const GuicheField event_fields[] = {
  { "seq", GUICHE_TYPE_INTEGER, TRUE },
  { "at", GUICHE_TYPE_TIME, TRUE },
  { "kind", GUICHE_TYPE_STRING, TRUE },
  { "data", GUICHE_TYPE_OBJECT, TRUE },
  { NULL },
};
static const GuicheSchema event_schema = { "Event", event_fields };

static const GuicheField page_fields[] = {
  { "events", GUICHE_TYPE_ARRAY, TRUE, .schema = &event_schema },
  { "next", GUICHE_TYPE_INTEGER, TRUE, .description = "Ask from here next time" },
  { "more", GUICHE_TYPE_BOOLEAN, TRUE, .description = "There are more now" },
  { NULL },
};
static const GuicheSchema page_schema = { "EventPage", page_fields };

static gboolean
handle_sync (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  gint64 next = guiche_request_query_int (request, "since", 0);
  gboolean more = FALSE;
  g_autoptr (GPtrArray) events = guiche_events_read (
      tx, next, (gsize) guiche_request_query_int (request, "limit", EVENTS_DEFAULT),
      guiche_tx_actor (tx)->viewer, &next, &more, error);
  GuicheJsonWriter *writer;

  if (events == NULL)
    return FALSE;
  writer = guiche_reply_json (reply);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "events");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < events->len; i++) {
    const GuicheEvent *event = g_ptr_array_index (events, i);
    gsize length;
    const char *wire = g_bytes_get_data (event->wire, &length);

    guiche_json_writer_raw (writer, wire, (gssize) length);
  }
  guiche_json_writer_end_array (writer);
  guiche_json_writer_member_int (writer, "next", next);
  guiche_json_writer_member_bool (writer, "more", more);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static const GuicheRoute routes[] = {
  { "GET", "/api/v1/sync", GUICHE_ROLE_AGENT, GUICHE_RATE_READ, GUICHE_ROUTE_READ, sync_query, NULL,
    &page_schema, handle_sync, "Events since a seq" },
  { NULL },
};

const GuicheRoute *
guiche_sync_routes (void)
{
  return routes;
}
