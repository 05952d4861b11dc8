/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "client/sync.h"

#include "client/rest.h"

/* The bounds of one transaction: the server lets 4,096 events or 256 KiB be in flight. */
#define MAX_BATCH 2048
#define MAX_SNAPSHOT_BYTES ((gsize) 256 * 1024 * 1024)
#define FIRST_SNAPSHOT_BACK_OFF_MS 1000
#define LAST_SNAPSHOT_BACK_OFF_MS 30000

struct _GuicheSync {
  GObject parent_instance;
  GuicheSession *session; /* (owned) */
  GuicheCache *cache;
  GuicheStream *stream;      /* (owned) */
  GPtrArray *waiting;        /* (owned) (element-type GBytes): events not yet given to the worker */
  GCancellable *cancellable; /* (owned): of snapshots */
  gint64 seq;                /* in the cache */
  gint64 ready_seq;          /* where the replay ends */
  guint snapshot_timer, snapshot_back_off_ms;
  gboolean is_applying, is_fetching, wants_more, is_ready, is_started;
};

G_DEFINE_FINAL_TYPE (GuicheSync, guiche_sync, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGES,
  SIGNAL_OP,
  SIGNAL_STATE_CHANGED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void apply_waiting (GuicheSync *self);
static void fetch_snapshot (GuicheSync *self, gboolean is_fresh);

static gint64
get_since (gpointer user_data)
{
  return GUICHE_SYNC (user_data)->seq;
}

static void
acknowledge (GuicheSync *self)
{
  g_autofree char *text =
      g_strdup_printf ("{\"op\":\"seen\",\"seq\":%" G_GINT64_FORMAT "}", self->seq);

  guiche_stream_send (self->stream, text);
}

static void
report_failure (GuicheSync *self, const GError *error)
{
  g_warning ("%s", error->message);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

/* The server's `ready` counts when everything before it has been written. */
static void
check_ready (GuicheSync *self)
{
  if (self->is_ready || self->ready_seq < 0 || self->waiting->len > 0 || self->is_applying)
    return;
  self->is_ready = TRUE;
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}

static void
take_changes (GuicheSync *self, GuicheChanges *changes, gboolean is_live)
{
  self->seq = MAX (self->seq, changes->seq);
  if (changes->is_everything)
    self->seq = changes->seq;
  g_signal_emit (self, signals[SIGNAL_CHANGES], 0, changes, is_live);
  if (changes->has_access)
    fetch_snapshot (self, FALSE);
}

static void
on_events_applied (GuicheChanges *changes, const GError *error, gpointer user_data)
{
  g_autoptr (GuicheSync) self = user_data;
  g_autoptr (GuicheChanges) owned = changes;

  self->is_applying = FALSE;
  if (self->cache == NULL)
    return;
  if (error != NULL) {
    /* Nothing was applied: the events come again from the cache's position. */
    g_ptr_array_set_size (self->waiting, 0);
    report_failure (self, error);
    if (self->is_started && !self->is_fetching) {
      guiche_stream_stop (self->stream);
      guiche_stream_start (self->stream);
    }
    return;
  }
  take_changes (self, changes, self->is_ready);
  acknowledge (self);
  apply_waiting (self);
  check_ready (self);
}

static void
apply_waiting (GuicheSync *self)
{
  g_autoptr (GPtrArray) batch = NULL;

  if (self->is_applying || self->waiting->len == 0)
    return;
  if (self->waiting->len <= MAX_BATCH) {
    batch = g_steal_pointer (&self->waiting);
    self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  } else {
    batch = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
    for (guint i = 0; i < MAX_BATCH; i++)
      g_ptr_array_add (batch, g_bytes_ref (g_ptr_array_index (self->waiting, i)));
    g_ptr_array_remove_range (self->waiting, 0, MAX_BATCH);
  }
  self->is_applying = TRUE;
  guiche_cache_apply (self->cache, GUICHE_CACHE_EVENTS, batch, on_events_applied,
                      g_object_ref (self));
}

static void
on_event (GuicheStream *stream, GBytes *event, GuicheSync *self)
{
  g_ptr_array_add (self->waiting, g_bytes_ref (event));
  apply_waiting (self);
}

static void
on_op (GuicheStream *stream, JsonObject *op, GuicheSync *self)
{
  if (g_strcmp0 (json_object_get_string_member_with_default (op, "op", NULL), "ready") == 0) {
    self->ready_seq = json_object_get_int_member_with_default (op, "seq", 0);
    check_ready (self);
    return;
  }
  g_signal_emit (self, signals[SIGNAL_OP], 0, op);
}

static void
on_stream_state (GuicheStream *stream, GuicheSync *self)
{
  if (guiche_stream_get_state (stream) != GUICHE_STREAM_LIVE) {
    self->is_ready = FALSE;
    self->ready_seq = -1;
  }
  /* What was not written comes again. */
  if (guiche_stream_get_state (stream) == GUICHE_STREAM_DOWN)
    g_ptr_array_set_size (self->waiting, 0);
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}

/* Snapshots. */

typedef struct {
  GuicheSync *sync; /* (owned) */
  gboolean is_fresh;
} Snapshot;

static void
free_snapshot (Snapshot *snapshot)
{
  g_object_unref (snapshot->sync);
  g_free (snapshot);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Snapshot, free_snapshot)

static gboolean
on_snapshot_again (gpointer user_data)
{
  GuicheSync *self = user_data;

  self->snapshot_timer = 0;
  fetch_snapshot (self, self->seq == 0);
  return G_SOURCE_REMOVE;
}

static void
fetch_again_later (GuicheSync *self)
{
  if (!self->is_started || self->snapshot_timer != 0)
    return;
  self->snapshot_timer = g_timeout_add (
      (guint) g_random_int_range (1, (gint32) self->snapshot_back_off_ms), on_snapshot_again, self);
  self->snapshot_back_off_ms = MIN (self->snapshot_back_off_ms * 2, LAST_SNAPSHOT_BACK_OFF_MS);
}

static void
on_snapshot_applied (GuicheChanges *changes, const GError *error, gpointer user_data)
{
  g_autoptr (Snapshot) snapshot = user_data;
  g_autoptr (GuicheChanges) owned = changes;
  GuicheSync *self = snapshot->sync;

  self->is_fetching = FALSE;
  if (self->cache == NULL)
    return;
  if (error != NULL) {
    self->wants_more = FALSE;
    report_failure (self, error);
    fetch_again_later (self);
    return;
  }
  self->snapshot_back_off_ms = FIRST_SNAPSHOT_BACK_OFF_MS;
  take_changes (self, changes, FALSE);
  if (self->is_started && snapshot->is_fresh)
    guiche_stream_start (self->stream);
  if (self->wants_more)
    fetch_snapshot (self, self->seq == 0);
}

static void
on_snapshot (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Snapshot) snapshot = user_data;
  GuicheSync *self = snapshot->sync;
  GuicheCacheInput input;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, &error);

  if (self->cache == NULL)
    return;
  if (answer == NULL) {
    self->is_fetching = FALSE;
    g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
    fetch_again_later (self);
    return;
  }
  input = snapshot->is_fresh ? GUICHE_CACHE_FRESH_SNAPSHOT : GUICHE_CACHE_MORE_SNAPSHOT;
  guiche_cache_apply_one (self->cache, input, answer, on_snapshot_applied,
                          g_steal_pointer (&snapshot));
}

static void
fetch_snapshot (GuicheSync *self, gboolean is_fresh)
{
  Snapshot *snapshot;

  g_clear_handle_id (&self->snapshot_timer, g_source_remove);
  self->wants_more = self->is_fetching;
  if (self->is_fetching)
    return;
  self->is_fetching = TRUE;
  snapshot = g_new0 (Snapshot, 1);
  snapshot->sync = g_object_ref (self);
  snapshot->is_fresh = is_fresh;
  guiche_rest_call_async (self->session,
                          &(GuicheRestCall){ .method = "GET",
                                             .path = "/api/v1/snapshot",
                                             .max_bytes = MAX_SNAPSHOT_BYTES },
                          self->cancellable, on_snapshot, snapshot);
}

static void
on_snapshot_required (GuicheStream *stream, GuicheSync *self)
{
  self->seq = 0;
  fetch_snapshot (self, TRUE);
}

/* The rest. */

static void
guiche_sync_dispose (GObject *object)
{
  GuicheSync *self = GUICHE_SYNC (object);

  guiche_sync_stop (self);
  self->cache = NULL;
  if (self->stream != NULL)
    g_signal_handlers_disconnect_by_data (self->stream, self);
  g_clear_object (&self->stream);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (guiche_sync_parent_class)->dispose (object);
}

static void
guiche_sync_finalize (GObject *object)
{
  GuicheSync *self = GUICHE_SYNC (object);

  g_ptr_array_unref (self->waiting);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (guiche_sync_parent_class)->finalize (object);
}

static guint
new_signal (const char *name)
{
  return g_signal_new (name, GUICHE_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       0);
}

static void
guiche_sync_class_init (GuicheSyncClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = guiche_sync_dispose;
  object_class->finalize = guiche_sync_finalize;
  signals[SIGNAL_CHANGES] =
      g_signal_new ("changes", GUICHE_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_BOOLEAN);
  signals[SIGNAL_OP] = g_signal_new ("op", GUICHE_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, JSON_TYPE_OBJECT);
  signals[SIGNAL_STATE_CHANGED] = new_signal ("state-changed");
  signals[SIGNAL_FAILED] = g_signal_new ("failed", GUICHE_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
guiche_sync_init (GuicheSync *self)
{
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->cancellable = g_cancellable_new ();
  self->snapshot_back_off_ms = FIRST_SNAPSHOT_BACK_OFF_MS;
  self->ready_seq = -1;
}

GuicheSync *
guiche_sync_new (GuicheSession *session, GuicheCache *cache)
{
  GuicheSync *self = g_object_new (GUICHE_TYPE_SYNC, NULL);

  self->session = g_object_ref (session);
  self->cache = cache;
  self->seq = guiche_cache_get_seq (cache);
  self->stream = guiche_stream_new (session);
  guiche_stream_set_since (self->stream, get_since, self);
  g_signal_connect (self->stream, "event", G_CALLBACK (on_event), self);
  g_signal_connect (self->stream, "op", G_CALLBACK (on_op), self);
  g_signal_connect (self->stream, "state-changed", G_CALLBACK (on_stream_state), self);
  g_signal_connect (self->stream, "snapshot-required", G_CALLBACK (on_snapshot_required), self);
  return self;
}

void
guiche_sync_start (GuicheSync *self)
{
  GuicheId me = guiche_cache_get_me (self->cache);

  self->is_started = TRUE;
  if (guiche_id_is_none (&me))
    fetch_snapshot (self, TRUE);
  else
    guiche_stream_start (self->stream);
}

void
guiche_sync_start_over (GuicheSync *self)
{
  guiche_stream_stop (self->stream);
  g_ptr_array_set_size (self->waiting, 0);
  on_snapshot_required (self->stream, self);
}

void
guiche_sync_stop (GuicheSync *self)
{
  self->is_started = FALSE;
  g_clear_handle_id (&self->snapshot_timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  if (self->stream != NULL)
    guiche_stream_stop (self->stream);
}

void
guiche_sync_retry_now (GuicheSync *self)
{
  if (self->snapshot_timer != 0)
    fetch_snapshot (self, self->seq == 0);
  guiche_stream_retry_now (self->stream);
}

GuicheStream *
guiche_sync_get_stream (GuicheSync *self)
{
  return self->stream;
}

gboolean
guiche_sync_is_online (GuicheSync *self)
{
  return self->is_ready;
}

static void
on_text_applied (GuicheChanges *changes, const GError *error, gpointer user_data)
{
  g_autoptr (GuicheSync) self = user_data;
  g_autoptr (GuicheChanges) owned = changes;

  if (self->cache == NULL)
    return;
  if (error != NULL)
    report_failure (self, error);
  else
    take_changes (self, changes, FALSE);
}

void
guiche_sync_apply (GuicheSync *self, GuicheCacheInput input, GBytes *text)
{
  guiche_cache_apply_one (self->cache, input, text, on_text_applied, g_object_ref (self));
}
