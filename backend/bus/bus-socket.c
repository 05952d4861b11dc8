/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/bus-socket.h"

#include "bus/bus-frame.h"
#include "bus/bus.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#define MOST_OUTPUT (256 * 1024)
#define MOST_INPUT (4 * GUICHE_BUS_MAX_BYTES) /* of one incomplete reply */
#define MAX_ELEMENTS 16                       /* of one array */
#define READ_BYTES (16 * 1024)
#define READS_A_TURN 8 /* then others have a turn */

#if HIREDIS_MAJOR >= 1
typedef size_t Count;
#else
typedef int Count;
#endif

typedef struct {
  GSource parent;
  GuicheBusSocket *socket;
} Source;

struct _GuicheBusSocket {
  GSocketConnection *connection; /* (owned) */
  GSocket *socket;
  GSource *source; /* (owned) */
  gpointer tag;
  GByteArray *output; /* (owned) */
  gboolean is_blocked;
  redisReader *reader;                 /* (owned) */
  redisReplyObjectFunctions functions; /* hiredis' own but for arrays */
  void *(*create_array) (const redisReadTask *task, Count n_elements);
  const GuicheBusSocketEvents *events;
  gpointer user_data;
};

/* Redis says how long an array is before it comes; memory is taken for few only. */
static void *
create_array (const redisReadTask *task, Count n_elements)
{
  GuicheBusSocket *self = task->privdata;

  return n_elements <= MAX_ELEMENTS ? self->create_array (task, n_elements) : NULL;
}

static gboolean
prepare (GSource *source, int *timeout_ms)
{
  GuicheBusSocket *self = ((Source *) source)->socket;

  *timeout_ms = -1;
  return self->output->len > 0 && !self->is_blocked;
}

static gboolean
check (GSource *source)
{
  int timeout_ms;

  return prepare (source, &timeout_ms) ||
         g_source_query_unix_fd (source, ((Source *) source)->socket->tag) != 0;
}

static void
expect (GuicheBusSocket *self, gboolean is_blocked)
{
  if (self->is_blocked == is_blocked)
    return;
  self->is_blocked = is_blocked;
  g_source_modify_unix_fd (self->source, self->tag, is_blocked ? G_IO_IN | G_IO_OUT : G_IO_IN);
}

/* FALSE: failed. */
static gboolean
flush (GuicheBusSocket *self)
{
  g_autoptr (GError) error = NULL;
  gssize n;

  if (self->output->len == 0)
    return TRUE;
  n = g_socket_send (self->socket, (const char *) self->output->data, self->output->len, NULL,
                     &error);
  if (n < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    self->events->failed (error->message, self->user_data);
    return FALSE;
  }
  if (n > 0)
    g_byte_array_remove_range (self->output, 0, (guint) n);
  expect (self, self->output->len > 0);
  return TRUE;
}

/* Hands over every whole reply. (nullable): what is wrong with them. */
static const char *
take_replies (GuicheBusSocket *self)
{
  const char *problem = NULL;
  void *reply = NULL;

  while (redisReaderGetReply (self->reader, &reply) == REDIS_OK && reply != NULL) {
    gboolean is_good = self->events->reply (reply, self->user_data, &problem);

    freeReplyObject (reply);
    reply = NULL;
    if (!is_good)
      return problem;
  }
  if (self->reader->err != 0)
    return "not Redis' protocol";
  return self->reader->len - self->reader->pos > MOST_INPUT ? "a reply is too large" : NULL;
}

/* One piece of what has arrived. FALSE: there is no more now, or it failed. */
static gboolean
read_piece (GuicheBusSocket *self)
{
  g_autoptr (GError) error = NULL;
  char buffer[READ_BYTES];
  const char *problem = NULL;
  gssize n = g_socket_receive (self->socket, buffer, sizeof buffer, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return FALSE;
  if (n < 0)
    problem = error->message;
  else if (n == 0)
    problem = "closed by Redis";
  else if (redisReaderFeed (self->reader, buffer, (size_t) n) != REDIS_OK)
    problem = "out of memory";
  else
    problem = take_replies (self);
  if (problem == NULL)
    return n == sizeof buffer;
  self->events->failed (problem, self->user_data);
  return FALSE;
}

void
guiche_bus_socket_read (GuicheBusSocket *self)
{
  for (int i = 0; i < READS_A_TURN && read_piece (self); i++) {
  }
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  GuicheBusSocket *self = ((Source *) source)->socket;
  GIOCondition condition = g_source_query_unix_fd (source, self->tag);

  if (!flush (self))
    return G_SOURCE_REMOVE;
  if ((condition & ~G_IO_OUT) != 0)
    guiche_bus_socket_read (self);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { prepare, check, dispatch, NULL, NULL, NULL };

GuicheBusSocket *
guiche_bus_socket_new (GSocketConnection *connection,
                       const GuicheBusSocketEvents *events,
                       gpointer user_data)
{
  GuicheBusSocket *self = g_new0 (GuicheBusSocket, 1);

  self->connection = connection;
  self->socket = g_socket_connection_get_socket (connection);
  self->events = events;
  self->user_data = user_data;
  self->output = g_byte_array_new ();
  self->reader = redisReaderCreate ();
  self->functions = *self->reader->fn;
  self->create_array = self->functions.createArray;
  self->functions.createArray = create_array;
  self->reader->fn = &self->functions;
  self->reader->privdata = self;
  g_socket_set_blocking (self->socket, FALSE);
  if (g_socket_get_family (self->socket) != G_SOCKET_FAMILY_UNIX)
    g_socket_set_option (self->socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  self->source = g_source_new (&source_funcs, sizeof (Source));
  ((Source *) self->source)->socket = self;
  self->tag = g_source_add_unix_fd (self->source, g_socket_get_fd (self->socket), G_IO_IN);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  return self;
}

void
guiche_bus_socket_free (GuicheBusSocket *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_socket_close (self->socket, NULL);
  g_object_unref (self->connection);
  redisReaderFree (self->reader);
  g_byte_array_unref (self->output);
  g_free (self);
}

gboolean
guiche_bus_socket_has_room (GuicheBusSocket *self, gsize n_bytes)
{
  return self->output->len + n_bytes <= MOST_OUTPUT;
}

void
guiche_bus_socket_append (GuicheBusSocket *self,
                          int n_words,
                          const char **words,
                          const gsize *lengths)
{
  char *text = NULL;
  int length = redisFormatCommandArgv (&text, n_words, words, lengths);

  if (length < 0)
    g_error ("out of memory");
  g_byte_array_append (self->output, (const guint8 *) text, (guint) length);
  redisFreeCommand (text);
}
