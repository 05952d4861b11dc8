/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "model/desk-private.h"

#include <string.h>

#define BEFORE 40
#define AROUND 140

/* The part of @body around the first word of @query, on one line. Folding changes lengths, so the
 * place is found character by character. */
static char *
snippet_of (const char *body, const char *query)
{
  g_autofree char *line = guiche_text_one_line (body != NULL ? body : "", 4000);
  g_auto (GStrv) words = g_strsplit (query, " ", 2);
  g_autofree char *word = guiche_text_fold (words[0] != NULL ? words[0] : "");
  glong length = g_utf8_strlen (line, -1), at = 0, from;

  for (const char *c = line; *c != '\0' && *word != '\0' && at < length;
       c = g_utf8_next_char (c), at++) {
    g_autofree char *rest = g_utf8_substring (c, 0, MIN (length - at, (glong) strlen (word) + 2));
    g_autofree char *folded = guiche_text_fold (rest);
    if (g_str_has_prefix (folded, word))
      break;
  }
  if (at >= length || length <= AROUND)
    at = 0;
  from = MAX (at - BEFORE, 0);
  g_autofree char *part = g_utf8_substring (line, from, MIN (from + AROUND, length));
  return g_strconcat (from > 0 ? "…" : "", part, from + AROUND < length ? "…" : "", NULL);
}

static GuicheHitKind
hit_kind (GuicheFoundKind kind)
{
  switch (kind) {
  case GUICHE_FOUND_MESSAGE:
    return GUICHE_HIT_MESSAGE;
  case GUICHE_FOUND_CONVERSATION:
    return GUICHE_HIT_CONVERSATION;
  default:
    return GUICHE_HIT_PERSON;
  }
}

static GuicheSearchHit *
make_hit (GuicheFound *found, const char *query)
{
  GuicheHitValues values = {
    .kind = hit_kind (found->kind),
    .title = g_steal_pointer (&found->title),
    .snippet = found->kind == GUICHE_FOUND_MESSAGE ? snippet_of (found->text, query)
                                                   : g_steal_pointer (&found->text),
    .conversation_id = g_steal_pointer (&found->conversation_id),
    .customer_id = g_steal_pointer (&found->customer_id),
    .user_id = g_steal_pointer (&found->user_id),
    .at = found->at,
    .message_seq = found->seq,
  };

  return guiche_search_hit_new_take (&values);
}

static void
query_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) found = guiche_index_query_finish (result, &error);
  GListStore *hits;

  if (found == NULL) {
    g_task_return_error (task, error);
    return;
  }
  hits = g_list_store_new (GUICHE_TYPE_SEARCH_HIT);
  for (guint i = 0; i < found->len; i++) {
    g_autoptr (GuicheSearchHit) hit =
                   make_hit (g_ptr_array_index (found, i), g_task_get_task_data (task));
    g_list_store_append (hits, hit);
  }
  g_task_return_pointer (task, hits, g_object_unref);
}

/**
 * guiche_desk_search_async:
 *
 * Searches people, conversations and messages, in this order; a new search ends the one before.
 */
void
guiche_desk_search_async (GuicheDesk *self,
                          const char *query,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task;

  g_return_if_fail (GUICHE_IS_DESK (self) && query != NULL);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_task_data (task, g_strdup (query), g_free);
  guiche_index_query_async (self->index, query, cancellable, query_cb, task);
}

GListModel *
guiche_desk_search_finish (GuicheDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
