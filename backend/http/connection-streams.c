/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/connection-private.h"

/* The two GIO streams libsoup sees; all work is done in connection-input.c and
 * connection-output.c. They keep no reference: the connection owns them. */

#define GUICHE_TYPE_CONNECTION_INPUT (guiche_connection_input_get_type ())
G_DECLARE_FINAL_TYPE (GuicheConnectionInput,
                      guiche_connection_input,
                      GUICHE,
                      CONNECTION_INPUT,
                      GInputStream)
#define GUICHE_TYPE_CONNECTION_OUTPUT (guiche_connection_output_get_type ())
G_DECLARE_FINAL_TYPE (GuicheConnectionOutput,
                      guiche_connection_output,
                      GUICHE,
                      CONNECTION_OUTPUT,
                      GOutputStream)

struct _GuicheConnectionInput {
  GInputStream parent_instance;
  GuicheConnection *connection; /* (nullable): cleared when it goes */
};

struct _GuicheConnectionOutput {
  GOutputStream parent_instance;
  GuicheConnection *connection; /* (nullable) */
};

/* A source without a descriptor: ready when the connection is. */
typedef struct {
  GSource parent;
  GObject *stream; /* (owned) */
  gboolean (*is_ready) (GObject *stream);
} ReadySource;

static gboolean
ready_prepare (GSource *source, int *timeout)
{
  ReadySource *self = (ReadySource *) source;

  *timeout = -1;
  return self->is_ready (self->stream);
}

static gboolean
ready_check (GSource *source)
{
  ReadySource *self = (ReadySource *) source;

  return self->is_ready (self->stream);
}

static gboolean
ready_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  ReadySource *self = (ReadySource *) source;

  return callback == NULL ||
         ((GPollableSourceFunc) (void (*) (void)) callback) (self->stream, user_data);
}

static void
ready_finalize (GSource *source)
{
  g_object_unref (((ReadySource *) source)->stream);
}

static gboolean
ready_closure_callback (GObject *stream, gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs ready_funcs = {
  .prepare = ready_prepare,
  .check = ready_check,
  .dispatch = ready_dispatch,
  .finalize = ready_finalize,
  .closure_callback = (GSourceFunc) (void (*) (void)) ready_closure_callback,
  .closure_marshal = (GSourceDummyMarshal) (void (*) (void)) g_cclosure_marshal_generic,
};

static GSource *
ready_source_new (gpointer stream, gboolean (*is_ready) (GObject *stream))
{
  GSource *source = g_source_new (&ready_funcs, sizeof (ReadySource));

  ((ReadySource *) source)->stream = g_object_ref (stream);
  ((ReadySource *) source)->is_ready = is_ready;
  return source;
}

/* --- input --- */
static gboolean
input_is_ready (GObject *stream)
{
  GuicheConnection *connection = GUICHE_CONNECTION_INPUT (stream)->connection;

  return connection == NULL || guiche_connection_input_ready (connection);
}

static gboolean
input_is_readable (GPollableInputStream *stream)
{
  return input_is_ready (G_OBJECT (stream));
}

static GSource *
input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  GuicheConnection *connection = GUICHE_CONNECTION_INPUT (stream)->connection;

  /* libsoup is about to wait: what it wrote goes out now, in one piece. */
  if (connection != NULL)
    guiche_connection_flush (connection);

  GSource *source = ready_source_new (stream, input_is_ready);
  if (connection != NULL && connection->tls != NULL) {
    GPollableInputStream *base =
        G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (connection->tls));
    g_autoptr (GSource) child = g_pollable_input_stream_create_source (base, NULL);
    g_source_set_dummy_callback (child);
    g_source_add_child_source (source, child);
  }
  return source;
}

static gssize
input_read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
  GuicheConnection *connection = GUICHE_CONNECTION_INPUT (stream)->connection;

  if (connection != NULL)
    return guiche_connection_read (connection, buffer, count, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "the connection is closed");
  return -1;
}

static gssize
input_read (GInputStream *stream,
            void *buffer,
            gsize count,
            GCancellable *cancellable,
            GError **error)
{
  return input_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer, count, error);
}

static void
input_pollable_init (GPollableInputStreamInterface *interface)
{
  interface->is_readable = input_is_readable;
  interface->create_source = input_create_source;
  interface->read_nonblocking = input_read_nonblocking;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (GuicheConnectionInput,
                               guiche_connection_input,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      input_pollable_init))

static void
guiche_connection_input_class_init (GuicheConnectionInputClass *class)
{
  G_INPUT_STREAM_CLASS (class)->read_fn = input_read;
}

static void
guiche_connection_input_init (GuicheConnectionInput *self)
{
}

/* --- output --- */
static gboolean
output_is_ready (GObject *stream)
{
  GuicheConnection *connection = GUICHE_CONNECTION_OUTPUT (stream)->connection;

  return connection == NULL || guiche_connection_output_ready (connection);
}

static gboolean
output_is_writable (GPollableOutputStream *stream)
{
  return output_is_ready (G_OBJECT (stream));
}

static GSource *
output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  return ready_source_new (stream, output_is_ready);
}

static gssize
output_write_nonblocking (GPollableOutputStream *stream,
                          const void *buffer,
                          gsize count,
                          GError **error)
{
  GuicheConnection *connection = GUICHE_CONNECTION_OUTPUT (stream)->connection;

  if (connection != NULL)
    return guiche_connection_write (connection, buffer, count, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "the connection is closed");
  return -1;
}

static gssize
output_write (GOutputStream *stream,
              const void *buffer,
              gsize count,
              GCancellable *cancellable,
              GError **error)
{
  return output_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (stream), buffer, count, error);
}

static void
output_pollable_init (GPollableOutputStreamInterface *interface)
{
  interface->is_writable = output_is_writable;
  interface->create_source = output_create_source;
  interface->write_nonblocking = output_write_nonblocking;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (GuicheConnectionOutput,
                               guiche_connection_output,
                               G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                      output_pollable_init))

static void
guiche_connection_output_class_init (GuicheConnectionOutputClass *class)
{
  G_OUTPUT_STREAM_CLASS (class)->write_fn = output_write;
}

static void
guiche_connection_output_init (GuicheConnectionOutput *self)
{
}

GInputStream *
guiche_connection_input_new (GuicheConnection *self)
{
  GuicheConnectionInput *input = g_object_new (GUICHE_TYPE_CONNECTION_INPUT, NULL);

  input->connection = self;
  return G_INPUT_STREAM (input);
}

GOutputStream *
guiche_connection_output_new (GuicheConnection *self)
{
  GuicheConnectionOutput *output = g_object_new (GUICHE_TYPE_CONNECTION_OUTPUT, NULL);

  output->connection = self;
  return G_OUTPUT_STREAM (output);
}

void
guiche_connection_streams_detach (GuicheConnection *self)
{
  GUICHE_CONNECTION_INPUT (self->input)->connection = NULL;
  GUICHE_CONNECTION_OUTPUT (self->output)->connection = NULL;
}
