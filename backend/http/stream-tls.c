/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/stream-tls.h"

#include <string.h>

#define RECORD_BYTES (16 * 1024)

struct _GuicheTlsTransport {
  GIOStream *stream;
  GPollableInputStream *input;   /* (borrowed) */
  GPollableOutputStream *output; /* (borrowed) */
  GMainContext *context;
  GSource *reading; /* (nullable) */
  GSource *writing; /* (nullable) */
  GuicheTransportReady ready;
  gpointer user_data;
  /* A blocked record must be offered again unchanged (gnutls_record_send). */
  guint8 *record; /* (owned) (nullable) */
  gsize n_record;
};

GuicheTlsTransport *
guiche_tls_transport_new (GIOStream *stream)
{
  GuicheTlsTransport *self = g_new0 (GuicheTlsTransport, 1);

  self->stream = stream;
  self->input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream));
  self->output = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (stream));
  return self;
}

static void
drop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* The closing alert is written in the background: nobody waits for a peer that does not read. */
static void
close_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_io_stream_close_finish (G_IO_STREAM (object), result, NULL);
}

void
guiche_tls_transport_free (GuicheTlsTransport *self)
{
  drop_source (&self->reading);
  drop_source (&self->writing);
  g_io_stream_close_async (self->stream, G_PRIORITY_LOW, NULL, close_cb, NULL);
  g_object_unref (self->stream);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self->record);
  g_free (self);
}

static gssize
result_of (gssize n, const GError *error)
{
  if (n >= 0)
    return n;
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ? GUICHE_TRANSPORT_BLOCKED
                                                                     : GUICHE_TRANSPORT_BROKEN;
}

gssize
guiche_tls_transport_read (GuicheTlsTransport *self, void *buffer, gsize length)
{
  g_autoptr (GError) error = NULL;
  gssize n = g_pollable_input_stream_read_nonblocking (self->input, buffer, length, NULL, &error);

  return result_of (n, error);
}

static void
gather (GuicheTlsTransport *self, const struct iovec *vectors, guint n_vectors)
{
  if (self->record == NULL)
    self->record = g_malloc (RECORD_BYTES);
  for (guint i = 0; i < n_vectors && self->n_record < RECORD_BYTES; i++) {
    gsize n = MIN (vectors[i].iov_len, RECORD_BYTES - self->n_record);

    memcpy (self->record + self->n_record, vectors[i].iov_base, n);
    self->n_record += n;
  }
}

gssize
guiche_tls_transport_write (GuicheTlsTransport *self, const struct iovec *vectors, guint n_vectors)
{
  g_autoptr (GError) error = NULL;
  gssize n;

  if (self->n_record == 0)
    gather (self, vectors, n_vectors);
  n = g_pollable_output_stream_write_nonblocking (self->output, self->record, self->n_record, NULL,
                                                  &error);
  if (n < 0)
    return result_of (n, error);
  /* What is left of the record is gathered again from the caller's queue. */
  self->n_record = 0;
  g_clear_pointer (&self->record, g_free);
  return n;
}

static gboolean
on_stream_ready (GObject *stream, gpointer user_data)
{
  GuicheTlsTransport *self = user_data;

  self->ready (self->user_data);
  return G_SOURCE_CONTINUE;
}

static GSource *
attach (GuicheTlsTransport *self, GSource *source)
{
  g_source_set_callback (source, G_SOURCE_FUNC (on_stream_ready), self, NULL);
  g_source_attach (source, self->context);
  return source;
}

void
guiche_tls_transport_want_read (GuicheTlsTransport *self, gboolean wants_read)
{
  if (wants_read == (self->reading != NULL))
    return;
  if (wants_read)
    self->reading = attach (self, g_pollable_input_stream_create_source (self->input, NULL));
  else
    drop_source (&self->reading);
}

void
guiche_tls_transport_want_write (GuicheTlsTransport *self, gboolean wants_write)
{
  if (wants_write == (self->writing != NULL))
    return;
  if (wants_write)
    self->writing = attach (self, g_pollable_output_stream_create_source (self->output, NULL));
  else
    drop_source (&self->writing);
}

void
guiche_tls_transport_watch (GuicheTlsTransport *self,
                            GMainContext *context,
                            GuicheTransportReady ready,
                            gpointer user_data)
{
  self->context = g_main_context_ref (context);
  self->ready = ready;
  self->user_data = user_data;
  guiche_tls_transport_want_read (self, TRUE);
}
