/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/websocket.h"
#include "stream-load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define OPENING_AT_ONCE 8 /* a listener's queue is short */
#define SEEN_EVENTS 256
#define SEEN_BYTES (128 * 1024)

static char **
read_lines (const char *path)
{
  g_autofree char *text = NULL;

  if (path == NULL || !g_file_get_contents (path, &text, NULL, NULL))
    g_error ("cannot read %s", path == NULL ? "a file that was not given" : path);
  return g_strsplit (g_strchomp (text), "\n", -1);
}

static Peer *
connect_peer (Load *self, PeerKind kind, const char *path)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons ((guint16) self->options->port) };
  Peer *peer = g_new0 (Peer, 1);
  struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = peer };
  g_autofree char *request = NULL;
  int on = 1;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  peer->kind = kind;
  peer->head = g_string_new (NULL);
  peer->out = g_byte_array_new ();
  peer->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect (peer->fd, (struct sockaddr *) &address, sizeof address) != 0)
    g_error ("connecting: %s", g_strerror (errno));
  setsockopt (peer->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl (peer->fd, F_SETFL, O_NONBLOCK);
  epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, peer->fd, &event);
  g_ptr_array_add (self->peers, peer);
  if (kind == PEER_HTTP) {
    peer->is_open = TRUE;
    self->n_open++;
    return peer;
  }
  request = g_strdup_printf (
      "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
      path);
  g_byte_array_append (peer->out, (const guint8 *) request, (guint) strlen (request));
  peer_flush (peer);
  if (self->peers->len % OPENING_AT_ONCE == 0)
    load_wait_until_open (self);
  return peer;
}

static void
open_streams (Load *self)
{
  g_auto (GStrv) paths = read_lines (self->options->paths_file);
  guint n_paths = g_strv_length (paths);

  for (int i = 0; i < self->options->n_streams; i++) {
    Peer *peer = connect_peer (self, PEER_STREAM, paths[(guint) i % n_paths]);

    g_ptr_array_add (self->streams, peer);
    if (self->options->http_path == NULL && i < self->options->n_senders)
      g_ptr_array_add (self->senders, peer);
  }
}

Load *
load_new (const LoadOptions *options)
{
  Load *self = g_new0 (Load, 1);
  g_auto (GStrv) idle = NULL;

  self->options = options;
  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self->peers = g_ptr_array_new ();
  self->streams = g_ptr_array_new ();
  self->senders = g_ptr_array_new ();
  self->ack_us = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->typing_us = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->body = g_strnfill ((gsize) options->body_bytes, 'x');
  self->conversations = options->conversations_file != NULL
                            ? read_lines (options->conversations_file)
                            : g_strsplit ("1", "\n", -1);
  if (options->n_streams > 0)
    open_streams (self);
  for (int i = 0; options->http_path != NULL && i < options->n_senders; i++)
    g_ptr_array_add (self->senders, connect_peer (self, PEER_HTTP, NULL));
  if (options->idle_file != NULL)
    idle = read_lines (options->idle_file);
  for (guint i = 0; idle != NULL && idle[i] != NULL; i++)
    connect_peer (self, PEER_IDLE, idle[i]);
  load_wait_until_open (self);
  return self;
}

void
load_reset_figures (Load *self)
{
  self->is_measured = TRUE;
  self->n_acks = self->n_events = self->n_event_bytes = 0;
  g_array_set_size (self->ack_us, 0);
  g_array_set_size (self->typing_us, 0);
}

static void
send_text (Peer *peer, const char *text, gsize length)
{
  guint at = peer->out->len;

  g_byte_array_set_size (peer->out, at + (guint) length + GUICHE_WEBSOCKET_MAX_HEADER);
  length = guiche_websocket_write_masked (peer->out->data + at, GUICHE_WEBSOCKET_TEXT, TRUE,
                                          0x5a3c17e9, text, length);
  g_byte_array_set_size (peer->out, at + (guint) length);
}

void
load_send_message (Load *self, Peer *sender, gint64 due_us)
{
  guint n_conversations = g_strv_length (self->conversations);
  const char *conversation = self->conversations[self->n_sent % n_conversations];
  g_autofree char *text = NULL;
  guint64 n = ++self->n_sent;

  g_queue_push_tail (&sender->sent_at, GSIZE_TO_POINTER ((gsize) due_us));
  if (sender->kind == PEER_STREAM) {
    text = g_strdup_printf (
        "{\"op\":\"message.send\",\"ref\":%" G_GUINT64_FORMAT ",\"conversation_id\":\"%s\","
        "\"client_id\":\"01932f6a-%04x-7000-8%03x-%012" G_GINT64_MODIFIER "x\",\"body\":\"%s\"}",
        n, conversation, (guint) (due_us >> 20) & 0xffff, (guint) due_us & 0xfff, n, self->body);
    send_text (sender, text, strlen (text));
  } else {
    g_autofree char *path = g_strconcat (self->options->http_path, conversation, "/messages", NULL);
    g_autofree char *json = g_strdup_printf (
        "{\"client_id\":\"01932f6a-%04x-7000-8%03x-%012" G_GINT64_MODIFIER "x\",\"body\":\"%s\"}",
        (guint) (due_us >> 20) & 0xffff, (guint) due_us & 0xfff, n, self->body);

    text = g_strdup_printf ("POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                            "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                            path, self->options->token == NULL ? "none" : self->options->token,
                            strlen (json), json);
    g_byte_array_append (sender->out, (const guint8 *) text, (guint) strlen (text));
  }
  if (self->options->rate > 0)
    peer_flush (sender);
}

/* The last stream types, the one before hears it. */
void
load_send_typing (Load *self)
{
  Peer *peer = self->streams->pdata[self->streams->len - 1];
  g_autofree char *text = g_strdup_printf (
      "{\"op\":\"typing\",\"conversation_id\":\"%s\",\"is_typing\":true}", self->conversations[0]);

  /* One that came before the other was ready, or was dropped, is not waited for. */
  if (self->typing_sent_us != 0 && self->now_us - self->typing_sent_us < G_USEC_PER_SEC)
    return;
  self->typing_sent_us = g_get_monotonic_time ();
  send_text (peer, text, strlen (text));
  peer_flush (peer);
}

void
load_take_ack (Load *self, Peer *peer)
{
  gint64 sent_us = (gint64) GPOINTER_TO_SIZE (g_queue_pop_head (&peer->sent_at));
  guint32 took_us = (guint32) (g_get_monotonic_time () - sent_us);

  self->n_acked_total++;
  if (self->is_measured) {
    self->n_acks++;
    g_array_append_val (self->ack_us, took_us);
  }
  if (!self->is_ending && self->options->rate == 0)
    load_send_message (self, peer, self->now_us);
}

static void
acknowledge (Peer *peer, gsize length)
{
  char text[64];

  peer->unseen_events++;
  peer->unseen_bytes += (guint) length;
  if (peer->last_seq == 0 || (peer->unseen_events < SEEN_EVENTS && peer->unseen_bytes < SEEN_BYTES))
    return;
  g_snprintf (text, sizeof text, "{\"op\":\"seen\",\"seq\":%" G_GINT64_FORMAT "}", peer->last_seq);
  send_text (peer, text, strlen (text));
  peer->unseen_events = peer->unseen_bytes = 0;
}

void
load_take_event (Load *self, Peer *peer, const char *start, gsize length)
{
  if (strncmp (start, "{\"op\":\"ack\"", 11) == 0) {
    load_take_ack (self, peer);
    return;
  }
  if (strncmp (start, "{\"op\":\"typing\"", 14) == 0) {
    if (peer == self->streams->pdata[self->streams->len - 2] && self->typing_sent_us != 0) {
      guint32 took_us = (guint32) (g_get_monotonic_time () - self->typing_sent_us);

      g_array_append_val (self->typing_us, took_us);
      self->typing_sent_us = 0;
    }
    return;
  }
  if (strncmp (start, "{\"op\":\"error\"", 13) == 0) {
    if (self->n_errors++ == 0)
      g_printerr ("an error: %.*s\n", 200, start);
    load_take_ack (self, peer);
    return;
  }
  if (strncmp (start, "{\"op\"", 5) == 0)
    return;
  if (strncmp (start, "{\"seq\":", 7) == 0)
    peer->last_seq = strtoll (start + 7, NULL, 10);
  peer->n_events++;
  if (self->is_measured) {
    self->n_events++;
    self->n_event_bytes += length;
  }
  acknowledge (peer, length);
}

guint64
load_fewest_events (Load *self)
{
  guint64 fewest = G_MAXUINT64;

  for (guint i = 0; i < self->streams->len; i++)
    fewest = MIN (fewest, ((Peer *) self->streams->pdata[i])->n_events);
  return fewest;
}

static int
compare_values (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return x < y ? -1 : x > y;
}

Percentiles
load_percentiles (GArray *values)
{
  Percentiles result = { 0 };

  if (values->len == 0)
    return result;
  g_array_sort (values, compare_values);
  result.p50 = g_array_index (values, guint32, values->len / 2);
  result.p99 = g_array_index (values, guint32, (guint) ((guint64) values->len * 99 / 100));
  result.max = g_array_index (values, guint32, values->len - 1);
  return result;
}
