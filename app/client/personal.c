/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "client/personal.h"

#include "base/json-writer.h"
#include "client/rest.h"

#define PAUSE_MS 1500
#define RETRY_MS 10000

typedef struct {
  char *body;                        /* (owned) */
  gboolean is_dirty;                 /* the server does not have it */
  gboolean is_writing, is_unwritten; /* to the disk */
  gboolean is_putting;               /* to the server */
} Draft;

struct _GuichePersonal {
  GObject parent_instance;
  GuicheLocal *local;
  GuicheSession *session;    /* (owned) */
  GuicheSync *sync;          /* (owned) */
  GHashTable *drafts;        /* (owned) (element-type utf8 Draft) */
  GHashTable *marks;         /* (owned) (element-type utf8 gint64): not yet at the server */
  GHashTable *posting;       /* (owned) (element-type utf8): marks on their way */
  GCancellable *cancellable; /* (owned) */
  guint draft_timer, retry_timer;
};

G_DEFINE_FINAL_TYPE (GuichePersonal, guiche_personal, G_TYPE_OBJECT)

static void write_draft (GuichePersonal *self, const char *conversation_id, Draft *draft);
static void push_all (GuichePersonal *self);

static void
free_draft (gpointer data)
{
  Draft *draft = data;

  g_free (draft->body);
  g_free (draft);
}

/* --- the disk ----------------------------------------------------------------------------- */

typedef struct {
  GuichePersonal *personal; /* (owned) */
  GuicheDatabase *db;
  char *conversation_id; /* (owned) */
  char *body;            /* (owned) (nullable) */
  gint64 seq;
  gboolean is_dirty, is_mark;
  GError *error; /* (owned) */
} Write;

static void
run_write (gpointer data)
{
  Write *write = data;

  if (!write->is_mark)
    guiche_local_draft_store_put (write->db, write->conversation_id, write->body, write->is_dirty,
                                  &write->error);
  else if (write->is_dirty)
    guiche_local_mark_store_put (write->db, write->conversation_id, write->seq, &write->error);
  else
    guiche_local_mark_store_drop (write->db, write->conversation_id, write->seq, &write->error);
}

static void
report_write (gpointer data)
{
  Write *write = data;
  Draft *draft = g_hash_table_lookup (write->personal->drafts, write->conversation_id);

  if (write->error != NULL)
    g_warning ("%s", write->error->message);
  if (write->is_mark || draft == NULL)
    return;
  draft->is_writing = FALSE;
  if (draft->is_unwritten)
    write_draft (write->personal, write->conversation_id, draft);
}

static void
free_write (gpointer data)
{
  Write *write = data;

  g_object_unref (write->personal);
  g_free (write->conversation_id);
  g_free (write->body);
  g_clear_error (&write->error);
  g_free (write);
}

static Write *
new_write (GuichePersonal *self, const char *conversation_id)
{
  Write *write = g_new0 (Write, 1);

  write->personal = g_object_ref (self);
  write->db = guiche_local_database (self->local);
  write->conversation_id = g_strdup (conversation_id);
  return write;
}

/* One write at a time: while the disk works, only the newest text is kept for the next. */
static void
write_draft (GuichePersonal *self, const char *conversation_id, Draft *draft)
{
  Write *write;

  draft->is_unwritten = draft->is_writing;
  if (draft->is_writing)
    return;
  draft->is_writing = TRUE;
  write = new_write (self, conversation_id);
  write->body = g_strdup (draft->body);
  write->is_dirty = draft->is_dirty;
  guiche_worker_push (guiche_local_worker (self->local), run_write, report_write, write,
                      free_write);
}

static void
forget_draft (GuichePersonal *self, const char *conversation_id)
{
  guiche_worker_push (guiche_local_worker (self->local), run_write, NULL,
                      new_write (self, conversation_id), free_write);
  g_hash_table_remove (self->drafts, conversation_id);
}

static void
write_mark (GuichePersonal *self, const char *conversation_id, gint64 seq, gboolean is_pending)
{
  Write *write = new_write (self, conversation_id);

  write->seq = seq;
  write->is_mark = TRUE;
  write->is_dirty = is_pending;
  guiche_worker_push (guiche_local_worker (self->local), run_write, report_write, write,
                      free_write);
}

/* --- the server ----------------------------------------------------------------------------- */

typedef struct {
  GWeakRef personal;
  char *conversation_id; /* (owned) */
  char *body;            /* (owned) (nullable) */
  gint64 seq;
} Put;

static Put *
new_put (GuichePersonal *self, const char *conversation_id)
{
  Put *put = g_new0 (Put, 1);

  g_weak_ref_init (&put->personal, self);
  put->conversation_id = g_strdup (conversation_id);
  return put;
}

static void
free_put (Put *put)
{
  g_weak_ref_clear (&put->personal);
  g_free (put->conversation_id);
  g_free (put->body);
  g_free (put);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Put, free_put)

static gboolean
on_retry (gpointer user_data)
{
  GuichePersonal *self = user_data;

  self->retry_timer = 0;
  push_all (self);
  return G_SOURCE_REMOVE;
}

static void
retry_later (GuichePersonal *self)
{
  if (self->retry_timer == 0 && self->sync != NULL)
    self->retry_timer = g_timeout_add (RETRY_MS, on_retry, self);
}

/* What the server will never take is not offered again. */
static gboolean
is_settled (const GError *error)
{
  return error == NULL || g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND) ||
         g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN) ||
         g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT) ||
         g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST);
}

static void
on_draft_put (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Put) put = user_data;
  g_autoptr (GuichePersonal) self = g_weak_ref_get (&put->personal);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, &error);
  Draft *draft = self != NULL ? g_hash_table_lookup (self->drafts, put->conversation_id) : NULL;

  if (draft == NULL)
    return;
  draft->is_putting = FALSE;
  if (!is_settled (error)) {
    retry_later (self);
    return;
  }
  if (g_strcmp0 (draft->body, put->body) != 0) {
    push_all (self);
    return;
  }
  draft->is_dirty = FALSE;
  write_draft (self, put->conversation_id, draft);
}

static void
put_draft (GuichePersonal *self, const char *conversation_id, Draft *draft)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  g_autofree char *path = g_strdup_printf ("/api/v1/conversations/%s/draft", conversation_id);
  Put *put = new_put (self, conversation_id);

  draft->is_putting = TRUE;
  put->body = g_strdup (draft->body);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "body", draft->body);
  guiche_json_writer_end_object (writer);
  guiche_rest_call_async (self->session,
                          &(GuicheRestCall){ .method = "PUT",
                                             .path = path,
                                             .body = guiche_json_writer_peek (writer, NULL) },
                          self->cancellable, on_draft_put, put);
}

static void
on_mark_posted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Put) put = user_data;
  g_autoptr (GuichePersonal) self = g_weak_ref_get (&put->personal);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, &error);
  gint64 *seq = self != NULL ? g_hash_table_lookup (self->marks, put->conversation_id) : NULL;

  if (self == NULL)
    return;
  g_hash_table_remove (self->posting, put->conversation_id);
  if (!is_settled (error)) {
    retry_later (self);
    return;
  }
  write_mark (self, put->conversation_id, put->seq, FALSE);
  if (seq != NULL && *seq <= put->seq)
    g_hash_table_remove (self->marks, put->conversation_id);
  else
    push_all (self);
}

static void
post_mark (GuichePersonal *self, const char *conversation_id, gint64 seq)
{
  g_autofree char *path = g_strdup_printf ("/api/v1/conversations/%s/read", conversation_id);
  g_autofree char *body = g_strdup_printf ("{\"seq\":%" G_GINT64_FORMAT "}", seq);
  Put *put = new_put (self, conversation_id);

  put->seq = seq;
  g_hash_table_add (self->posting, g_strdup (conversation_id));
  guiche_rest_call_async (self->session,
                          &(GuicheRestCall){ .method = "POST", .path = path, .body = body },
                          self->cancellable, on_mark_posted, put);
}

static void
push_drafts (GuichePersonal *self)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->drafts);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    Draft *draft = value;
    if (draft->is_dirty && !draft->is_putting)
      put_draft (self, key, draft);
  }
}

static void
push_marks (GuichePersonal *self)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->marks);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!g_hash_table_contains (self->posting, key))
      post_mark (self, key, *(gint64 *) value);
}

static void
push_all (GuichePersonal *self)
{
  if (self->sync == NULL || !guiche_sync_is_online (self->sync))
    return;
  push_marks (self);
  if (self->draft_timer == 0)
    push_drafts (self);
}

static gboolean
on_pause (gpointer user_data)
{
  GuichePersonal *self = user_data;

  self->draft_timer = 0;
  push_all (self);
  return G_SOURCE_REMOVE;
}

static void
on_state_changed (GuicheSync *sync, GuichePersonal *self)
{
  push_all (self);
}

/* --- the object ------------------------------------------------------------------------------ */

/* What was typed while the disk worked is still to be written. */
static void
flush_drafts (GuichePersonal *self)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->drafts);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    Draft *draft = value;
    if (!draft->is_unwritten)
      continue;
    draft->is_writing = FALSE;
    write_draft (self, key, draft);
  }
}

static void
guiche_personal_dispose (GObject *object)
{
  GuichePersonal *self = GUICHE_PERSONAL (object);

  if (self->sync != NULL)
    flush_drafts (self);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->draft_timer, g_source_remove);
  g_clear_handle_id (&self->retry_timer, g_source_remove);
  if (self->sync != NULL)
    g_signal_handlers_disconnect_by_data (self->sync, self);
  g_clear_object (&self->sync);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (guiche_personal_parent_class)->dispose (object);
}

static void
guiche_personal_finalize (GObject *object)
{
  GuichePersonal *self = GUICHE_PERSONAL (object);

  g_hash_table_unref (self->drafts);
  g_clear_pointer (&self->marks, g_hash_table_unref);
  g_hash_table_unref (self->posting);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (guiche_personal_parent_class)->finalize (object);
}

static void
guiche_personal_class_init (GuichePersonalClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guiche_personal_dispose;
  G_OBJECT_CLASS (klass)->finalize = guiche_personal_finalize;
}

static void
guiche_personal_init (GuichePersonal *self)
{
  self->cancellable = g_cancellable_new ();
  self->drafts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_draft);
  self->posting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

typedef struct {
  GuicheDatabase *db;
  GPtrArray *drafts; /* (owned) */
  GHashTable *marks; /* (owned) */
} Load;

static void
run_load (gpointer data)
{
  Load *load = data;

  load->drafts = guiche_local_draft_store_list (load->db);
  load->marks = guiche_local_mark_store_list (load->db);
}

GuichePersonal *
guiche_personal_new (GuicheLocal *local, GuicheSession *session, GuicheSync *sync)
{
  GuichePersonal *self = g_object_new (GUICHE_TYPE_PERSONAL, NULL);
  Load load = { .db = guiche_local_database (local) };

  self->local = local;
  self->session = g_object_ref (session);
  self->sync = g_object_ref (sync);
  guiche_worker_run_sync (guiche_local_worker (local), run_load, &load);
  self->marks = load.marks;
  for (guint i = 0; i + 2 < load.drafts->len; i += 3) {
    Draft *draft = g_new0 (Draft, 1);
    draft->body = g_strdup (g_ptr_array_index (load.drafts, i + 1));
    draft->is_dirty = g_str_equal (g_ptr_array_index (load.drafts, i + 2), "1");
    g_hash_table_insert (self->drafts, g_strdup (g_ptr_array_index (load.drafts, i)), draft);
  }
  g_ptr_array_unref (load.drafts);
  g_signal_connect (sync, "state-changed", G_CALLBACK (on_state_changed), self);
  return self;
}

void
guiche_personal_set_draft (GuichePersonal *self, const char *conversation_id, const char *body)
{
  Draft *draft = g_hash_table_lookup (self->drafts, conversation_id);

  if (draft == NULL) {
    draft = g_new0 (Draft, 1);
    g_hash_table_insert (self->drafts, g_strdup (conversation_id), draft);
  } else if (g_strcmp0 (draft->body, body) == 0) {
    return;
  }
  g_free (draft->body);
  draft->body = g_strdup (body != NULL ? body : "");
  draft->is_dirty = TRUE;
  write_draft (self, conversation_id, draft);
  g_clear_handle_id (&self->draft_timer, g_source_remove);
  self->draft_timer = g_timeout_add (PAUSE_MS, on_pause, self);
}

gboolean
guiche_personal_dup_draft (GuichePersonal *self, const char *conversation_id, char **out_body)
{
  Draft *draft = g_hash_table_lookup (self->drafts, conversation_id);

  if (draft == NULL)
    return FALSE;
  *out_body = g_strdup (draft->body);
  return TRUE;
}

void
guiche_personal_draft_saved (GuichePersonal *self, const char *conversation_id)
{
  Draft *draft = g_hash_table_lookup (self->drafts, conversation_id);

  if (draft != NULL && !draft->is_dirty && !draft->is_putting && !draft->is_writing)
    forget_draft (self, conversation_id);
}

void
guiche_personal_mark_read (GuichePersonal *self, const char *conversation_id, gint64 seq)
{
  gint64 *mark = g_hash_table_lookup (self->marks, conversation_id);

  if (mark != NULL && *mark >= seq)
    return;
  mark = g_new (gint64, 1);
  *mark = seq;
  g_hash_table_insert (self->marks, g_strdup (conversation_id), mark);
  write_mark (self, conversation_id, seq, TRUE);
  push_all (self);
}

gint64
guiche_personal_get_read_seq (GuichePersonal *self, const char *conversation_id)
{
  const gint64 *mark = g_hash_table_lookup (self->marks, conversation_id);

  return mark != NULL ? *mark : 0;
}

GList *
guiche_personal_list_drafts (GuichePersonal *self)
{
  return g_hash_table_get_keys (self->drafts);
}
