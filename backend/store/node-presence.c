/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/node-presence.h"

#include "store/node-store.h"

/* A change that is not written yet. */
typedef struct {
  char *tenant;
  GuicheId user_id;
  char *status; /* (nullable) */
} Change;

/* Outlives the node as long as an answer is on its way. */
typedef struct {
  gboolean is_closed; /* (thread main) */
} Door;

/* Somebody asked. */
typedef struct {
  Door *door; /* (owned) */
  GuichePresenceFunc func;
  gpointer user_data;
  GPtrArray *rows; /* (owned) (nullable) */
} Question;

struct _GuicheNodePresence {
  char *node;            /* (owned) */
  GMainContext *context; /* (owned) */
  Door *door;            /* (owned) */
  GMutex lock;
  GPtrArray *changes;   /* (owned) (lock) (element-type Change): in order */
  GPtrArray *questions; /* (owned) (lock) (element-type Question) */
};

static void
change_free (gpointer data)
{
  Change *self = data;

  g_free (self->tenant);
  g_free (self->status);
  g_free (self);
}

static void
question_free (gpointer data)
{
  Question *self = data;

  g_atomic_rc_box_release (self->door);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self);
}

GuicheNodePresence *
guiche_node_presence_new (const char *node, GMainContext *context)
{
  GuicheNodePresence *self = g_new0 (GuicheNodePresence, 1);

  self->node = g_strdup (node);
  self->context = g_main_context_ref (context);
  self->door = g_atomic_rc_box_new0 (Door);
  self->changes = g_ptr_array_new_with_free_func (change_free);
  self->questions = g_ptr_array_new_with_free_func (question_free);
  g_mutex_init (&self->lock);
  return self;
}

void
guiche_node_presence_free (GuicheNodePresence *self)
{
  self->door->is_closed = TRUE;
  g_ptr_array_unref (self->questions);
  g_ptr_array_unref (self->changes);
  g_atomic_rc_box_release (self->door);
  g_mutex_clear (&self->lock);
  g_main_context_unref (self->context);
  g_free (self->node);
  g_free (self);
}

void
guiche_node_presence_set (GuicheNodePresence *self,
                          const char *tenant,
                          const GuicheId *user_id,
                          const char *status)
{
  Change *change = g_new0 (Change, 1);

  change->tenant = g_strdup (tenant);
  change->user_id = *user_id;
  change->status = g_strdup (status);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->changes, change);
  g_mutex_unlock (&self->lock);
}

void
guiche_node_presence_read (GuicheNodePresence *self, GuichePresenceFunc func, gpointer user_data)
{
  Question *question = g_new0 (Question, 1);

  question->door = g_atomic_rc_box_acquire (self->door);
  question->func = func;
  question->user_data = user_data;
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->questions, question);
  g_mutex_unlock (&self->lock);
}

gboolean
guiche_node_presence_has_work (GuicheNodePresence *self)
{
  gboolean has_work;

  g_mutex_lock (&self->lock);
  has_work = self->changes->len > 0 || self->questions->len > 0;
  g_mutex_unlock (&self->lock);
  return has_work;
}

/* What could not be written stays first in line. */
static gboolean
write_changes (GuicheNodePresence *self, GuicheDb *db, gint64 now_us, GError **error)
{
  for (;;) {
    Change *change;

    g_mutex_lock (&self->lock);
    change = self->changes->len > 0 ? g_ptr_array_steal_index (self->changes, 0) : NULL;
    g_mutex_unlock (&self->lock);
    if (change == NULL)
      return TRUE;

    if (!guiche_presence_store_set (db, self->node, change->tenant, &change->user_id,
                                    change->status, now_us, error)) {
      g_mutex_lock (&self->lock);
      g_ptr_array_insert (self->changes, 0, change);
      g_mutex_unlock (&self->lock);
      return FALSE;
    }
    change_free (change);
  }
}

static gboolean
on_answered (gpointer data)
{
  Question *self = data;

  if (!self->door->is_closed)
    self->func (self->rows, self->user_data);
  return G_SOURCE_REMOVE;
}

static void
answer (GuicheNodePresence *self, Question *question, GPtrArray *rows)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  question->rows = rows == NULL ? NULL : g_ptr_array_ref (rows);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_answered, question, question_free);
  g_source_attach (source, self->context);
}

static gboolean
answer_questions (GuicheNodePresence *self, GuicheDb *db, gint64 now_us, GError **error)
{
  g_autoptr (GPtrArray) questions = g_ptr_array_new ();
  g_autoptr (GPtrArray) rows = NULL;

  g_mutex_lock (&self->lock);
  while (self->questions->len > 0)
    g_ptr_array_add (questions, g_ptr_array_steal_index (self->questions, 0));
  g_mutex_unlock (&self->lock);
  if (questions->len == 0)
    return TRUE;

  if (db != NULL)
    rows = guiche_presence_store_list (db, self->node, now_us, error);
  for (guint i = 0; i < questions->len; i++)
    answer (self, questions->pdata[i], rows);
  return db == NULL || rows != NULL;
}

gboolean
guiche_node_presence_work (GuicheNodePresence *self, GuicheDb *db, gint64 now_us, GError **error)
{
  gboolean is_written = db == NULL || write_changes (self, db, now_us, error);

  return answer_questions (self, is_written ? db : NULL, now_us, is_written ? error : NULL) &&
         is_written;
}
