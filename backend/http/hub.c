/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-hub"

#include "http/hub.h"

#include "http/hub-private.h"
#include "http/websocket-handshake.h"

#include <string.h>

#define SHUTDOWN_US G_USEC_PER_SEC
#define SHUTDOWN_POLL_MS 10

GuicheHubTenant *
guiche_hub_tenant_ref (GuicheHubTenant *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
guiche_hub_tenant_unref (GuicheHubTenant *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  guiche_hub_tenant_clear_audiences (self);
  g_hash_table_unref (self->audiences);
  g_hash_table_unref (self->viewings);
  g_hash_table_unref (self->presences);
  guiche_hub_index_free (self->index);
  g_free (self);
}

static void
drop_tenant (gpointer data)
{
  GuicheHubTenant *self = data;

  guiche_hub_tenant_forget_recent (self);
  guiche_hub_tenant_unfollow (self);
  self->hub = NULL;
  guiche_hub_tenant_unref (self);
}

GuicheHubTenant *
guiche_hub_ensure_tenant (GuicheHub *self, GuicheTenant *tenant)
{
  GuicheHubTenant *entry = g_hash_table_lookup (self->tenants, tenant);

  if (entry != NULL)
    return entry;
  entry = g_new0 (GuicheHubTenant, 1);
  g_atomic_ref_count_init (&entry->ref_count);
  entry->hub = self;
  entry->tenant = tenant;
  entry->index = guiche_hub_index_new ();
  entry->audiences = g_hash_table_new (guiche_id_hash, guiche_id_equal);
  entry->viewings = g_hash_table_new_full (guiche_id_hash, guiche_id_equal, NULL,
                                           (GDestroyNotify) guiche_hub_viewing_free);
  entry->presences = g_hash_table_new_full (guiche_id_hash, guiche_id_equal, NULL, g_free);
  g_hash_table_insert (self->tenants, tenant, entry);
  return entry;
}

GuicheHub *
guiche_hub_new (GuicheStore *store, GuicheSettings *settings, const GuicheServerHooks *hooks)
{
  GuicheHub *self = g_new0 (GuicheHub, 1);

  self->store = store;
  self->hooks = hooks;
  self->clock = guiche_clock_ref (guiche_store_clock (store));
  self->context = g_main_context_ref_thread_default ();
  self->tenants = g_hash_table_new_full (NULL, NULL, NULL, drop_tenant);
  self->ops = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->idle_operations = g_ptr_array_new ();
  self->max_streams = (gsize) guiche_settings_get_int (settings, "stream", "max_streams");
  self->max_per_user = (gsize) guiche_settings_get_int (settings, "stream", "max_per_user");
  self->has_limits = guiche_settings_get_bool (settings, "limits", "enabled");
  guiche_hub_loop_start (self);
  guiche_hub_timer_start (self);
  return self;
}

/* (transfer container) (element-type GuicheStream), each with a reference */
static GPtrArray *
list_streams (GuicheHub *self)
{
  GPtrArray *streams = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_stream_unref);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->tenants);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    GuicheHubTenant *tenant = value;

    for (GList *link = tenant->streams.head; link != NULL; link = link->next)
      g_ptr_array_add (streams, guiche_stream_ref (link->data));
  }
  return streams;
}

void
guiche_hub_set_bus (GuicheHub *self, GuicheBus *bus)
{
  self->nodes = guiche_hub_nodes_new (self, bus);
}

void
guiche_hub_free (GuicheHub *self)
{
  g_autoptr (GPtrArray) streams = list_streams (self);

  for (guint i = 0; i < streams->len; i++)
    guiche_stream_abort (streams->pdata[i]);
  g_clear_pointer (&self->drain, g_source_destroy);
  g_clear_pointer (&self->nodes, guiche_hub_nodes_free);
  guiche_hub_timer_stop (self);
  guiche_hub_loop_stop (self);
  g_hash_table_unref (self->tenants);
  g_hash_table_unref (self->ops);
  guiche_hub_free_operations (self);
  g_main_context_unref (self->context);
  guiche_clock_unref (self->clock);
  g_free (self);
}

void
guiche_hub_add_ops (GuicheHub *self, const GuicheStreamOp *ops, gpointer context)
{
  for (const GuicheStreamOp *row = ops; row->op != NULL; row++) {
    GuicheHubOp *op = g_new (GuicheHubOp, 1);

    op->row = row;
    op->context = context;
    g_hash_table_insert (self->ops, (gpointer) row->op, op);
  }
}

static gsize
count_of_user (GuicheHubTenant *tenant, const GuicheViewer *viewer, GuicheStream **out_oldest)
{
  char term[2 + GUICHE_ID_STRING_LENGTH + 1] = { 'u', ':' };
  const GuicheId *id = &viewer->user_id;
  GPtrArray *groups;
  gsize n = 0;

  if (viewer->role == GUICHE_ROLE_VISITOR) {
    term[0] = 'v';
    id = &viewer->conversation_id;
  }
  guiche_id_to_string (id, term + 2);
  groups = guiche_hub_index_find_term (tenant->index, term);
  *out_oldest = NULL;
  for (guint i = 0; groups != NULL && i < groups->len; i++) {
    GuicheHubGroup *group = groups->pdata[i];

    for (GList *link = group->streams.head; link != NULL; link = link->next) {
      GuicheStream *stream = link->data;

      if (!guiche_stream_is_open (stream))
        continue;
      n++;
      if (*out_oldest == NULL)
        *out_oldest = stream;
    }
  }
  return n;
}

typedef struct {
  GuicheHubTenant *tenant; /* (owned) */
  GuicheHubPeer peer;      /* @address and @viewer owned */
} Handover;

static void
handover_free (Handover *handover)
{
  guiche_hub_tenant_unref (handover->tenant);
  guiche_viewer_unref (handover->peer.viewer);
  g_free ((char *) handover->peer.address);
  g_free (handover);
}

static void
welcome (GuicheHub *hub, GuicheStream *stream)
{
  GuicheHubTenant *tenant = stream->tenant;

  stream->tenant_link.data = stream;
  g_queue_push_tail_link (&tenant->streams, &stream->tenant_link);
  hub->n_streams++;
  hub->stats.opened++;
  guiche_hub_loop_add (hub, stream);
  guiche_hub_timer_set (hub, stream, stream->pong_us);
  guiche_hub_presence_arrived (stream);
  guiche_hub_replay (stream);
}

/* The 101 is on its way: the connection is ours. */
static void
on_message_wrote_informational (SoupServerMessage *message, gpointer user_data)
{
  Handover *handover = user_data;
  GuicheHubTenant *tenant = handover->tenant;
  GuicheHub *hub = tenant->hub;
  g_autoptr (GByteArray) ahead = g_byte_array_new ();
  GIOStream *io = soup_server_message_steal_connection (message);
  GuicheStream *stream, *oldest;

  if (hub == NULL || io == NULL) {
    g_clear_object (&io);
    return;
  }
  if (count_of_user (tenant, handover->peer.viewer, &oldest) >= hub->max_per_user)
    guiche_stream_close (oldest, GUICHE_CLOSE_TOO_MANY, "too many streams of one user");
  stream = guiche_stream_new (tenant, &handover->peer, io, ahead);
  if (stream == NULL)
    return;
  welcome (hub, stream);
  if (hub->is_draining || hub->is_shutting_down)
    guiche_stream_part (stream, GUICHE_CLOSE_GOING_AWAY, "shutting down");
  else if (ahead->len > 0)
    guiche_stream_process (stream, ahead->data, ahead->len);
}

static gboolean
refuse (GuicheHub *self,
        SoupServerMessage *message,
        guint status,
        GuicheError code,
        const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (GUICHE_ERROR, (int) code, why);
  g_autofree char *json = guiche_error_to_json (error);

  self->stats.refused++;
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, json,
                                    strlen (json));
  return FALSE;
}

gboolean
guiche_hub_adopt (GuicheHub *self, SoupServerMessage *message, const GuicheHubPeer *peer)
{
  const char *problem;
  guint status = guiche_websocket_check_handshake (message, &problem);
  Handover *handover;

  if (status != 0)
    return refuse (self, message, status, GUICHE_ERROR_INVALID_REQUEST, problem);
  if (self->is_draining || self->is_shutting_down || self->n_streams >= self->max_streams)
    return refuse (self, message, 503, GUICHE_ERROR_UNAVAILABLE, "no more streams");
  handover = g_new (Handover, 1);
  handover->tenant = guiche_hub_tenant_ref (guiche_hub_ensure_tenant (self, peer->tenant));
  handover->peer = *peer;
  handover->peer.viewer = guiche_viewer_ref (peer->viewer);
  handover->peer.address = g_strdup (peer->address);
  guiche_websocket_accept_handshake (message);
  g_signal_connect_data (message, "wrote-informational",
                         G_CALLBACK (on_message_wrote_informational), handover,
                         (GClosureNotify) (gpointer) handover_free, 0);
  return TRUE;
}

void
guiche_hub_forget_stream (GuicheHub *self, GuicheStream *stream)
{
  GuicheHubTenant *tenant = stream->tenant;

  guiche_hub_stop_viewing (stream);
  guiche_hub_presence_left (stream);
  guiche_hub_sessions_forget (tenant, stream);
  guiche_hub_replay_forget (self, stream);
  guiche_hub_index_remove (tenant->index, stream);
  guiche_hub_loop_forget (self, stream);
  guiche_hub_timer_forget (self, stream);
  g_queue_unlink (&tenant->streams, &stream->tenant_link);
  tenant->left_us = guiche_clock_monotonic_us (self->clock);
  self->held_bytes -= stream->held;
  self->n_streams--;
  g_ptr_array_add (self->dead, stream);
}

void
guiche_hub_close_session (GuicheHub *self, GuicheTenant *tenant, const GuicheId *session_id)
{
  GuicheHubTenant *entry = g_hash_table_lookup (self->tenants, tenant);

  for (GList *link = entry != NULL ? entry->streams.head : NULL; link != NULL; link = link->next) {
    GuicheStream *stream = link->data;

    if (guiche_id_equal (&stream->session_id, session_id))
      guiche_stream_close (stream, GUICHE_CLOSE_UNAUTHENTICATED, "session ended");
  }
}

/* Parts from every stream whose accepted operations are answered. */
static void
part_idle_streams (GuicheHub *self)
{
  g_autoptr (GPtrArray) streams = list_streams (self);

  for (guint i = 0; i < streams->len; i++) {
    GuicheStream *stream = streams->pdata[i];

    if (stream->n_ops == 0)
      guiche_stream_part (stream, GUICHE_CLOSE_GOING_AWAY, "shutting down: reconnect");
  }
}

static gboolean
on_shutdown_poll (gpointer user_data)
{
  GuicheHub *self = user_data;

  part_idle_streams (self);
  if (self->n_streams > 0 && g_get_monotonic_time () - self->shutdown_us < SHUTDOWN_US)
    return G_SOURCE_CONTINUE;
  self->shutdown_done (self->shutdown_data);
  return G_SOURCE_REMOVE;
}

void
guiche_hub_shutdown (GuicheHub *self, void (*done) (gpointer), gpointer user_data)
{
  g_autoptr (GSource) poll = g_timeout_source_new (SHUTDOWN_POLL_MS);

  self->is_shutting_down = TRUE;
  self->shutdown_us = g_get_monotonic_time ();
  self->shutdown_done = done;
  self->shutdown_data = user_data;
  part_idle_streams (self);
  g_source_set_callback (poll, on_shutdown_poll, self, NULL);
  g_source_attach (poll, self->context);
}

void
guiche_hub_get_stats (GuicheHub *self, GuicheHubStats *out_stats)
{
  GHashTableIter iter;
  gpointer value;

  *out_stats = self->stats;
  out_stats->streams = self->n_streams;
  out_stats->queued_bytes = self->queued_bytes;
  out_stats->streams_replaying = 0;
  g_hash_table_iter_init (&iter, self->tenants);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    for (GList *link = ((GuicheHubTenant *) value)->streams.head; link != NULL; link = link->next)
      out_stats->streams_replaying += ((GuicheStream *) link->data)->state <= GUICHE_STREAM_JOINING;
  }
}
