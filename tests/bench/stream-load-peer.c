/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream-load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void
peer_flush (Peer *peer)
{
  while (peer->out->len > 0) {
    gssize n = send (peer->fd, peer->out->data, peer->out->len, MSG_NOSIGNAL);

    if (n <= 0)
      return;
    g_byte_array_remove_range (peer->out, 0, (guint) n);
  }
}

void
peer_lost (Load *load, Peer *peer)
{
  if (!peer->is_open)
    g_error ("a connection was refused: %s", peer->head->str);
  load->n_lost++;
  shutdown (peer->fd, SHUT_RDWR);
  peer->is_open = FALSE;
}

/* Header and payload lengths of the frame that begins with @start; 0 while that is not known. */
static gsize
frame_length (const guint8 *start, gsize n, gsize *out_header)
{
  guint64 length = n >= 2 ? start[1] & 0x7f : 0;

  *out_header = length == 126 ? 4 : length == 127 ? 10 : 2;
  if (n < *out_header)
    return 0;
  if (length == 126)
    length = (guint64) start[2] << 8 | start[3];
  else if (length == 127)
    length =
        (guint64) start[6] << 24 | (guint64) start[7] << 16 | (guint64) start[8] << 8 | start[9];
  return *out_header + length;
}

static void
take_frame (Load *load,
            Peer *peer,
            const guint8 *start,
            gsize n_start,
            gsize n_header,
            gsize length)
{
  const char *payload = (const char *) start + n_header;

  if ((start[0] & 0x0f) != 1) {
    if ((start[0] & 0x0f) == 8 && load->n_closed++ < 3)
      g_printerr ("closed with %u\n",
                  n_start >= n_header + 2 ? (guint) start[n_header] << 8 | start[n_header + 1] : 0);
    return;
  }
  load_take_event (load, peer, payload, length);
}

static void
skim_frames (Load *load, Peer *peer, const guint8 *data, gsize length)
{
  while (length > 0) {
    gsize n_header, n_frame, n;

    if (peer->left > 0) {
      n = MIN (peer->left, length);
      peer->left -= n;
      data += n;
      length -= n;
      continue;
    }
    /* The common case: the frame begins and is known right here. */
    if (peer->n_start == 0 && length >= sizeof peer->start) {
      n_frame = frame_length (data, length, &n_header);
      take_frame (load, peer, data, length, n_header, n_frame);
      n = MIN (n_frame, length);
      peer->left = n_frame - n;
      data += n;
      length -= n;
      continue;
    }
    peer->start[peer->n_start++] = *data++;
    length--;
    n_frame = frame_length (peer->start, peer->n_start, &n_header);
    if (n_frame == 0 || peer->n_start < MIN (n_frame, sizeof peer->start))
      continue;
    take_frame (load, peer, peer->start, peer->n_start, n_header, n_frame);
    peer->left = n_frame - peer->n_start;
    peer->n_start = 0;
  }
}

/* Takes the reply's head; returns how many of @length bytes belonged to it. */
static gsize
take_head (Load *load, Peer *peer, const guint8 *data, gsize length)
{
  gsize before = peer->head->len;
  const char *end;

  g_string_append_len (peer->head, (const char *) data, (gssize) length);
  end = strstr (peer->head->str, "\r\n\r\n");
  if (end == NULL)
    return length;
  length = (gsize) (end + 4 - peer->head->str) - before;
  if (peer->kind == PEER_HTTP) {
    const char *body = strcasestr (peer->head->str, "\r\ncontent-length:");

    if (strncmp (peer->head->str, "HTTP/1.1 20", 11) != 0)
      load->n_errors++;
    peer->left = body == NULL ? 0 : g_ascii_strtoull (body + 17, NULL, 10);
  } else if (strncmp (peer->head->str, "HTTP/1.1 101", 12) != 0) {
    g_error ("refused: %s", peer->head->str);
  } else {
    peer->is_open = TRUE;
    load->n_open++;
  }
  return length;
}

static void
take_replies (Load *load, Peer *peer, const guint8 *data, gsize length)
{
  while (length > 0) {
    gsize n;

    if (peer->left > 0) {
      n = MIN (peer->left, length);
      peer->left -= n;
    } else {
      g_string_truncate (peer->head,
                         peer->head->len >= 4 && g_str_has_suffix (peer->head->str, "\r\n\r\n")
                             ? 0
                             : peer->head->len);
      n = take_head (load, peer, data, length);
      g_string_truncate (peer->head,
                         strstr (peer->head->str, "\r\n\r\n") != NULL ? 0 : peer->head->len);
      if (peer->head->len > 0)
        return;
    }
    data += n;
    length -= n;
    if (peer->left == 0)
      load_take_ack (load, peer);
  }
}

void
peer_receive (Load *load, Peer *peer, const guint8 *data, gsize length)
{
  if (peer->kind == PEER_HTTP) {
    take_replies (load, peer, data, length);
  } else {
    if (!peer->is_open) {
      gsize n = take_head (load, peer, data, length);

      data += n;
      length -= n;
    }
    skim_frames (load, peer, data, length);
  }
  peer_flush (peer);
}
