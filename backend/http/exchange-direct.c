/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/server-private.h"

#include <libsoup/soup.h>
#include <time.h>

/* The short way: a request that changes something, has come whole and runs on the write queue
 * (a message, nearly always) is answered past libsoup, which only costs here. The gate has read
 * its head either way; everything else, and every failure to recognise one, takes the long way. */

/* RFC 9110, 5.6.7; made once a second. */
static const char *
date_header (GuicheServer *server)
{
  static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
  static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  time_t now = time (NULL);
  struct tm parts;

  if (now == server->date_s)
    return server->date;
  gmtime_r (&now, &parts);
  g_snprintf (server->date, sizeof server->date, "%s, %02d %s %04d %02d:%02d:%02d GMT",
              days[parts.tm_wday], parts.tm_mday, months[parts.tm_mon], parts.tm_year + 1900,
              parts.tm_hour, parts.tm_min, parts.tm_sec);
  server->date_s = now;
  return server->date;
}

gboolean
guiche_exchange_try_direct (gpointer user_data)
{
  GuichePeer *peer = user_data;
  GuicheServer *server = peer->server;
  gsize length;

  if (server->is_stopping ||
      guiche_connection_header (peer->connection, GUICHE_HEADER_CONTENT_ENCODING, &length) != NULL)
    return FALSE;

  GuicheExchange *self = guiche_exchange_begin (server, NULL, peer);
  guiche_exchange_route (self);
  if (self->row == NULL || self->row->route->mode != GUICHE_ROUTE_WRITE ||
      self->row->route->max_body > 0) {
    peer->exchange = NULL;
    guiche_exchange_give_back (self);
    return FALSE;
  }
  guiche_exchange_run (self);
  return TRUE;
}

void
guiche_exchange_answer_direct (GuicheExchange *self, const void *body, gsize length)
{
  g_autoptr (GuicheConnection) connection = g_object_ref (self->peer->connection);
  GString *head = self->head;
  char line[64];

  /* The headers are in @head already; what goes before them is short. */
  g_snprintf (line, sizeof line, "HTTP/1.1 %u %s\r\nDate: ", self->status,
              soup_status_get_phrase (self->status));
  g_string_insert_len (head, 0, "\r\n", 2);
  g_string_prepend (head, date_header (self->server));
  g_string_prepend (head, line);
  if (self->server->is_stopping)
    g_string_append (head, "Connection: close\r\n");
  if (self->status == 204)
    g_string_append_len (head, "\r\n", 2);
  else
    g_string_append_printf (head, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n", length);

  self->peer->exchange = NULL;
  guiche_router_count (self->row, self->status, g_get_monotonic_time () - self->started_us);
  guiche_connection_answer (connection, head, body, length);
  guiche_exchange_give_back (self);
  guiche_connection_next (connection);
}
