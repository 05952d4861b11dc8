/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-bus"

#include "bus/bus-link.h"

#include "bus/bus-socket.h"

#include <string.h>

#define CONNECT_US (1000 * G_TIME_SPAN_MILLISECOND) /* greeting included */
#define ANSWER_US (700 * G_TIME_SPAN_MILLISECOND)   /* to a ping */
#define TICK_MS 200
/* Attempts are spread over at most so long: full jitter, doubling. */
#define FIRST_DELAY_MS 50
#define LONGEST_DELAY_MS 700
#define STEADY_US (2 * G_USEC_PER_SEC) /* who was ready so long is believed to be well */
#define REFUSED_DELAY_MS 5000          /* a wrong password does not become right in a moment */

/* An attempt to connect, which may outlive the link that made it. */
typedef struct {
  GuicheBusLink *link; /* valid until cancelled */
  GCancellable *cancellable;
} Attempt;

typedef struct {
  GuicheBusReplyFunc func; /* (nullable) */
  gpointer user_data;
} Pending;

struct _GuicheBusLink {
  const GuicheBusUrl *url;
  const char *purpose;
  const GuicheBusLinkEvents *events;
  gpointer user_data;
  GCancellable *connecting; /* (owned) (nullable) */
  GuicheBusSocket *socket;  /* (owned) (nullable) */
  GQueue pending;           /* (owned) (element-type Pending): unanswered, in order */
  gboolean is_ready;
  gboolean is_refused;  /* the last attempt: by Redis, not by the network */
  gboolean is_reported; /* that it is away has been said */
  guint n_failures;
  gint64 since_us;   /* monotonic: when the attempt began */
  gint64 pinged_us;  /* an unanswered ping was sent; 0: none */
  guint n_greetings; /* answers to come before it is ready */
  GSource *timer;    /* (owned) (nullable) */
};

static void connect_now (GuicheBusLink *self);
static void fail (GuicheBusLink *self, const char *why);

static void
set_timer (GuicheBusLink *self, guint ms, GSourceFunc func)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  self->timer = g_timeout_source_new (ms);
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static gboolean
on_delay_over (gpointer user_data)
{
  connect_now (user_data);
  return G_SOURCE_REMOVE;
}

/* Nobody will answer these. */
static void
give_up_pending (GuicheBusLink *self)
{
  GQueue pending = self->pending;

  g_queue_init (&self->pending);
  for (Pending *entry = g_queue_pop_head (&pending); entry != NULL;
       entry = g_queue_pop_head (&pending)) {
    if (entry->func != NULL)
      entry->func (NULL, entry->user_data);
    g_free (entry);
  }
}

static void
disconnect (GuicheBusLink *self)
{
  if (self->connecting != NULL)
    g_cancellable_cancel (self->connecting);
  g_clear_object (&self->connecting);
  g_clear_pointer (&self->socket, guiche_bus_socket_free);
  self->is_ready = FALSE;
  give_up_pending (self);
}

static guint
next_delay_ms (GuicheBusLink *self)
{
  guint most = FIRST_DELAY_MS << MIN (self->n_failures, 5);

  if (self->is_refused)
    return REFUSED_DELAY_MS / 2 + g_random_int_range (0, REFUSED_DELAY_MS / 2);
  return (guint) g_random_int_range (0, (gint32) MIN (most, LONGEST_DELAY_MS) + 1);
}

/* Ends the connection or the attempt, and tries again a little later. */
static void
fail (GuicheBusLink *self, const char *why)
{
  gboolean was_ready = self->is_ready;

  if (was_ready && g_get_monotonic_time () - self->since_us > STEADY_US) {
    self->n_failures = 0;
    self->is_reported = FALSE;
  }
  if (!self->is_reported)
    g_message ("Redis (%s) is away: %s", self->purpose, why);
  self->is_reported = TRUE;
  disconnect (self);
  set_timer (self, next_delay_ms (self), on_delay_over);
  self->n_failures++;
  if (was_ready)
    self->events->lost (self->user_data);
}

static void
ping (GuicheBusLink *self)
{
  static const char *words[] = { "PING" };
  static const gsize lengths[] = { 4 };

  self->pinged_us = g_get_monotonic_time ();
  if (guiche_bus_socket_has_room (self->socket, 32))
    guiche_bus_link_send (self, 1, words, lengths, NULL, NULL);
}

/* An answer may lie in the socket while this process was busy: it is read before it is missed. */
static gboolean
on_tick (gpointer user_data)
{
  GuicheBusLink *self = user_data;

  if (!self->is_ready) {
    if (g_get_monotonic_time () - self->since_us > CONNECT_US)
      fail (self, "no answer to the greeting");
    return G_SOURCE_CONTINUE;
  }
  guiche_bus_socket_read (self->socket);
  if (!self->is_ready)
    return G_SOURCE_CONTINUE;
  if (self->pinged_us == 0)
    ping (self);
  else if (g_get_monotonic_time () - self->pinged_us > ANSWER_US)
    fail (self, "no answer to a ping");
  return G_SOURCE_CONTINUE;
}

static gboolean
is_error (const redisReply *reply, const char *code)
{
  return reply->type == REDIS_REPLY_ERROR && g_str_has_prefix (reply->str, code);
}

/* Who may do little may not even set a name or ping: that is an answer like any other. */
static gboolean
take_greeting (GuicheBusLink *self, const redisReply *reply, const char **out_problem)
{
  if (reply->type == REDIS_REPLY_ERROR && !is_error (reply, "NOPERM")) {
    self->is_refused = !is_error (reply, "LOADING");
    *out_problem = self->is_refused ? "user, password or database refused" : "still loading";
    return FALSE;
  }
  if (--self->n_greetings > 0)
    return TRUE;
  g_debug ("Redis (%s) is there", self->purpose);
  self->is_ready = TRUE;
  self->is_refused = FALSE;
  self->pinged_us = 0;
  self->events->ready (self->user_data);
  return TRUE;
}

static gboolean
is_pong (const redisReply *reply)
{
  const redisReply *word = reply;

  if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 2)
    word = reply->element[0];
  return (word->type == REDIS_REPLY_STATUS || word->type == REDIS_REPLY_STRING) &&
         g_ascii_strcasecmp (word->str, "pong") == 0;
}

static gboolean
take_pushed (GuicheBusLink *self, const redisReply *reply, const char **out_problem)
{
  if (is_pong (reply) || (is_error (reply, "NOPERM") && strstr (reply->str, "'ping'") != NULL)) {
    self->pinged_us = 0;
    return TRUE;
  }
  if (self->events->pushed (reply, self->user_data))
    return TRUE;
  if (reply->type == REDIS_REPLY_ERROR)
    self->is_refused = TRUE;
  *out_problem = self->is_refused ? "subscribing is refused" : "an unexpected message";
  return FALSE;
}

static gboolean
on_reply (const redisReply *reply, gpointer user_data, const char **out_problem)
{
  GuicheBusLink *self = user_data;
  Pending *entry;

  if (self->n_greetings > 0)
    return take_greeting (self, reply, out_problem);
  if (self->events->pushed != NULL)
    return take_pushed (self, reply, out_problem);
  entry = g_queue_pop_head (&self->pending);
  if (entry == NULL) {
    *out_problem = "an answer to nothing";
    return FALSE;
  }
  self->pinged_us = 0;
  if (entry->func != NULL)
    entry->func (reply, entry->user_data);
  g_free (entry);
  return TRUE;
}

static void
on_failed (const char *why, gpointer user_data)
{
  fail (user_data, why);
}

static void
append (GuicheBusLink *self, const char *first, const char *second, const char *third)
{
  const char *words[3] = { first, second, third };
  int n_words = third != NULL ? 3 : second != NULL ? 2 : 1;
  gsize lengths[3];

  for (int i = 0; i < n_words; i++)
    lengths[i] = strlen (words[i]);
  guiche_bus_socket_append (self->socket, n_words, words, lengths);
  self->n_greetings++;
}

static void
greet (GuicheBusLink *self)
{
  g_autofree char *database = g_strdup_printf ("%u", self->url->database);

  self->n_greetings = 0;
  if (self->url->password != NULL && self->url->user != NULL)
    append (self, "AUTH", self->url->user, self->url->password);
  else if (self->url->password != NULL)
    append (self, "AUTH", self->url->password, NULL);
  if (self->url->database != 0)
    append (self, "SELECT", database, NULL);
  append (self, "CLIENT", "SETNAME", self->purpose);
  append (self, "PING", NULL, NULL);
}

static void
attempt_free (Attempt *attempt)
{
  g_object_unref (attempt->cancellable);
  g_free (attempt);
}

static void
connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  static const GuicheBusSocketEvents events = { on_reply, on_failed };
  g_autoptr (GError) error = NULL;
  Attempt *attempt = user_data;
  GSocketConnection *connection =
      g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

  if (g_cancellable_is_cancelled (attempt->cancellable)) {
    g_clear_object (&connection);
  } else if (connection == NULL) {
    attempt->link->is_refused = FALSE;
    fail (attempt->link, error->message);
  } else {
    g_clear_object (&attempt->link->connecting);
    attempt->link->socket = guiche_bus_socket_new (connection, &events, attempt->link);
    greet (attempt->link);
  }
  attempt_free (attempt);
}

static void
connect_now (GuicheBusLink *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  Attempt *attempt = g_new (Attempt, 1);

  g_socket_client_set_enable_proxy (client, FALSE);
  self->connecting = g_cancellable_new ();
  self->since_us = g_get_monotonic_time ();
  *attempt = (Attempt){ self, g_object_ref (self->connecting) };
  g_socket_client_connect_async (client, self->url->address, self->connecting, connect_cb, attempt);
  set_timer (self, TICK_MS, on_tick);
}

GuicheBusLink *
guiche_bus_link_new (const GuicheBusUrl *url,
                     const char *purpose,
                     const GuicheBusLinkEvents *events,
                     gpointer user_data)
{
  GuicheBusLink *self = g_new0 (GuicheBusLink, 1);

  self->url = url;
  self->purpose = purpose;
  self->events = events;
  self->user_data = user_data;
  connect_now (self);
  return self;
}

void
guiche_bus_link_free (GuicheBusLink *self)
{
  disconnect (self);
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_free (self);
}

gboolean
guiche_bus_link_is_ready (GuicheBusLink *self)
{
  return self->is_ready;
}

gboolean
guiche_bus_link_has_room (GuicheBusLink *self, gsize n_bytes)
{
  return self->is_ready && guiche_bus_socket_has_room (self->socket, n_bytes);
}

void
guiche_bus_link_send (GuicheBusLink *self,
                      int n_words,
                      const char **words,
                      const gsize *lengths,
                      GuicheBusReplyFunc func,
                      gpointer user_data)
{
  guiche_bus_socket_append (self->socket, n_words, words, lengths);
  if (self->events->pushed != NULL)
    return;

  Pending *entry = g_new (Pending, 1);
  *entry = (Pending){ func, user_data };
  g_queue_push_tail (&self->pending, entry);
}
