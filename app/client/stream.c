/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "base/json.h"
#include "client/stream-private.h"

#include <string.h>

/* The server's bound for one frame; libsoup must never be told 0 (unlimited: reads out of bounds).
 */
#define MAX_FRAME_BYTES ((guint64) 512 * 1024)
#define FIRST_BACK_OFF_MS 500
#define LAST_BACK_OFF_MS 30000
#define MOVE_MS 1500 /* what going on at another node takes at most, as a rule */
#define PING_MS 20000
#define SILENCE_US (50 * G_USEC_PER_SEC)
#define CLOSE_SNAPSHOT_REQUIRED 4409
#define CLOSE_TOKEN_EXPIRED 4401

G_DEFINE_FINAL_TYPE (GuicheStream, guiche_stream, G_TYPE_OBJECT)

enum {
  SIGNAL_STATE_CHANGED,
  SIGNAL_EVENT,
  SIGNAL_OP,
  SIGNAL_SNAPSHOT_REQUIRED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
guiche_stream_set_state (GuicheStream *self, GuicheStreamState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}

static gboolean
on_retry (gpointer user_data)
{
  GuicheStream *self = user_data;

  self->retry_timer = 0;
  guiche_stream_connect_now (self);
  return G_SOURCE_REMOVE;
}

/* Full jitter: any moment up to the bound, so that thousands who lost one server do not return
 * together. */
static void
retry_later (GuicheStream *self, guint at_most_ms)
{
  if (!self->is_wanted || self->retry_timer != 0)
    return;
  self->retry_timer = g_timeout_add (
      (guint) g_random_int_range (0, (gint32) MAX (at_most_ms, 1)) + 1, on_retry, self);
}

static void
drop_connection (GuicheStream *self)
{
  g_clear_handle_id (&self->ping_timer, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->message);
  if (self->connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->connection, self);
  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  g_clear_object (&self->connection);
}

void
guiche_stream_go_down (GuicheStream *self, const char *problem)
{
  drop_connection (self);
  g_free (self->problem);
  self->problem = g_strdup (problem);
  guiche_stream_set_state (self, GUICHE_STREAM_DOWN);
  retry_later (self, self->back_off_ms);
  self->back_off_ms = MIN (self->back_off_ms * 2, LAST_BACK_OFF_MS);
}

void
guiche_stream_require_snapshot (GuicheStream *self)
{
  drop_connection (self);
  self->is_wanted = FALSE;
  guiche_stream_set_state (self, GUICHE_STREAM_DOWN);
  g_signal_emit (self, signals[SIGNAL_SNAPSHOT_REQUIRED], 0);
}

static gboolean
on_move_over (gpointer user_data)
{
  GuicheStream *self = user_data;

  self->move_timer = 0;
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* This node ends. What it has not answered is sent again elsewhere. */
static void
move (GuicheStream *self, JsonObject *hint)
{
  gint64 after_ms = 0;

  guiche_json_get_int (hint, "after_ms", FALSE, &after_ms, NULL);
  after_ms = CLAMP (after_ms, 0, LAST_BACK_OFF_MS);
  drop_connection (self);
  g_clear_pointer (&self->problem, g_free);
  self->back_off_ms = FIRST_BACK_OFF_MS;
  g_clear_handle_id (&self->move_timer, g_source_remove);
  self->move_timer = g_timeout_add ((guint) after_ms + MOVE_MS, on_move_over, self);
  g_clear_handle_id (&self->retry_timer, g_source_remove);
  self->retry_timer = g_timeout_add ((guint) after_ms, on_retry, self);
  guiche_stream_set_state (self, GUICHE_STREAM_DOWN);
}

static void
on_op (GuicheStream *self, JsonObject *object, const char *op)
{
  if (strcmp (op, "ready") == 0) {
    self->back_off_ms = FIRST_BACK_OFF_MS;
    g_clear_pointer (&self->problem, g_free);
    g_signal_emit (self, signals[SIGNAL_OP], 0, object);
    guiche_stream_set_state (self, GUICHE_STREAM_LIVE);
  } else if (strcmp (op, "snapshot_required") == 0) {
    guiche_stream_require_snapshot (self);
  } else if (strcmp (op, "reconnect") == 0) {
    move (self, object);
  } else {
    g_signal_emit (self, signals[SIGNAL_OP], 0, object);
  }
}

/* Events begin with their seq and are many: they are not parsed on this thread. */
static gboolean
is_event (const char *text, gsize length)
{
  static const char start[] = "{\"seq\":";

  return length > sizeof start && memcmp (text, start, sizeof start - 1) == 0;
}

static void
on_message (SoupWebsocketConnection *connection, int type, GBytes *bytes, GuicheStream *self)
{
  g_autoptr (GuicheStream) held = g_object_ref (self);
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr (JsonNode) node = NULL;
  const char *op = NULL;

  self->heard_at = g_get_monotonic_time ();
  if (type != SOUP_WEBSOCKET_DATA_TEXT)
    return;
  if (is_event (text, length)) {
    g_signal_emit (self, signals[SIGNAL_EVENT], 0, bytes);
    return;
  }
  node = guiche_json_parse_object (text, length, MAX_FRAME_BYTES, NULL);
  if (node == NULL)
    return;
  if (guiche_json_get_string (json_node_get_object (node), "op", TRUE, &op, NULL))
    on_op (self, json_node_get_object (node), op);
  else if (json_object_has_member (json_node_get_object (node), "seq"))
    g_signal_emit (self, signals[SIGNAL_EVENT], 0, bytes);
}

static void
on_pong (SoupWebsocketConnection *connection, GBytes *bytes, GuicheStream *self)
{
  self->heard_at = g_get_monotonic_time ();
}

static void
on_closed (SoupWebsocketConnection *connection, GuicheStream *self)
{
  g_autoptr (GuicheStream) held = g_object_ref (self);
  gushort code = soup_websocket_connection_get_close_code (connection);

  if (code == CLOSE_SNAPSHOT_REQUIRED) {
    guiche_stream_require_snapshot (self);
    return;
  }
  guiche_stream_go_down (self, "the connection ended");
  if (code == CLOSE_TOKEN_EXPIRED)
    guiche_stream_refresh_token (self);
}

static gboolean
on_ping (gpointer user_data)
{
  GuicheStream *self = user_data;

  if (g_get_monotonic_time () - self->heard_at > SILENCE_US) {
    self->ping_timer = 0;
    guiche_stream_go_down (self, "the server does not answer");
    return G_SOURCE_REMOVE;
  }
  guiche_stream_send (self, "{\"op\":\"ping\",\"ref\":\"p\"}");
  return G_SOURCE_CONTINUE;
}

void
guiche_stream_adopt (GuicheStream *self, SoupWebsocketConnection *connection)
{
  self->connection = connection;
  self->heard_at = g_get_monotonic_time ();
  soup_websocket_connection_set_max_incoming_payload_size (connection, MAX_FRAME_BYTES);
  g_signal_connect (connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect (connection, "pong", G_CALLBACK (on_pong), self);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);
  self->ping_timer = g_timeout_add (PING_MS, on_ping, self);
  guiche_stream_set_state (self, GUICHE_STREAM_REPLAYING);
}

static void
on_network_changed (GNetworkMonitor *monitor, gboolean is_available, GuicheStream *self)
{
  if (is_available)
    guiche_stream_retry_now (self);
}

static void
on_moved (GuicheSession *session, GuicheStream *self)
{
  guiche_stream_retry_now (self);
}

static void
guiche_stream_dispose (GObject *object)
{
  GuicheStream *self = GUICHE_STREAM (object);

  self->is_wanted = FALSE;
  drop_connection (self);
  g_clear_handle_id (&self->retry_timer, g_source_remove);
  g_clear_handle_id (&self->move_timer, g_source_remove);
  g_clear_object (&self->monitor);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (guiche_stream_parent_class)->dispose (object);
}

static void
guiche_stream_finalize (GObject *object)
{
  g_free (GUICHE_STREAM (object)->problem);
  G_OBJECT_CLASS (guiche_stream_parent_class)->finalize (object);
}

static void
guiche_stream_class_init (GuicheStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = guiche_stream_dispose;
  object_class->finalize = guiche_stream_finalize;
  signals[SIGNAL_STATE_CHANGED] = g_signal_new (
      "state-changed", GUICHE_TYPE_STREAM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_EVENT] = g_signal_new ("event", GUICHE_TYPE_STREAM, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[SIGNAL_OP] = g_signal_new ("op", GUICHE_TYPE_STREAM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 1, JSON_TYPE_OBJECT);
  signals[SIGNAL_SNAPSHOT_REQUIRED] =
      g_signal_new ("snapshot-required", GUICHE_TYPE_STREAM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 0);
}

static void
guiche_stream_init (GuicheStream *self)
{
  self->back_off_ms = FIRST_BACK_OFF_MS;
  self->monitor = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect_object (self->monitor, "network-changed", G_CALLBACK (on_network_changed), self,
                           0);
}

GuicheStream *
guiche_stream_new (GuicheSession *session)
{
  GuicheStream *self = g_object_new (GUICHE_TYPE_STREAM, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "moved", G_CALLBACK (on_moved), self, 0);
  return self;
}

void
guiche_stream_set_since (GuicheStream *self, GuicheStreamSince since, gpointer user_data)
{
  self->since = since;
  self->since_data = user_data;
}

void
guiche_stream_start (GuicheStream *self)
{
  self->is_wanted = TRUE;
  guiche_stream_connect_now (self);
}

void
guiche_stream_stop (GuicheStream *self)
{
  self->is_wanted = FALSE;
  g_clear_handle_id (&self->retry_timer, g_source_remove);
  g_clear_handle_id (&self->move_timer, g_source_remove);
  drop_connection (self);
  guiche_stream_set_state (self, GUICHE_STREAM_DOWN);
}

void
guiche_stream_retry_now (GuicheStream *self)
{
  self->back_off_ms = FIRST_BACK_OFF_MS;
  guiche_stream_connect_now (self);
}

GuicheStreamState
guiche_stream_get_state (GuicheStream *self)
{
  return self->state;
}

gboolean
guiche_stream_is_moving (GuicheStream *self)
{
  return self->move_timer != 0;
}

const char *
guiche_stream_get_problem (GuicheStream *self)
{
  return self->problem;
}

gboolean
guiche_stream_send (GuicheStream *self, const char *text)
{
  if (self->connection == NULL ||
      soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return FALSE;
  soup_websocket_connection_send_text (self->connection, text);
  return TRUE;
}
