/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "http/range.h"
#include "http/server-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK (128 * 1024)

/* A file on its way out: one piece is read on a worker when libsoup has taken the last, so
 * that a client who does not read holds one piece, not the file. */
typedef struct _GuicheSendFile {
  grefcount refs;
  GuicheExchange *exchange; /* (nullable): gone */
  int fd;
  gint64 position;
  gint64 left;
  guint8 *piece; /* (owned) (nullable) */
  gssize piece_length;
  gboolean is_reading;
} GuicheSendFile;

static void
unref (GuicheSendFile *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  close (self->fd);
  g_free (self->piece);
  g_free (self);
}

/* (thread worker) */
static void
read_piece (gpointer data, gpointer user_data)
{
  GuicheSendFile *self = data;

  self->piece = g_malloc (MIN (self->left, CHUNK));
  do
    self->piece_length = pread (self->fd, self->piece, MIN (self->left, CHUNK), self->position);
  while (self->piece_length < 0 && errno == EINTR);
}

static void
on_piece (gpointer data, gpointer user_data)
{
  GuicheSendFile *self = data;
  GuicheExchange *exchange = self->exchange;

  self->is_reading = FALSE;
  if (exchange != NULL && self->piece_length > 0) {
    SoupMessageBody *body = soup_server_message_get_response_body (exchange->message);
    soup_message_body_append (body, SOUP_MEMORY_TAKE, g_steal_pointer (&self->piece),
                              self->piece_length);
    self->position += self->piece_length;
    self->left -= self->piece_length;
    if (self->left == 0)
      soup_message_body_complete (body);
    soup_server_message_unpause (exchange->message);
  } else if (exchange != NULL) {
    /* Shorter than it was: the length is promised, so only closing is honest. */
    guiche_connection_abort (exchange->peer->connection);
    soup_server_message_unpause (exchange->message);
  }
  unref (self);
}

static void
read_next (GuicheSendFile *self)
{
  if (self->is_reading || self->left == 0)
    return;
  self->is_reading = TRUE;
  g_ref_count_inc (&self->refs);
  guiche_workers_push (self->exchange->server->file_workers, read_piece, on_piece, self, NULL);
}

static void
on_wrote_chunk (SoupServerMessage *message, gpointer user_data)
{
  read_next (user_data);
}

static gboolean
fail (GError **error, int code, const char *why)
{
  g_set_error_literal (error, GUICHE_ERROR, code, why);
  return FALSE;
}

static int
open_file (const char *path, gint64 *out_size, GError **error)
{
  struct stat info;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  if (fd < 0 || fstat (fd, &info) != 0 || !S_ISREG (info.st_mode)) {
    gboolean is_exhausted = fd < 0 && (errno == EMFILE || errno == ENFILE);
    fail (error, is_exhausted ? GUICHE_ERROR_UNAVAILABLE : GUICHE_ERROR_NOT_FOUND,
          "the file cannot be opened");
    if (fd >= 0)
      close (fd);
    return -1;
  }
  *out_size = info.st_size;
  return fd;
}

static void
set_disposition (GuicheExchange *exchange, SoupMessageHeaders *headers)
{
  static const char *const shown[] = { "image/", "audio/", "video/mp4" };
  const char *how = "attachment";

  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
    if (g_str_has_prefix (exchange->reply.type, shown[i]) &&
        strstr (exchange->reply.type, "svg") == NULL)
      how = "inline";
  if (exchange->reply.file_name == NULL) {
    soup_message_headers_append (headers, "Content-Disposition", how);
    return;
  }
  g_autofree char *name = g_uri_escape_string (exchange->reply.file_name, NULL, FALSE);
  g_autofree char *value = g_strdup_printf ("%s; filename*=UTF-8''%s", how, name);
  soup_message_headers_append (headers, "Content-Disposition", value);
}

static gboolean
set_range (GuicheExchange *exchange,
           SoupMessageHeaders *headers,
           gint64 size,
           GuicheRange *range,
           GError **error)
{
  gsize length, if_range_length;
  const char *text =
      guiche_connection_header (exchange->peer->connection, GUICHE_HEADER_RANGE, &length);
  const char *if_range = guiche_connection_header (exchange->peer->connection,
                                                   GUICHE_HEADER_IF_RANGE, &if_range_length);
  g_autofree char *value = NULL;

  /* No validator is given out, so that one sent back cannot match: the whole file. */
  switch (text != NULL && if_range == NULL ? guiche_range_parse (text, length, size, range)
                                           : GUICHE_RANGE_NONE) {
  case GUICHE_RANGE_ONE:
    value = g_strdup_printf ("bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                             range->start, range->start + range->length - 1, size);
    soup_message_headers_append (headers, "Content-Range", value);
    guiche_exchange_set_head (exchange, 206, exchange->reply.type);
    return TRUE;
  case GUICHE_RANGE_OUTSIDE:
    value = g_strdup_printf ("bytes */%" G_GINT64_FORMAT, size);
    soup_message_headers_append (headers, "Content-Range", value);
    return fail (error, GUICHE_ERROR_RANGE_NOT_SATISFIABLE, "the file ends before that");
  case GUICHE_RANGE_NONE:
  default:
    *range = (GuicheRange){ 0, size };
    guiche_exchange_set_head (exchange, exchange->reply.status, exchange->reply.type);
    return TRUE;
  }
}

static void
start (GuicheExchange *exchange, int fd, const GuicheRange *range)
{
  SoupMessageBody *body = soup_server_message_get_response_body (exchange->message);

  if (range->length == 0 || guiche_exchange_is_method (exchange, "HEAD")) {
    close (fd);
    soup_message_body_complete (body);
    return;
  }
  GuicheSendFile *self = g_new0 (GuicheSendFile, 1);
  g_ref_count_init (&self->refs);
  self->exchange = exchange;
  self->fd = fd;
  self->position = range->start;
  self->left = range->length;
  exchange->sending = self;
  soup_message_body_set_accumulate (body, FALSE);
  g_signal_connect (exchange->message, "wrote-chunk", G_CALLBACK (on_wrote_chunk), self);
  read_next (self);
}

gboolean
guiche_send_file_begin (GuicheExchange *exchange, GError **error)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (exchange->message);
  GuicheRange range;
  gint64 size;
  int fd = open_file (exchange->reply.file_path, &size, error);

  if (fd < 0)
    return FALSE;
  if (!set_range (exchange, headers, size, &range, error)) {
    close (fd);
    return FALSE;
  }
  set_disposition (exchange, headers);
  soup_message_headers_append (headers, "Accept-Ranges", "bytes");
  soup_message_headers_append (headers, "Cache-Control", "private, max-age=86400, immutable");
  soup_message_headers_append (headers, "Content-Security-Policy", "default-src 'none'; sandbox");
  soup_message_headers_set_content_length (headers, range.length);
  start (exchange, fd, &range);
  return TRUE;
}

void
guiche_send_file_stop (GuicheExchange *exchange)
{
  GuicheSendFile *self = exchange->sending;

  if (self == NULL)
    return;
  exchange->sending = NULL;
  self->exchange = NULL;
  g_signal_handlers_disconnect_by_data (exchange->message, self);
  unref (self);
}
