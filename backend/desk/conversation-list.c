/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/conversation-list.h"

#include "desk/emit.h"

const char *const guiche_list_names[GUICHE_N_LISTS + 1] = { "mine",   "queue",    "all", "snoozed",
                                                            "closed", "channels", NULL };

gboolean
guiche_list_parse (const char *name, GuicheList *out_list)
{
  for (int i = 0; i < GUICHE_N_LISTS; i++) {
    if (g_str_equal (guiche_list_names[i], name)) {
      *out_list = (GuicheList) i;
      return TRUE;
    }
  }
  return FALSE;
}

/* `rank.number` */
static gboolean
parse_place (const char *cursor, GuicheListPlace *place)
{
  g_auto (GStrv) parts = g_strsplit (cursor, ".", -1);

  place->is_set = TRUE;
  return g_strv_length (parts) == 2 &&
         g_ascii_string_to_signed (parts[0], 10, -G_MAXINT64, G_MAXINT64, &place->rank, NULL) &&
         g_ascii_string_to_signed (parts[1], 10, -G_MAXINT64, G_MAXINT64, &place->number, NULL);
}

static GPtrArray *
load_all (GuicheTx *tx, const GArray *ids, gsize limit, GError **error)
{
  g_autoptr (GPtrArray) conversations =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_conversation_unref);

  for (guint i = 0; i < ids->len && i < limit; i++) {
    GuicheConversation *conversation =
        guiche_conversation_load (tx, &g_array_index (ids, GuicheId, i), error);

    if (conversation == NULL)
      return NULL;
    g_ptr_array_add (conversations, conversation);
  }
  return g_steal_pointer (&conversations);
}

GPtrArray *
guiche_conversations_list (GuicheTx *tx,
                           GuicheList list,
                           const char *queue,
                           const char *cursor,
                           gsize limit,
                           char **out_cursor,
                           GError **error)
{
  g_autoptr (GArray) ids = NULL;
  g_autoptr (GArray) more = NULL;
  GuicheListPlace place = { 0 };

  *out_cursor = NULL;
  if (cursor != NULL && !parse_place (cursor, &place)) {
    guiche_desk_refuse_field (error, "cursor", "is none that was given");
    return NULL;
  }
  ids = guiche_conversation_list_ids (tx, list, queue, &place, limit, error);
  if (ids == NULL)
    return NULL;
  if (ids->len == limit) {
    GuicheListPlace end = place;

    more = guiche_conversation_list_ids (tx, list, queue, &place, 1, error);
    if (more == NULL)
      return NULL;
    if (more->len > 0)
      *out_cursor =
          g_strdup_printf ("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, end.rank, end.number);
  }
  return load_all (tx, ids, limit, error);
}
