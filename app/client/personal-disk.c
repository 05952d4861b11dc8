/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "client/personal-private.h"

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
  GuichePersonalDraft *draft =
      g_hash_table_lookup (write->personal->drafts, write->conversation_id);

  if (write->error != NULL)
    g_warning ("%s", write->error->message);
  if (write->is_mark || draft == NULL)
    return;
  draft->is_writing = FALSE;
  if (draft->is_unwritten)
    guiche_personal_write_draft (write->personal, write->conversation_id, draft);
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
void
guiche_personal_write_draft (GuichePersonal *self,
                             const char *conversation_id,
                             GuichePersonalDraft *draft)
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

void
guiche_personal_forget_draft (GuichePersonal *self, const char *conversation_id)
{
  guiche_worker_push (guiche_local_worker (self->local), run_write, NULL,
                      new_write (self, conversation_id), free_write);
  g_hash_table_remove (self->drafts, conversation_id);
}

void
guiche_personal_write_mark (GuichePersonal *self,
                            const char *conversation_id,
                            gint64 seq,
                            gboolean is_pending)
{
  Write *write = new_write (self, conversation_id);

  write->seq = seq;
  write->is_mark = TRUE;
  write->is_dirty = is_pending;
  guiche_worker_push (guiche_local_worker (self->local), run_write, report_write, write,
                      free_write);
}
