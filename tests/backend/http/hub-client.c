/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-harness.h"

#include <string.h>

typedef struct {
  gpointer result;
  GError *error;
  gboolean is_done;
} Waiter;

static void
connect_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Waiter *waiter = user_data;

  waiter->result =
      g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (object), result, &waiter->error);
  waiter->is_done = TRUE;
}

static void
handshake_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Waiter *waiter = user_data;

  g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, &waiter->error);
  waiter->is_done = TRUE;
}

static gboolean
accept_any (GTlsConnection *tls,
            GTlsCertificate *certificate,
            GTlsCertificateFlags errors,
            gpointer user_data)
{
  return TRUE;
}

static void
start_tls (Client *self)
{
  Waiter waiter = { 0 };
  GIOStream *tls = g_tls_client_connection_new (self->stream, NULL, &waiter.error);

  g_assert_no_error (waiter.error);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_any), NULL);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), 0, NULL, handshake_cb, &waiter);
  WAIT_UNTIL (waiter.is_done);
  g_assert_no_error (waiter.error);
  g_object_unref (self->stream);
  self->stream = tls;
}

Client *
client_connect (Harness *harness)
{
  Client *self = g_new0 (Client, 1);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  Waiter waiter = { 0 };

  self->harness = harness;
  self->texts = g_ptr_array_new_with_free_func (g_free);
  guiche_websocket_decoder_init (&self->decoder, FALSE);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_to_host_async (client, "127.0.0.1", (guint16) harness->port, NULL,
                                         connect_cb, &waiter);
  WAIT_UNTIL (waiter.is_done);
  g_assert_no_error (waiter.error);
  self->connection = waiter.result;
  self->stream = g_object_ref (G_IO_STREAM (self->connection));
  if (harness->certificate != NULL)
    start_tls (self);
  return self;
}

void
client_free (Client *self)
{
  guiche_websocket_decoder_clear (&self->decoder);
  g_object_unref (self->stream);
  g_object_unref (self->connection);
  g_ptr_array_unref (self->texts);
  g_free (self);
}

void
client_write (Client *self, const void *data, gsize length)
{
  GPollableOutputStream *output =
      G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (self->stream));
  const guint8 *bytes = data;
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (length > 0) {
    g_autoptr (GError) error = NULL;
    gssize n = g_pollable_output_stream_write_nonblocking (output, bytes, length, NULL, &error);

    g_assert_cmpint (g_get_monotonic_time (), <, end);
    if (n < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
      return; /* the server has hung up: the test sees that */
    if (n > 0) {
      bytes += n;
      length -= (gsize) n;
    }
    harness_turn ();
  }
}

void
client_send_frame (Client *self,
                   GuicheWebsocketOpcode opcode,
                   gboolean is_final,
                   const void *data,
                   gsize length)
{
  g_autofree guint8 *frame = g_malloc (length + GUICHE_WEBSOCKET_MAX_HEADER);

  client_write (self, frame,
                guiche_websocket_write_masked (frame, opcode, is_final, 0xa1b2c3d4, data, length));
}

void
client_send (Client *self, const char *text)
{
  client_send_frame (self, GUICHE_WEBSOCKET_TEXT, TRUE, text, strlen (text));
}

static void
take_item (Client *self, const GuicheWebsocketItem *item)
{
  switch (item->kind) {
  case GUICHE_WEBSOCKET_ITEM_MESSAGE:
    g_assert_cmpuint (item->opcode, ==, GUICHE_WEBSOCKET_TEXT);
    g_ptr_array_add (self->texts, g_strndup ((const char *) item->data, item->length));
    return;
  case GUICHE_WEBSOCKET_ITEM_PING:
    self->n_pings++;
    return;
  case GUICHE_WEBSOCKET_ITEM_PONG:
    self->n_pongs++;
    return;
  case GUICHE_WEBSOCKET_ITEM_CLOSE:
    self->close_code = item->code;
    return;
  default:
    g_error ("the server sent a wrong frame: %u", item->code);
  }
}

void
client_poll (Client *self)
{
  GPollableInputStream *input =
      G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->stream));
  guint8 buffer[16384];
  gssize n;

  while (!self->is_at_end && (n = g_pollable_input_stream_read_nonblocking (
                                  input, buffer, sizeof buffer, NULL, NULL)) >= 0) {
    guint8 *cursor = buffer;
    GuicheWebsocketItem item;

    self->is_at_end = n == 0;
    while (guiche_websocket_decoder_next (&self->decoder, &cursor, buffer + n, &item) !=
           GUICHE_WEBSOCKET_ITEM_NONE)
      take_item (self, &item);
  }
}

static gboolean
has_text (Client *self)
{
  client_poll (self);
  return self->texts->len > 0;
}

char *
client_next (Client *self)
{
  WAIT_UNTIL (has_text (self));
  return g_ptr_array_steal_index (self->texts, 0);
}

char *
client_next_op (Client *self, const char *op)
{
  g_autofree char *start = g_strdup_printf ("{\"op\":\"%s\"", op);

  for (;;) {
    char *text = client_next (self);

    if (g_str_has_prefix (text, start))
      return text;
    g_free (text);
  }
}

void
client_expect_ready (Client *self, gint64 seq)
{
  g_autofree char *text = client_next (self);
  g_autofree char *expected =
      g_strdup_printf ("{\"op\":\"ready\",\"seq\":%" G_GINT64_FORMAT "}", seq);

  g_assert_cmpstr (text, ==, expected);
}

static gboolean
is_closed (Client *self)
{
  client_poll (self);
  return self->close_code != 0;
}

void
client_expect_close (Client *self, guint code)
{
  WAIT_UNTIL (is_closed (self));
  g_assert_cmpuint (self->close_code, ==, code);
}

char *
client_read_head (Client *self)
{
  GPollableInputStream *input =
      G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->stream));
  GString *head = g_string_new (NULL);
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (strstr (head->str, "\r\n\r\n") == NULL) {
    char byte;
    gssize n = g_pollable_input_stream_read_nonblocking (input, &byte, 1, NULL, NULL);

    g_assert_cmpint (g_get_monotonic_time (), <, end);
    if (n == 1)
      g_string_append_c (head, byte);
    else
      harness_turn ();
  }
  return g_string_free (head, FALSE);
}

Client *
client_new (Harness *harness, guint user, gint64 since)
{
  Client *self = client_connect (harness);
  g_autofree char *request = g_strdup_printf (
      "GET /stream?user=%u&since=%" G_GINT64_FORMAT " HTTP/1.1\r\n"
      "Host: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      "Sec-WebSocket-Version: 13\r\n\r\n",
      user, since);
  g_autofree char *head = NULL;

  client_write (self, request, strlen (request));
  head = client_read_head (self);
  g_assert_true (g_str_has_prefix (head, "HTTP/1.1 101 "));
  g_assert_nonnull (strstr (head, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  g_assert_null (strstr (head, "Sec-WebSocket-Extensions"));
  return self;
}
