/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-hub"

#include "http/hub-private.h"
#include "http/request-private.h"
#include "http/schema.h"

#include <string.h>

#define MOST_IDLE 64 /* operations kept for the next */

/* One durable operation from its frame to its answer. */
typedef struct {
  GuicheStream *stream; /* (owned) */
  const GuicheStreamOp *row;
  GuicheViewer *viewer; /* (owned): what the actor may see */
  GuicheRequest request;
  GuicheReply reply;
} Operation;

static void
operation_free (Operation *self)
{
  guiche_request_clear (&self->request);
  guiche_reply_clear (&self->reply);
  g_free (self);
}

/* One that was used before keeps its buffers. */
static Operation *
take_operation (GuicheHub *hub)
{
  Operation *self;

  if (hub->idle_operations->len > 0)
    return g_ptr_array_steal_index_fast (hub->idle_operations, hub->idle_operations->len - 1);
  self = g_new (Operation, 1);
  guiche_request_init (&self->request);
  guiche_reply_init (&self->reply);
  return self;
}

static void
give_back (Operation *self)
{
  GuicheHub *hub = self->stream->tenant->hub;

  guiche_request_reset (&self->request);
  guiche_reply_reset (&self->reply);
  guiche_viewer_unref (self->viewer);
  guiche_stream_unref (self->stream);
  if (hub != NULL && hub->idle_operations->len < MOST_IDLE)
    g_ptr_array_add (hub->idle_operations, self);
  else
    operation_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Operation, give_back)

void
guiche_hub_free_operations (GuicheHub *self)
{
  for (guint i = 0; i < self->idle_operations->len; i++)
    operation_free (self->idle_operations->pdata[i]);
  g_ptr_array_unref (self->idle_operations);
}

/* (thread writer) */
static gboolean
run_operation (GuicheTx *tx, gpointer data, GError **error)
{
  Operation *self = data;

  guiche_reply_reset (&self->reply);
  return self->row->handler (tx, &self->request, &self->reply, error);
}

/* `{"op":"ack","ref":…,` and the members of the handler's reply. */
static void
send_ack (Operation *self)
{
  GuicheStream *stream = self->stream;
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  gsize n_head, n_reply = 2;
  const char *head, *reply = "{}";
  gboolean is_empty;
  guint8 header[GUICHE_WEBSOCKET_MAX_HEADER];
  gsize n_header, length;

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "op", "ack");
  guiche_hub_write_ref (writer, json_node_get_object (self->request.body));
  guiche_json_writer_end_object (writer);
  head = guiche_json_writer_peek (writer, &n_head);
  if (self->reply.has_json)
    reply = guiche_json_writer_peek (self->reply.json, &n_reply);
  is_empty = n_reply <= 2;
  length = is_empty ? n_head : n_head + n_reply - 1;
  n_header = guiche_websocket_write_header (header, GUICHE_WEBSOCKET_TEXT, length);

  g_autoptr (GuicheSegment) segment =
                 guiche_segment_new (&stream->tenant->hub->queued_bytes, n_header + length, 1);
  memcpy (segment->data, header, n_header);
  memcpy (segment->data + n_header, head, n_head);
  if (!is_empty) {
    segment->data[n_header + n_head - 1] = ',';
    memcpy (segment->data + n_header + n_head, reply + 1, n_reply - 1);
  }
  guiche_stream_send (stream, segment, GUICHE_URGENCY_ANSWER);
}

/* (thread main): the commit is durable, or the operation failed alone. */
static void
operation_done (gpointer data, GError *error)
{
  g_autoptr (Operation) self = data;
  GuicheStream *stream = self->stream;

  if (stream->tenant->hub == NULL)
    return;
  stream->n_ops--;
  if (!guiche_stream_is_open (stream))
    return;
  if (error != NULL)
    guiche_hub_send_error (stream, json_node_get_object (self->request.body), error);
  else
    send_ack (self);
}

gboolean
guiche_hub_run_durable (GuicheStream *stream,
                        const GuicheHubOp *op,
                        JsonNode *request,
                        GError **error)
{
  GuicheHub *hub = stream->tenant->hub;
  Operation *self;

  if (op->row->request != NULL &&
      !guiche_schema_check (op->row->request, json_node_get_object (request), error))
    return FALSE;
  self = take_operation (hub);
  self->stream = guiche_stream_ref (stream);
  self->row = op->row;
  self->viewer = guiche_viewer_ref (stream->group->viewer);
  self->request.store = hub->store;
  self->request.tenant = stream->tenant->tenant;
  self->request.context = op->context;
  self->request.body = json_node_ref (request);
  self->request.actor = (GuicheActor){
    .role = self->viewer->role,
    .id = stream->subject,
    .session_id = stream->session_id,
    .viewer = self->viewer,
    .address = stream->address,
  };
  stream->n_ops++;
  hub->stats.ops_durable++;
  guiche_tenant_write (stream->tenant->tenant, &self->request.actor, run_operation, operation_done,
                       self);
  return TRUE;
}
