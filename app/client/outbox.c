/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "client/outbox.h"

#include "base/json.h"
#include "client/rest.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

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

/* --- the disk ----------------------------------------------------------------------------- */

typedef struct {
  GuicheLocal *local;
  GuicheOutboxEntry *entry;
  const char *path;
  char *client_id, *file_id, *failure, *text, *unlink_path; /* (owned) */
  GPtrArray *list;
  GError *error;

  enum {
    STORE_ADD,
    STORE_FILE_ID,
    STORE_FAILURE,
    STORE_REMOVE,
    STORE_LIST
  } what;
} StoreJob;

/* The copy is on the disk, with its name, before the message is. */
static gboolean
copy_durably (const char *from, const char *folder, const char *to, GError **error)
{
  gboolean is_synced;
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  int file, directory;

  if (!g_file_copy (source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error))
    return FALSE;
  g_chmod (to, 0600);
  file = g_open (to, O_RDONLY | O_CLOEXEC, 0);
  directory = g_open (folder, O_RDONLY | O_CLOEXEC, 0);
  is_synced = file >= 0 && fsync (file) == 0 && directory >= 0 && fsync (directory) == 0;
  if (!is_synced)
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "keeping the file: %s",
                 g_strerror (errno));
  if (file >= 0)
    close (file);
  if (directory >= 0)
    close (directory);
  return is_synced;
}

static void
store_new (StoreJob *job, GuicheDatabase *db)
{
  const char *folder = guiche_local_get_folder (job->local);
  g_autofree char *path =
      job->entry->file != NULL ? g_build_filename (folder, job->entry->file, NULL) : NULL;

  if (path != NULL && !copy_durably (job->path, folder, path, &job->error))
    return;
  if (!guiche_outbox_store_add (db, job->entry, &job->error) && path != NULL)
    g_unlink (path);
}

static void
run_store (gpointer data)
{
  StoreJob *job = data;
  GuicheDatabase *db = guiche_local_database (job->local);

  switch (job->what) {
  case STORE_ADD:
    store_new (job, db);
    break;
  case STORE_FILE_ID:
    guiche_outbox_store_set_file_id (db, job->client_id, job->file_id, &job->error);
    break;
  case STORE_FAILURE:
    guiche_outbox_store_set_failure (db, job->client_id, job->failure, job->text, &job->error);
    break;
  case STORE_REMOVE:
    if (guiche_outbox_store_remove (db, job->client_id, &job->error) && job->unlink_path != NULL)
      g_unlink (job->unlink_path);
    break;
  case STORE_LIST:
    job->list = guiche_outbox_store_list (db);
    break;
  }
}

static void
free_store (gpointer data)
{
  StoreJob *job = data;

  if (job->error != NULL)
    g_warning ("%s", job->error->message);
  g_clear_error (&job->error);
  g_free (job->client_id);
  g_free (job->file_id);
  g_free (job->failure);
  g_free (job->text);
  g_free (job->unlink_path);
  g_free (job);
}

static StoreJob *
new_store (GuicheOutbox *self, int what, const GuicheOutboxEntry *entry)
{
  StoreJob *job = g_new0 (StoreJob, 1);

  job->local = self->local;
  job->what = what;
  job->client_id = g_strdup (entry->row->client_id);
  return job;
}

static void
push_store (GuicheOutbox *self, StoreJob *job)
{
  guiche_worker_push (guiche_local_worker (self->local), run_store, NULL, job, free_store);
}

/* --- one message --------------------------------------------------------------------------- */

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
remove_entry (GuicheOutbox *self, GuicheOutboxEntry *entry, gboolean is_waited_for)
{
  StoreJob *job = new_store (self, STORE_REMOVE, entry);

  job->unlink_path = guiche_outbox_dup_file_path (self, entry);
  if (is_waited_for) {
    guiche_worker_run_sync (guiche_local_worker (self->local), run_store, job);
    free_store (job);
  } else {
    push_store (self, job);
  }
  take_out (self, entry);
  g_signal_emit (self, signals[SIGNAL_REMOVED], 0, entry);
  guiche_outbox_entry_free (entry);
}

static void
on_not_stored (GuicheOutbox *self, GuicheOutboxEntry *entry, const GError *error)
{
  entry->is_busy = entry->is_on_stream = FALSE;
  if (guiche_outbox_is_refusal (error)) {
    StoreJob *job = new_store (self, STORE_FAILURE, entry);
    entry->failure = g_strdup (guiche_error_code_name ((GuicheError) error->code));
    entry->failure_text = g_strdup (error->message);
    job->failure = g_strdup (entry->failure);
    job->text = g_strdup (entry->failure_text);
    push_store (self, job);
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
static void
on_acknowledged (GuicheOutbox *self, GuicheOutboxEntry *entry, JsonObject *message)
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

/* A request outlives neither its entry nor the outbox: both are found again by name. */
typedef struct {
  GWeakRef outbox;
  char *client_id; /* (owned) */
} Request;

static Request *
new_request (GuicheOutbox *self, const GuicheOutboxEntry *entry)
{
  Request *request = g_new0 (Request, 1);

  g_weak_ref_init (&request->outbox, self);
  request->client_id = g_strdup (entry->row->client_id);
  return request;
}

static void
free_request (Request *request)
{
  g_weak_ref_clear (&request->outbox);
  g_free (request->client_id);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, free_request)

static void
on_posted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GuicheOutbox) self = g_weak_ref_get (&request->outbox);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, &error);
  g_autoptr (JsonNode) node = NULL;
  GuicheOutboxEntry *entry = self != NULL ? guiche_outbox_find (self, request->client_id) : NULL;

  if (entry == NULL)
    return;
  if (answer != NULL)
    node = guiche_json_parse_object (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer),
                                     GUICHE_JSON_MAX_BYTES, &error);
  if (node == NULL)
    on_not_stored (self, entry, error);
  else
    on_acknowledged (self, entry, json_node_get_object (node));
}

static void
on_uploaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GuicheOutbox) self = g_weak_ref_get (&request->outbox);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, &error);
  g_autoptr (JsonNode) node = NULL;
  GuicheOutboxEntry *entry = self != NULL ? guiche_outbox_find (self, request->client_id) : NULL;
  const char *file_id = NULL;
  StoreJob *job;

  if (entry == NULL)
    return;
  if (answer != NULL)
    node = guiche_json_parse_object (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer),
                                     GUICHE_JSON_MAX_BYTES, &error);
  if (node == NULL ||
      !guiche_json_get_string (json_node_get_object (node), "id", TRUE, &file_id, &error)) {
    on_not_stored (self, entry, error);
    return;
  }
  entry->row->file_id = g_strdup (file_id);
  job = new_store (self, STORE_FILE_ID, entry);
  job->file_id = g_strdup (file_id);
  push_store (self, job);
  entry->is_busy = FALSE;
  entry->progress = 1.0;
  emit_changed (self, entry);
  guiche_outbox_pump (self);
}

static void
on_progress (goffset sent, gpointer user_data)
{
  Request *request = user_data;
  g_autoptr (GuicheOutbox) self = g_weak_ref_get (&request->outbox);
  GuicheOutboxEntry *entry = self != NULL ? guiche_outbox_find (self, request->client_id) : NULL;

  if (entry == NULL || entry->row->file_size <= 0)
    return;
  entry->progress = MIN ((double) sent / (double) entry->row->file_size, 1.0);
  emit_changed (self, entry);
}

static void
upload (GuicheOutbox *self, GuicheOutboxEntry *entry)
{
  g_autofree char *name = g_uri_escape_string (entry->row->file_name, NULL, TRUE);
  g_autofree char *path = g_strconcat ("/api/v1/files?name=", name, NULL);
  g_autofree char *file = guiche_outbox_dup_file_path (self, entry);
  Request *request = new_request (self, entry);

  guiche_rest_call_async (self->session,
                          &(GuicheRestCall){ .method = "POST",
                                             .path = path,
                                             .upload_path = file,
                                             .type = entry->row->file_type,
                                             .progress = on_progress,
                                             .progress_data = request },
                          self->cancellable, on_uploaded, request);
}

static void
post (GuicheOutbox *self, GuicheOutboxEntry *entry)
{
  g_autofree char *body = guiche_outbox_entry_to_json (entry, FALSE);
  g_autofree char *path =
      g_strdup_printf ("/api/v1/conversations/%s/messages", entry->row->conversation_id);

  guiche_rest_call_async (self->session,
                          &(GuicheRestCall){ .method = "POST", .path = path, .body = body },
                          self->cancellable, on_posted, new_request (self, entry));
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
    upload (self, entry);
    return;
  }
  if (guiche_sync_is_online (self->sync)) {
    g_autofree char *op = guiche_outbox_entry_to_json (entry, TRUE);
    entry->is_on_stream = guiche_stream_send (guiche_sync_get_stream (self->sync), op);
  }
  if (!entry->is_on_stream)
    post (self, entry);
}

/* --- the queue ------------------------------------------------------------------------------- */

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
    on_acknowledged (self, entry, message);
  } else if (strcmp (op, "error") == 0) {
    g_autoptr (JsonNode) node = json_node_alloc ();
    g_autofree char *text = NULL;
    g_autoptr (GError) error = NULL;
    json_node_init_object (node, object);
    text = json_to_string (node, FALSE);
    error = guiche_rest_error_from_json (503, text, strlen (text));
    on_not_stored (self, entry, error);
  }
}

static void
on_state_changed (GuicheSync *sync, GuicheOutbox *self)
{
  GuicheStreamState state = guiche_stream_get_state (guiche_sync_get_stream (sync));

  for (guint i = 0; i < self->entries->len; i++) {
    GuicheOutboxEntry *entry = g_ptr_array_index (self->entries, i);
    /* Whether it arrived is not known: it is sent again, and stored once. */
    if (state == GUICHE_STREAM_DOWN && entry->is_on_stream)
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
  StoreJob job = { .local = local, .what = STORE_LIST };

  self->local = local;
  self->session = g_object_ref (session);
  self->sync = g_object_ref (sync);
  guiche_worker_run_sync (guiche_local_worker (local), run_store, &job);
  self->entries = job.list;
  g_signal_connect (sync, "op", G_CALLBACK (on_op), self);
  g_signal_connect (sync, "state-changed", G_CALLBACK (on_state_changed), self);
  g_signal_connect (sync, "failed", G_CALLBACK (on_sync_failed), self);
  return self;
}

gboolean
guiche_outbox_add (GuicheOutbox *self, GuicheOutboxEntry *entry, const char *path, GError **error)
{
  StoreJob job = { .local = self->local, .what = STORE_ADD, .entry = entry, .path = path };

  guiche_worker_run_sync (guiche_local_worker (self->local), run_store, &job);
  if (job.error != NULL) {
    guiche_outbox_entry_free (entry);
    g_propagate_error (error, job.error);
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
  remove_entry (self, entry, TRUE);
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
  push_store (self, new_store (self, STORE_FAILURE, entry));
  emit_changed (self, entry);
  guiche_outbox_pump (self);
}

void
guiche_outbox_discard (GuicheOutbox *self, const char *client_id)
{
  GuicheOutboxEntry *entry = guiche_outbox_find (self, client_id);

  if (entry != NULL && entry->failure != NULL)
    remove_entry (self, entry, FALSE);
}

void
guiche_outbox_stored (GuicheOutbox *self, const char *client_id)
{
  GuicheOutboxEntry *entry = guiche_outbox_find (self, client_id);

  if (entry == NULL)
    return;
  remove_entry (self, entry, FALSE);
  guiche_outbox_pump (self);
}

char *
guiche_outbox_dup_file_path (GuicheOutbox *self, const GuicheOutboxEntry *entry)
{
  if (entry->file == NULL)
    return NULL;
  return g_build_filename (guiche_local_get_folder (self->local), entry->file, NULL);
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
