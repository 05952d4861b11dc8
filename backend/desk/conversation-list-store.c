/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/conversation-list.h"
#include "desk/internal-channel.h"

/* What the actor may see of customers' conversations, as guiche_conversation_may_see() says: $1
 * whether they are a supervisor, $2 their id; $3 a queue's key or null. */
#define SEEN                                                                                       \
  "c.kind = 'customer' AND ($1 = 1 OR c.assignee_id = $2 OR c.queue IN (SELECT q.key FROM queues " \
  "q "                                                                                             \
  "JOIN queue_members m ON m.queue_id = q.id WHERE m.user_id = $2)) AND ($3 IS NULL OR c.queue = " \
  "$3) "
#define MEMBER                                                                                     \
  "c.kind <> 'customer' AND $1 = $1 AND ($3 IS NULL OR $3 = $3) AND c.id IN (SELECT "              \
  "m.conversation_id "                                                                             \
  "FROM conversation_members m WHERE m.user_id = $2) "
/* Said although a state says it: it is the condition of an index. */
#define ACTIVE "c.state <> 'closed' "
/* Minus the time of the last message or change. */
#define BY_ACTIVITY "-CASE WHEN l.at > c.updated_at THEN l.at ELSE c.updated_at END"
#define BY_WAITING "c.priority * 100000000000000000 + COALESCE(c.queued_at, 0)"

#define LIST(rank, condition)                                                                      \
  "SELECT id, rank, number FROM (SELECT c.id AS id, " rank " AS rank, c.number AS number FROM "    \
  "conversations c LEFT JOIN messages l ON l.conversation = c.number AND l.seq = (SELECT "         \
  "max(seq) "                                                                                      \
  "FROM messages WHERE conversation = c.number) WHERE " condition                                  \
  ") AS listed WHERE rank > $4 OR (rank = $4 AND number > $5) ORDER BY rank, number LIMIT $6"
/* The closed are many: newest first is the order of their index. The place is minus closed_at. */
#define CLOSED_LIST                                                                                \
  "SELECT c.id, -c.closed_at, -c.number FROM conversations c WHERE " SEEN                          \
  "AND c.state = 'closed' "                                                                        \
  "AND c.closed_at <= -$4 AND (c.closed_at < -$4 OR c.number < -$5) "                              \
  "ORDER BY c.closed_at DESC, c.number DESC LIMIT $6"

static GuicheStatement *
prepare_list (GuicheTx *tx, GuicheList list, GError **error)
{
  switch (list) {
  case GUICHE_LIST_MINE:
    return guiche_tx_prepare (tx,
                              LIST (BY_ACTIVITY,
                                    SEEN "AND " ACTIVE "AND c.state IN ('open', 'pending') "
                                         "AND c.assignee_id = $2"),
                              error);
  case GUICHE_LIST_QUEUE:
    return guiche_tx_prepare (tx, LIST (BY_WAITING, SEEN "AND " ACTIVE "AND c.state = 'waiting'"),
                              error);
  case GUICHE_LIST_SNOOZED:
    return guiche_tx_prepare (
        tx, LIST ("c.snoozed_until", SEEN "AND " ACTIVE "AND c.state = 'snoozed'"), error);
  case GUICHE_LIST_CLOSED:
    return guiche_tx_prepare (tx, CLOSED_LIST, error);
  case GUICHE_LIST_CHANNELS:
    return guiche_tx_prepare (tx, LIST (BY_ACTIVITY, MEMBER), error);
  case GUICHE_LIST_ALL:
  case GUICHE_N_LISTS:
  default:
    return guiche_tx_prepare (tx, LIST (BY_ACTIVITY, SEEN "AND " ACTIVE), error);
  }
}

GArray *
guiche_conversation_list_ids (GuicheTx *tx,
                              GuicheList list,
                              const char *queue,
                              GuicheListPlace *place,
                              gsize limit,
                              GError **error)
{
  const GuicheActor *actor = guiche_tx_actor (tx);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (GuicheId));
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows = prepare_list (tx, list, error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_int (
      rows, 1, actor->role == GUICHE_ROLE_NONE || actor->role >= GUICHE_ROLE_SUPERVISOR);
  guiche_statement_bind_id (rows, 2, &actor->id);
  guiche_statement_bind_text (rows, 3, queue);
  guiche_statement_bind_int (rows, 4, place->is_set ? place->rank : -G_MAXINT64);
  guiche_statement_bind_int (rows, 5, place->is_set ? place->number : -G_MAXINT64);
  guiche_statement_bind_int (rows, 6, (gint64) limit);
  while (guiche_statement_next (rows, &failure)) {
    GuicheId id = guiche_statement_id (rows, 0);

    g_array_append_val (ids, id);
    *place =
        (GuicheListPlace){ TRUE, guiche_statement_int (rows, 1), guiche_statement_int (rows, 2) };
  }
  if (failure == NULL)
    return g_steal_pointer (&ids);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

GPtrArray *
guiche_channels_list (GuicheTx *tx, GError **error)
{
  g_autoptr (GPtrArray) channels =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_channel_summary_free);
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows = guiche_tx_prepare (
      tx,
      "SELECT c.id, c.title, (SELECT count(*) FROM conversation_members m WHERE m.conversation_id "
      "= c.id), "
      "EXISTS (SELECT 1 FROM conversation_members m WHERE m.conversation_id = c.id AND m.user_id = "
      "$1) "
      "FROM conversations c WHERE c.kind = 'channel' ORDER BY c.title LIMIT 1000",
      error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_id (rows, 1, &guiche_tx_actor (tx)->id);
  while (guiche_statement_next (rows, &failure)) {
    GuicheChannelSummary *channel = g_new0 (GuicheChannelSummary, 1);

    channel->id = guiche_statement_id (rows, 0);
    channel->title = g_strdup (guiche_statement_text (rows, 1));
    channel->n_members = guiche_statement_int (rows, 2);
    channel->is_member = guiche_statement_int (rows, 3) != 0;
    g_ptr_array_add (channels, channel);
  }
  if (failure == NULL)
    return g_steal_pointer (&channels);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
