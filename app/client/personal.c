/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "client/personal-private.h"

#define PAUSE_MS 1500

G_DEFINE_FINAL_TYPE (GuichePersonal, guiche_personal, G_TYPE_OBJECT)

static void
free_draft (gpointer data)
{
  GuichePersonalDraft *draft = data;

  g_free (draft->body);
  g_free (draft);
}

static gboolean
on_pause (gpointer user_data)
{
  GuichePersonal *self = user_data;

  self->draft_timer = 0;
  guiche_personal_push (self);
  return G_SOURCE_REMOVE;
}

static void
on_state_changed (GuicheSync *sync, GuichePersonal *self)
{
  guiche_personal_push (self);
}

/* What was typed while the disk worked is still to be written. */
static void
flush_drafts (GuichePersonal *self)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->drafts);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    GuichePersonalDraft *draft = value;
    if (!draft->is_unwritten)
      continue;
    draft->is_writing = FALSE;
    guiche_personal_write_draft (self, key, draft);
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
    GuichePersonalDraft *draft = g_new0 (GuichePersonalDraft, 1);
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
  GuichePersonalDraft *draft = g_hash_table_lookup (self->drafts, conversation_id);

  if (draft == NULL) {
    draft = g_new0 (GuichePersonalDraft, 1);
    g_hash_table_insert (self->drafts, g_strdup (conversation_id), draft);
  } else if (g_strcmp0 (draft->body, body) == 0) {
    return;
  }
  g_free (draft->body);
  draft->body = g_strdup (body != NULL ? body : "");
  draft->is_dirty = TRUE;
  guiche_personal_write_draft (self, conversation_id, draft);
  g_clear_handle_id (&self->draft_timer, g_source_remove);
  self->draft_timer = g_timeout_add (PAUSE_MS, on_pause, self);
}

gboolean
guiche_personal_dup_draft (GuichePersonal *self, const char *conversation_id, char **out_body)
{
  GuichePersonalDraft *draft = g_hash_table_lookup (self->drafts, conversation_id);

  if (draft == NULL)
    return FALSE;
  *out_body = g_strdup (draft->body);
  return TRUE;
}

void
guiche_personal_draft_saved (GuichePersonal *self, const char *conversation_id)
{
  GuichePersonalDraft *draft = g_hash_table_lookup (self->drafts, conversation_id);

  if (draft != NULL && !draft->is_dirty && !draft->is_putting && !draft->is_writing)
    guiche_personal_forget_draft (self, conversation_id);
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
  guiche_personal_write_mark (self, conversation_id, seq, TRUE);
  guiche_personal_push (self);
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
