/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "backend/bus/peer.h"

#include <string.h>

#define PATIENCE_US (60 * G_USEC_PER_SEC)

/* Runs the main loop until @condition; fails after a minute. */
#define WAIT_FOR(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 limit_us = g_get_monotonic_time () + PATIENCE_US;                                       \
    while (!(condition)) {                                                                         \
      g_assert_cmpint (g_get_monotonic_time (), <, limit_us);                                      \
      g_main_context_iteration (NULL, TRUE);                                                       \
    }                                                                                              \
  }                                                                                                \
  G_STMT_END

Peer *
peer_new (const char *url, const char *secret)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (secret, strlen (secret));
  g_autoptr (GError) error = NULL;
  Peer *self = g_new0 (Peer, 1);

  self->heard = g_string_new (NULL);
  self->last = g_byte_array_new ();
  self->bus = guiche_bus_new (url, bytes, &error);
  g_assert_no_error (error);
  return self;
}

void
peer_free (Peer *self)
{
  guiche_bus_free (self->bus);
  g_string_free (self->heard, TRUE);
  g_byte_array_unref (self->last);
  g_free (self->value);
  g_free (self);
}

void
peer_on_message (GuicheBus *bus,
                 const GuicheId *origin,
                 const char *channel,
                 const guint8 *data,
                 gsize length,
                 gpointer user_data)
{
  Peer *self = user_data;
  g_autofree char *text = g_strndup ((const char *) data, length);

  self->n_heard++;
  self->last_origin = *origin;
  g_byte_array_set_size (self->last, 0);
  g_byte_array_append (self->last, data, (guint) length);
  g_string_append_printf (self->heard, "%s=%s|", channel, text);
}

void
peer_on_count (gboolean is_known, gint64 total, gpointer user_data)
{
  Peer *self = user_data;

  self->n_counted++;
  if (is_known)
    self->total = total;
}

static GuicheBusStats
stats_of (Peer *self)
{
  GuicheBusStats stats;

  guiche_bus_get_stats (self->bus, &stats);
  return stats;
}

void
peer_wait_connected (Peer *self, gboolean is_connected)
{
  WAIT_FOR (guiche_bus_is_connected (self->bus) == is_connected);
}

void
peer_wait_heard (Peer *self, guint n)
{
  WAIT_FOR (self->n_heard >= n);
}

void
peer_wait_counted (Peer *self, guint n)
{
  WAIT_FOR (self->n_counted >= n);
}

void
peer_wait_refused (Peer *self, guint64 n)
{
  WAIT_FOR (stats_of (self).refused >= n);
}

void
peer_wait_losses (Peer *self, guint64 n)
{
  WAIT_FOR (stats_of (self).losses >= n);
}

static void
on_value (const guint8 *data, gsize length, gpointer user_data)
{
  Peer *self = user_data;

  self->has_value = TRUE;
  self->value = data != NULL ? g_strndup ((const char *) data, length) : NULL;
}

const char *
peer_get (Peer *self, const char *key)
{
  g_clear_pointer (&self->value, g_free);
  self->has_value = FALSE;
  g_assert_true (guiche_bus_get (self->bus, key, on_value, self));
  WAIT_FOR (self->has_value);
  return self->value;
}

static gboolean
on_run (GThreadedSocketService *service,
        GSocketConnection *connection,
        GObject *source,
        gpointer user_data)
{
  Stranger *self = user_data;
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  char buffer[4096];

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), self->answer,
                             strlen (self->answer), NULL, NULL, NULL);
  while (g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL) > 0) {
  }
  g_atomic_int_inc (&self->n_left);
  g_main_context_wakeup (NULL);
  return TRUE;
}

Stranger *
stranger_new (const char *answer)
{
  g_autoptr (GError) error = NULL;
  Stranger *self = g_new0 (Stranger, 1);

  self->answer = answer;
  self->service = g_threaded_socket_service_new (32);
  self->port =
      g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->service), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (self->service, "run", G_CALLBACK (on_run), self);
  g_socket_service_start (self->service);
  return self;
}

void
stranger_free (Stranger *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_free (self);
}

void
stranger_wait_left (Stranger *self, guint n)
{
  WAIT_FOR ((guint) g_atomic_int_get (&self->n_left) >= n);
}
