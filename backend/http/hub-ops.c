/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-hub"

#include "http/hub-private.h"

#include <string.h>

/* Tokens a second, with twice that at once. */
#define EPHEMERAL_RATE 50.0f
#define DURABLE_RATE 20.0f
#define REF_MAX 64

void
guiche_hub_refill_ops (GuicheStream *stream, float elapsed_s)
{
  stream->ephemeral_tokens =
      MIN (2 * EPHEMERAL_RATE, stream->ephemeral_tokens + elapsed_s * EPHEMERAL_RATE);
  stream->durable_tokens =
      MIN (2 * DURABLE_RATE, stream->durable_tokens + elapsed_s * DURABLE_RATE);
}

static gboolean
take_token (GuicheStream *stream, float *tokens, GError **error)
{
  if (!stream->tenant->hub->has_limits || *tokens >= 1.0f) {
    *tokens -= 1.0f;
    return TRUE;
  }
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_RATE_LIMITED, "too many on one stream");
  if (error != NULL)
    guiche_error_set_detail_int (*error, "retry_after_s", 1);
  return FALSE;
}

/* What the client calls this operation: a short text or an integer; anything else is none. */
void
guiche_hub_write_ref (GuicheJsonWriter *writer, JsonObject *request)
{
  JsonNode *ref = request == NULL ? NULL : json_object_get_member (request, "ref");
  GType type =
      ref == NULL || !JSON_NODE_HOLDS_VALUE (ref) ? G_TYPE_INVALID : json_node_get_value_type (ref);

  guiche_json_writer_name (writer, "ref");
  if (type == G_TYPE_STRING && strlen (json_node_get_string (ref)) <= REF_MAX)
    guiche_json_writer_string (writer, json_node_get_string (ref));
  else if (type == G_TYPE_INT64)
    guiche_json_writer_int (writer, json_node_get_int (ref));
  else
    guiche_json_writer_null (writer);
}

void
guiche_hub_send_json (GuicheStream *stream, GuicheJsonWriter *writer, GuicheUrgency urgency)
{
  gsize length;
  const char *text = guiche_json_writer_peek (writer, &length);

  guiche_stream_send_text (stream, text, length, urgency);
}

void
guiche_hub_send_error (GuicheStream *stream, JsonObject *request, const GError *error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  g_autofree char *json = guiche_error_to_json (error);
  gsize length = strlen (json);

  if (!guiche_stream_is_open (stream))
    return;
  stream->tenant->hub->stats.ops_refused++;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "op", "error");
  guiche_hub_write_ref (writer, request);
  /* json is {"error":{…}}: its inside is the member's value. */
  guiche_json_writer_member_raw (writer, "error", json + strlen ("{\"error\":"),
                                 (gssize) (length - strlen ("{\"error\":}")));
  guiche_json_writer_end_object (writer);
  guiche_hub_send_json (stream, writer, GUICHE_URGENCY_ANSWER);
}

static gboolean
handle_seen (GuicheStream *stream, JsonObject *request, GError **error)
{
  gint64 seq = 0;

  if (!guiche_json_get_int (request, "seq", TRUE, &seq, error))
    return FALSE;
  guiche_hub_replay_acknowledged (stream, seq);
  return TRUE;
}

static gboolean
handle_ping (GuicheStream *stream, JsonObject *request, GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "op", "pong");
  guiche_hub_write_ref (writer, request);
  guiche_json_writer_end_object (writer);
  guiche_hub_send_json (stream, writer, GUICHE_URGENCY_INSTANT);
  return TRUE;
}

/* What is answered at once, on the main loop. */
static const struct {
  const char *op;
  GuicheRole role;
  gboolean is_free; /* of the ephemeral rate: the frame rate bounds it */
  gboolean (*handle) (GuicheStream *stream, JsonObject *request, GError **error);
} ephemeral_ops[] = {
  { "seen", GUICHE_ROLE_VISITOR, TRUE, handle_seen },
  { "ping", GUICHE_ROLE_VISITOR, FALSE, handle_ping },
  { "typing", GUICHE_ROLE_VISITOR, FALSE, guiche_hub_handle_typing },
  { "viewing", GUICHE_ROLE_AGENT, FALSE, guiche_hub_handle_viewing },
  { "presence", GUICHE_ROLE_AGENT, FALSE, guiche_hub_handle_presence },
};

static gboolean
check_role (GuicheStream *stream, GuicheRole role, GError **error)
{
  if (stream->group->viewer->role >= role)
    return TRUE;
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN, "not for this role");
  return FALSE;
}

static gboolean
run_durable (GuicheStream *stream, const GuicheHubOp *op, JsonNode *request, GError **error)
{
  if (!check_role (stream, op->row->role, error) ||
      !take_token (stream, &stream->durable_tokens, error))
    return FALSE;
  if (stream->tenant->hub->is_shutting_down) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE, "shutting down");
    return FALSE;
  }
  return guiche_hub_run_durable (stream, op, request, error);
}

/* Runs or queues what @request asks for; FALSE: refused. */
static gboolean
run_op (GuicheStream *stream, JsonNode *node, GError **error)
{
  GuicheHub *hub = stream->tenant->hub;
  JsonObject *request = json_node_get_object (node);
  const char *name = NULL;
  const GuicheHubOp *durable;

  if (!guiche_json_get_string (request, "op", TRUE, &name, error))
    return FALSE;
  durable = g_hash_table_lookup (hub->ops, name);
  if (durable != NULL)
    return run_durable (stream, durable, node, error);
  for (guint i = 0; i < G_N_ELEMENTS (ephemeral_ops); i++) {
    if (strcmp (ephemeral_ops[i].op, name) != 0)
      continue;
    hub->stats.ops_ephemeral++;
    return check_role (stream, ephemeral_ops[i].role, error) &&
           (ephemeral_ops[i].is_free || take_token (stream, &stream->ephemeral_tokens, error)) &&
           ephemeral_ops[i].handle (stream, request, error);
  }
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, "unknown operation");
  if (error != NULL)
    guiche_error_set_detail (*error, "field", "op");
  return FALSE;
}

static void
handle_json (GuicheStream *stream, const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
                 guiche_json_parse_object (text, length, GUICHE_JSON_MAX_BYTES, &error);

  if (node == NULL || !run_op (stream, node, &error))
    guiche_hub_send_error (stream, node == NULL ? NULL : json_node_get_object (node), error);
}

/* The frame that comes most, exactly as our clients write it: `{"op":"seen","seq":7}`. Whatever
 * differs goes through the door like everything else. */
static gboolean
is_plain_seen (const char *text, gsize length, gint64 *out_seq)
{
  static const char head[] = "{\"op\":\"seen\",\"seq\":";
  gsize at = strlen (head);
  gint64 seq = 0;

  if (length < at + 2 || length > at + 16 || memcmp (text, head, at) != 0 || text[at] == '0')
    return FALSE;
  for (; at < length - 1; at++) {
    if (!g_ascii_isdigit (text[at]))
      return FALSE;
    seq = seq * 10 + (text[at] - '0');
  }
  *out_seq = seq;
  return text[at] == '}';
}

void
guiche_hub_handle_text (GuicheStream *stream, const char *text, gsize length)
{
  gint64 seq;

  if (is_plain_seen (text, length, &seq)) {
    guiche_hub_replay_acknowledged (stream, seq);
    return;
  }
  handle_json (stream, text, length);
}
