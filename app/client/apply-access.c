/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/apply.h"

#include <string.h>

static gboolean
sees_all_customers (const char *role)
{
  return g_strcmp0 (role, "supervisor") == 0 || g_strcmp0 (role, "admin") == 0;
}

static gboolean
has_key (char *const *keys, const char *key)
{
  return keys != NULL && key != NULL && g_strv_contains ((const char *const *) keys, key);
}

static gboolean
is_joined (const GuicheAccessRecord *access, const char *conversation_id)
{
  GuicheId id;

  if (!guiche_id_parse (conversation_id, &id))
    return FALSE;
  for (gsize i = 0; i < access->n_channels; i++)
    if (guiche_id_equal (&access->channels[i], &id))
      return TRUE;
  return FALSE;
}

static gboolean
may_see (const GuicheAccessRecord *access, const char *me, const GuicheConversationRow *row)
{
  if (strcmp (row->kind, "channel") == 0)
    return is_joined (access, row->id);
  if (strcmp (row->kind, "direct") == 0)
    return has_key (row->members, me);
  return sees_all_customers (access->role) || has_key (access->queues, row->queue) ||
         g_strcmp0 (row->assignee_id, me) == 0;
}

static gboolean
drop (GuicheApply *self, const GuicheId *id, GError **error)
{
  guiche_changes_add (self->changes->conversations, id);
  return guiche_conversation_store_drop (self->db, id, error);
}

gboolean
guiche_apply_access (GuicheApply *self, const GuicheAccessRecord *access, GError **error)
{
  g_autoptr (GPtrArray) ids = NULL;
  g_autofree char *me = guiche_id_dup_string (&self->me);

  if (!guiche_id_equal (&access->user_id, &self->me))
    return TRUE;
  if (!guiche_user_store_set_access (self->db, access, error))
    return FALSE;
  self->changes->has_access = self->changes->has_people = self->changes->has_queues = TRUE;
  ids = guiche_conversation_store_ids (self->db);
  for (guint i = 0; i < ids->len; i++) {
    g_autoptr (GuicheConversationRow) row =
                   guiche_conversation_store_read (self->db, g_ptr_array_index (ids, i));
    GuicheId id;

    if (row == NULL || may_see (access, me, row) || !guiche_id_parse (row->id, &id))
      continue;
    if (!drop (self, &id, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
guiche_apply_moved (GuicheApply *self, const GuicheMovedRecord *moved, GError **error)
{
  g_autoptr (GuicheUserRow) me = guiche_user_store_read (self->db, &self->me);

  if (me != NULL && (sees_all_customers (me->role) || has_key (me->queues, moved->queue)))
    return TRUE;
  if (guiche_id_equal (&moved->assignee_id, &self->me))
    return TRUE;
  return drop (self, &moved->conversation_id, error);
}
