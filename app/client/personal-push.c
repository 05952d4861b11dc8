/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "base/json-writer.h"
#include "client/personal-private.h"
#include "client/rest.h"

#define RETRY_MS 10000

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
  guiche_personal_push (self);
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
  GuichePersonalDraft *draft =
      self != NULL ? g_hash_table_lookup (self->drafts, put->conversation_id) : NULL;

  if (draft == NULL)
    return;
  draft->is_putting = FALSE;
  if (!is_settled (error)) {
    retry_later (self);
    return;
  }
  if (g_strcmp0 (draft->body, put->body) != 0) {
    guiche_personal_push (self);
    return;
  }
  draft->is_dirty = FALSE;
  guiche_personal_write_draft (self, put->conversation_id, draft);
}

static void
put_draft (GuichePersonal *self, const char *conversation_id, GuichePersonalDraft *draft)
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
  guiche_personal_write_mark (self, put->conversation_id, put->seq, FALSE);
  if (seq != NULL && *seq <= put->seq)
    g_hash_table_remove (self->marks, put->conversation_id);
  else
    guiche_personal_push (self);
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
    GuichePersonalDraft *draft = value;
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

void
guiche_personal_push (GuichePersonal *self)
{
  if (self->sync == NULL || !guiche_sync_is_online (self->sync))
    return;
  push_marks (self);
  if (self->draft_timer == 0)
    push_drafts (self);
}
