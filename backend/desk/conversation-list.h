/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/conversation.h"

G_BEGIN_DECLS

/* Lists of conversations as the actor of @tx may see them. */
typedef enum {
  GUICHE_LIST_MINE,     /* assigned to me, open or pending; newest activity first */
  GUICHE_LIST_QUEUE,    /* waiting; by priority, longest waiting first */
  GUICHE_LIST_ALL,      /* not closed; newest activity first */
  GUICHE_LIST_SNOOZED,  /* who wakes first is first */
  GUICHE_LIST_CLOSED,   /* newest first */
  GUICHE_LIST_CHANNELS, /* internal and direct ones I am in; newest activity first */
  GUICHE_N_LISTS
} GuicheList;

extern const char *const guiche_list_names[GUICHE_N_LISTS + 1];
gboolean guiche_list_parse (const char *name, GuicheList *out_list);

/**
 * GuicheListPlace:
 *
 * Where a page ends: sort key and number of its last row. Zeroed with @is_set FALSE: from the
 * start.
 */
typedef struct {
  gboolean is_set;
  gint64 rank;
  gint64 number;
} GuicheListPlace;

/* Ids in order, at most @limit, after @place, which is moved on. (element-type GuicheId) */
GArray *guiche_conversation_list_ids (GuicheTx *tx,
                                      GuicheList list,
                                      const char *queue,
                                      GuicheListPlace *place,
                                      gsize limit,
                                      GError **error);
/* @queue and @cursor (nullable); *@out_cursor is %NULL at the end. (element-type
 * GuicheConversation) */
GPtrArray *guiche_conversations_list (GuicheTx *tx,
                                      GuicheList list,
                                      const char *queue,
                                      const char *cursor,
                                      gsize limit,
                                      char **out_cursor,
                                      GError **error);

G_END_DECLS
