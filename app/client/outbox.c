/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "base/json.h"
#include "client/outbox-private.h"
#include "client/rest.h"

#include <string.h>

#define FIRST_BACK_OFF_MS 500
#define LAST_BACK_OFF_MS 30000

struct _GuicheOutbox {
  GObject parent_instance;
  GuicheLocal *local;
  GuicheSession *session;    /* (owned) */
  GuicheSync *sync;          /* (owned) */
  GPtrArray *entries;        /* (owned) (element-type GuicheOutboxEntry): in order */
  GCancellable *cancellable; /* (owned) */
  guint timer;
};

G_DEFINE_FINAL_TYPE (GuicheOutbox, guiche_outbox, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  SIGNAL_REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* One message. */

static void
emit_changed (GuicheOutbox *self, GuicheOutboxEntry *entry)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, entry);
}

static void
take_out (GuicheOutbox *self, GuicheOutboxEntry *entry)
{
  guint index = 0;

  if (g_ptr_array_find (self->entries, entry, &index))
    g_ptr_array_steal_index (self->entries, index);
}

static void
remove_entry (GuicheOutbox *self, GuicheOutboxEntry *entry, gboolean is_stored, gboolean waits)
{
  guiche_outbox_disk_remove (self->local, entry, is_stored, waits);
  take_out (self, entry);
  g_signal_emit (self, signals[SIGNAL_REMOVED], 0, entry);
  guiche_outbox_entry_free (entry);
}

void
guiche_outbox_take_file (GuicheOutbox *self, GuicheOutboxEntry *entry, const char *file_id)
{
  entry->row->file_id = g_strdup (file_id);
  entry->is_busy = FALSE;
  entry->progress = 1.0;
  guiche_outbox_disk_set_file_id (self->local, entry);
  emit_changed (self, entry);
  guiche_outbox_pump (self);
}

void
guiche_outbox_take_progress (GuicheOutbox *self, GuicheOutboxEntry *entry, double progress)
{
  entry->progress = progress;
  emit_changed (self, entry);
}

void
guiche_outbox_take_failure (GuicheOutbox *self, GuicheOutboxEntry *entry, const GError *error)
{
  entry->is_busy = entry->is_on_stream = FALSE;
  if (guiche_outbox_is_refusal (error)) {
    entry->failure = g_strdup (guiche_error_code_name ((GuicheError) error->code));
    entry->failure_text = g_strdup (error->message);
    guiche_outbox_disk_set_failure (self->local, entry);
    emit_changed (self, entry);
  } else {
    guint back_off_ms = MIN (FIRST_BACK_OFF_MS << MIN (entry->attempts, 10), LAST_BACK_OFF_MS);
    entry->attempts++;
    entry->retry_at =
        g_get_monotonic_time () +
        (gint64) g_random_int_range (1, (gint32) back_off_ms) * G_TIME_SPAN_MILLISECOND;
  }
  guiche_outbox_pump (self);
}

/* The server's copy goes to the cache; the changes it makes there end the entry. What is to be
 * sent later is no message yet. */
void
guiche_outbox_take_answer (GuicheOutbox *self, GuicheOutboxEntry *entry, JsonObject *message)
{
  g_autoptr (JsonNode) node = json_node_alloc ();
  g_autofree char *text = NULL;
  gint64 seq = 0;

  if (!guiche_json_get_int (message, "seq", FALSE, &seq, NULL) || seq <= 0) {
    guiche_outbox_stored (self, entry->row->client_id);
    return;
  }
  entry->is_storing = TRUE;
  json_node_init_object (node, message);
  text = json_to_string (node, FALSE);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  guiche_sync_apply (self->sync, GUICHE_CACHE_OWN_MESSAGE, bytes);
}

static void
send_entry (GuicheOutbox *self, GuicheOutboxEntry *entry)
{
  gboolean had_undo = entry->not_before != 0;

  entry->is_busy = TRUE;
  entry->not_before = 0;
  if (had_undo)
    emit_changed (self, entry);
  if (entry->file != NULL && entry->row->file_id == NULL) {
    guiche_outbox_upload (self, entry);
    return;
  }
  /* What is to be sent later is a request: the stream sends at once. */
  if (entry->send_at == 0 && guiche_sync_is_online (self->sync)) {
    g_autofree char *op = guiche_outbox_entry_to_json (entry, TRUE);
    entry->is_on_stream = guiche_stream_send (guiche_sync_get_stream (self->sync), op);
  }
  if (!entry->is_on_stream)
    guiche_outbox_post (self, entry);
}

/* The queue. */

static gboolean
on_timer (gpointer user_data)
{
  GuicheOutbox *self = user_data;

  self->timer = 0;
  guiche_outbox_pump (self);
  return G_SOURCE_REMOVE;
}

static void
wake_in (GuicheOutbox *self, gint64 delay_us)
{
  guint delay_ms = (guint) CLAMP (delay_us / 1000 + 1, 1, LAST_BACK_OFF_MS);

  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (delay_ms, on_timer, self);
}

/* How long until the entry may go; 0: now. */
static gint64
delay_of (const GuicheOutboxEntry *entry)
{
  gint64 until_undo = entry->not_before != 0 ? entry->not_before - g_get_real_time () : 0;
  gint64 until_retry = entry->retry_at != 0 ? entry->retry_at - g_get_monotonic_time () : 0;

  return MAX (MAX (until_undo, until_retry), 0);
}

static gboolean
may_send (GuicheOutbox *self)
{
  GuicheStreamState state = guiche_stream_get_state (guiche_sync_get_stream (self->sync));

  return self->local != NULL && (state == GUICHE_STREAM_REPLAYING || state == GUICHE_STREAM_LIVE);
}

/* The first of each conversation that was not refused is the one that may go. */
static GPtrArray *
collect_ready (GuicheOutbox *self, gint64 *out_delay)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *ready = g_ptr_array_new ();

  for (guint i = 0; i < self->entries->len; i++) {
    GuicheOutboxEntry *entry = g_ptr_array_index (self->entries, i);
    gint64 delay = delay_of (entry);

    if (entry->failure != NULL || !g_hash_table_add (seen, entry->row->conversation_id) ||
        entry->is_busy)
      continue;
    if (delay > 0)
      *out_delay = *out_delay == 0 ? delay : MIN (*out_delay, delay);
    else
      g_ptr_array_add (ready, entry);
  }
  return ready;
}

void
guiche_outbox_pump (GuicheOutbox *self)
{
  g_autoptr (GPtrArray) ready = NULL;
  gint64 delay = 0;

  ready = collect_ready (self, &delay);
  if (delay > 0)
    wake_in (self, delay);
  if (!may_send (self))
    return;
  for (guint i = 0; i < ready->len; i++)
    send_entry (self, g_ptr_array_index (ready, i));
}

static void
on_op (GuicheSync *sync, JsonObject *object, GuicheOutbox *self)
{
  const char *op = NULL, *ref = NULL;
  JsonObject *message = NULL;
  GuicheOutboxEntry *entry;

  if (!guiche_json_get_string (object, "op", TRUE, &op, NULL) ||
      !guiche_json_get_string (object, "ref", TRUE, &ref, NULL))
    return;
  entry = guiche_outbox_find (self, ref);
  if (entry == NULL || !entry->is_busy)
    return;
  if (strcmp (op, "ack") == 0) {
    if (!guiche_json_get_object (object, "message", FALSE, &message, NULL) || message == NULL)
      message = object;
    guiche_outbox_take_answer (self, entry, message);
  } else if (strcmp (op, "error") == 0) {
    g_autoptr (JsonNode) node = json_node_alloc ();
    g_autofree char *text = NULL;
    g_autoptr (GError) error = NULL;
    json_node_init_object (node, object);
    text = json_to_string (node, FALSE);
    error = guiche_rest_error_from_json (503, text, strlen (text));
    guiche_outbox_take_failure (self, entry, error);
  }
}

static void
on_state_changed (GuicheSync *sync, GuicheOutbox *self)
{
  GuicheStreamState state = guiche_stream_get_state (guiche_sync_get_stream (sync));

  for (guint i = 0; i < self->entries->len; i++) {
    GuicheOutboxEntry *entry = g_ptr_array_index (self->entries, i);
    /* Whether it arrived is not known: it is sent again, and stored once. */
    if (state == GUICHE_STREAM_DOWN && entry->is_on_stream && !entry->is_storing)
      entry->is_busy = entry->is_on_stream = FALSE;
    if (state == GUICHE_STREAM_LIVE)
      entry->retry_at = 0;
  }
  guiche_outbox_pump (self);
}

/* The cache did not take the server's copy: sending again gives it once more. */
static void
on_sync_failed (GuicheSync *sync, const GError *error, GuicheOutbox *self)
{
  for (guint i = 0; i < self->entries->len; i++) {
    GuicheOutboxEntry *entry = g_ptr_array_index (self->entries, i);
    if (!entry->is_storing)
      continue;
    entry->is_busy = entry->is_on_stream = entry->is_storing = FALSE;
    entry->retry_at = g_get_monotonic_time () + LAST_BACK_OFF_MS * G_TIME_SPAN_MILLISECOND;
  }
  guiche_outbox_pump (self);
}

static void
guiche_outbox_dispose (GObject *object)
{
  GuicheOutbox *self = GUICHE_OUTBOX (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->sync != NULL)
    g_signal_handlers_disconnect_by_data (self->sync, self);
  g_clear_object (&self->sync);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (guiche_outbox_parent_class)->dispose (object);
}

static void
guiche_outbox_finalize (GObject *object)
{
  GuicheOutbox *self = GUICHE_OUTBOX (object);

  g_ptr_array_unref (self->entries);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (guiche_outbox_parent_class)->finalize (object);
}

static void
guiche_outbox_class_init (GuicheOutboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = guiche_outbox_dispose;
  object_class->finalize = guiche_outbox_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", GUICHE_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_REMOVED] = g_signal_new ("removed", GUICHE_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
guiche_outbox_init (GuicheOutbox *self)
{
  self->cancellable = g_cancellable_new ();
}

GuicheOutbox *
guiche_outbox_new (GuicheLocal *local, GuicheSession *session, GuicheSync *sync)
{
  GuicheOutbox *self = g_object_new (GUICHE_TYPE_OUTBOX, NULL);

  self->local = local;
  self->session = g_object_ref (session);
  self->sync = g_object_ref (sync);
  self->entries = guiche_outbox_disk_list (local);
  g_signal_connect (sync, "op", G_CALLBACK (on_op), self);
  g_signal_connect (sync, "state-changed", G_CALLBACK (on_state_changed), self);
  g_signal_connect (sync, "failed", G_CALLBACK (on_sync_failed), self);
  return self;
}

gboolean
guiche_outbox_add (GuicheOutbox *self, GuicheOutboxEntry *entry, const char *path, GError **error)
{
  if (!guiche_outbox_disk_add (self->local, entry, path, error)) {
    guiche_outbox_entry_free (entry);
    return FALSE;
  }
  g_ptr_array_add (self->entries, entry);
  guiche_outbox_pump (self);
  return TRUE;
}

gboolean
guiche_outbox_undo (GuicheOutbox *self, const char *client_id)
{
  GuicheOutboxEntry *entry = guiche_outbox_find (self, client_id);

  if (entry == NULL || entry->is_busy || entry->not_before == 0)
    return FALSE;
  remove_entry (self, entry, FALSE, TRUE);
  guiche_outbox_pump (self);
  return TRUE;
}

void
guiche_outbox_retry (GuicheOutbox *self, const char *client_id)
{
  GuicheOutboxEntry *entry = guiche_outbox_find (self, client_id);

  if (entry == NULL || entry->failure == NULL)
    return;
  g_clear_pointer (&entry->failure, g_free);
  g_clear_pointer (&entry->failure_text, g_free);
  entry->attempts = 0;
  entry->retry_at = 0;
  take_out (self, entry);
  g_ptr_array_add (self->entries, entry);
  guiche_outbox_disk_set_failure (self->local, entry);
  emit_changed (self, entry);
  guiche_outbox_pump (self);
}

void
guiche_outbox_discard (GuicheOutbox *self, const char *client_id)
{
  GuicheOutboxEntry *entry = guiche_outbox_find (self, client_id);

  if (entry != NULL && entry->failure != NULL)
    remove_entry (self, entry, FALSE, FALSE);
}

void
guiche_outbox_stored (GuicheOutbox *self, const char *client_id)
{
  GuicheOutboxEntry *entry = guiche_outbox_find (self, client_id);

  if (entry == NULL)
    return;
  remove_entry (self, entry, TRUE, FALSE);
  guiche_outbox_pump (self);
}

char *
guiche_outbox_dup_file_path (GuicheOutbox *self, const GuicheOutboxEntry *entry)
{
  if (entry->file == NULL)
    return NULL;
  return g_build_filename (guiche_local_get_folder (self->local), entry->file, NULL);
}

GuicheSession *
guiche_outbox_get_session (GuicheOutbox *self)
{
  return self->session;
}

GCancellable *
guiche_outbox_get_cancellable (GuicheOutbox *self)
{
  return self->cancellable;
}

GPtrArray *
guiche_outbox_get_entries (GuicheOutbox *self)
{
  return self->entries;
}

GuicheOutboxEntry *
guiche_outbox_find (GuicheOutbox *self, const char *client_id)
{
  for (guint i = 0; i < self->entries->len; i++) {
    GuicheOutboxEntry *entry = g_ptr_array_index (self->entries, i);
    if (g_strcmp0 (entry->row->client_id, client_id) == 0)
      return entry;
  }
  return NULL;
}
