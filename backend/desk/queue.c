/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/queue.h"

#include "base/error.h"
#include "base/text.h"
#include "desk/emit.h"
#include "desk/queue-store.h"
#include "desk/sender.h"
#include "people/access.h"
#include "people/user.h"

#define NAME_CHARACTERS_MAX 60
#define DEFAULT_PRIORITY 5

GPtrArray *
guiche_queues_list (GuicheTx *tx, GError **error)
{
  return guiche_queue_store_list (tx, NULL, error);
}

gboolean
guiche_queue_load (GuicheTx *tx, const char *key, GuicheQueueRecord *out, GError **error)
{
  g_autoptr (GPtrArray) queues = guiche_queue_store_list (tx, key, error);
  GuicheQueueRecord *queue;

  *out = (GuicheQueueRecord){ 0 };
  if (queues == NULL)
    return FALSE;
  if (key == NULL || queues->len == 0) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no such queue");
    return FALSE;
  }
  queue = g_ptr_array_index (queues, 0);
  *out = *queue;
  *queue = (GuicheQueueRecord){ 0 };
  return TRUE;
}

gboolean
guiche_queue_find_priority (GuicheTx *tx, const char *key, gint64 *out_priority, GError **error)
{
  g_auto (GuicheQueueRecord) queue = { 0 };
  g_autoptr (GError) failure = NULL;

  *out_priority = DEFAULT_PRIORITY;
  if (key == NULL || guiche_queue_load (tx, key, &queue, &failure)) {
    *out_priority = key == NULL ? DEFAULT_PRIORITY : queue.priority;
    return TRUE;
  }
  if (g_error_matches (failure, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND))
    return guiche_desk_refuse_field (error, "queue", "is none of the company's queues");
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
contains (const GuicheId *ids, gsize n_ids, const GuicheId *id)
{
  for (gsize i = 0; i < n_ids; i++)
    if (guiche_id_equal (&ids[i], id))
      return TRUE;
  return FALSE;
}

static gboolean
apply_values (GuicheQueueRecord *queue, const GuicheQueueChange *change, GError **error)
{
  if (change->name != NULL) {
    g_free (queue->name);
    queue->name = guiche_text_one_line (change->name, NAME_CHARACTERS_MAX);
    if (*queue->name == '\0')
      return guiche_desk_refuse_field (error, "name", "is empty");
  }
  if (change->priority > 9)
    return guiche_desk_refuse_field (error, "priority", "is not from 0 to 9");
  if (change->priority >= 0)
    queue->priority = change->priority;
  if (change->position >= 0)
    queue->position = change->position;
  return TRUE;
}

/* Adds and removes; *@out_changed takes who came or went. */
static gboolean
apply_members (GuicheTx *tx,
               const GuicheQueueRecord *queue,
               const GuicheQueueChange *change,
               GArray *out_changed,
               GError **error)
{
  for (gsize i = 0; change->members != NULL && i < change->n_members; i++) {
    if (contains (queue->members, queue->n_members, &change->members[i]))
      continue;
    if (!guiche_sender_check_user (tx, &change->members[i], error) ||
        !guiche_queue_store_add_member (tx, &queue->id, &change->members[i], error))
      return FALSE;
    if (!contains ((GuicheId *) (gpointer) out_changed->data, out_changed->len,
                   &change->members[i]))
      g_array_append_val (out_changed, change->members[i]);
  }
  for (gsize i = 0; change->members != NULL && i < queue->n_members; i++) {
    if (contains (change->members, change->n_members, &queue->members[i]))
      continue;
    if (!guiche_queue_store_remove_member (tx, &queue->id, &queue->members[i], error))
      return FALSE;
    g_array_append_val (out_changed, queue->members[i]);
  }
  return TRUE;
}

static gboolean
emit_updated (GuicheTx *tx, const GuicheQueueRecord *queue, GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "queue");
  guiche_queue_record_to_json (queue, writer);
  guiche_json_writer_end_object (writer);
  return guiche_desk_emit (tx, "queue.updated", GUICHE_AUDIENCE_EVERYBODY, &queue->id, writer,
                           error) &&
         guiche_tx_audit (tx, "queue.update", &queue->id, NULL, error);
}

static gboolean
announce_users (GuicheTx *tx, const GArray *users, GError **error)
{
  for (guint i = 0; i < users->len; i++) {
    const GuicheId *id = &g_array_index (users, GuicheId, i);

    if (!guiche_user_announce (tx, id, error) || !guiche_access_announce (tx, id, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
guiche_queue_update (GuicheTx *tx,
                     const char *key,
                     const GuicheQueueChange *change,
                     GuicheQueueRecord *out,
                     GError **error)
{
  g_autoptr (GArray) changed = g_array_new (FALSE, FALSE, sizeof (GuicheId));
  g_auto (GuicheQueueRecord) queue = { 0 };

  if (!guiche_queue_load (tx, key, &queue, error) || !apply_values (&queue, change, error) ||
      !guiche_queue_store_update (tx, &queue, error) ||
      !apply_members (tx, &queue, change, changed, error))
    return FALSE;
  return guiche_queue_load (tx, key, out, error) && emit_updated (tx, out, error) &&
         announce_users (tx, changed, error);
}
