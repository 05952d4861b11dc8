/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/search.h"

#include "base/text.h"
#include "desk/conversation-list.h"
#include "desk/conversation-store.h"
#include "desk/customer.h"
#include "desk/emit.h"
#include "desk/search-store.h"
#include "protocol/message.h"

#include <string.h>

#define QUERY_CHARACTERS_MAX 100

void
guiche_search_clear (GuicheSearch *self)
{
  g_clear_pointer (&self->customers, g_ptr_array_unref);
  g_clear_pointer (&self->conversations, g_ptr_array_unref);
  g_clear_pointer (&self->messages, g_ptr_array_unref);
}

/* The visible conversations, most recently active first; *@budget sinks by their number. */
static gboolean
append_ids (GuicheTx *tx, GuicheList list, gsize *budget, GArray *ids, GError **error)
{
  GuicheListPlace place = { 0 };
  g_autoptr (GArray) more = guiche_conversation_list_ids (tx, list, NULL, &place, *budget, error);

  if (more == NULL)
    return FALSE;
  g_array_append_vals (ids, more->data, more->len);
  *budget -= more->len;
  return TRUE;
}

static GArray *
list_visible (GuicheTx *tx, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (GuicheId));
  gsize budget = GUICHE_SEARCH_CONVERSATIONS_MAX;

  if (!append_ids (tx, GUICHE_LIST_ALL, &budget, ids, error) ||
      !append_ids (tx, GUICHE_LIST_CHANNELS, &budget, ids, error) ||
      !append_ids (tx, GUICHE_LIST_CLOSED, &budget, ids, error))
    return NULL;
  return g_steal_pointer (&ids);
}

static gboolean
is_titled (const GuicheConversation *conversation, const char *needle)
{
  g_autofree char *fold = NULL;

  if (conversation->record.title == NULL)
    return FALSE;
  fold = guiche_text_fold (conversation->record.title);
  return strstr (fold, needle) != NULL;
}

static gboolean
is_of_found_customer (const GuicheSearch *found, const GuicheConversation *conversation)
{
  for (guint i = 0; i < found->customers->len; i++) {
    const GuicheCustomerRecord *customer = g_ptr_array_index (found->customers, i);

    if (guiche_id_equal (&customer->id, &conversation->record.customer_id))
      return TRUE;
  }
  return FALSE;
}

static gboolean
look_at (GuicheTx *tx,
         const GuicheId *id,
         const char *needle,
         gsize limit,
         gint64 *budget,
         GuicheSearch *out,
         GError **error)
{
  g_autoptr (GuicheConversation) conversation = guiche_conversation_load (tx, id, error);

  if (conversation == NULL)
    return FALSE;
  if (out->conversations->len < limit &&
      (is_titled (conversation, needle) || is_of_found_customer (out, conversation)))
    g_ptr_array_add (out->conversations, guiche_conversation_ref (conversation));
  return *budget <= 0 || out->messages->len >= limit ||
         guiche_search_store_scan (tx, conversation, needle, limit, budget, out->messages, error);
}

gboolean
guiche_search (GuicheTx *tx, const char *query, gsize limit, GuicheSearch *out, GError **error)
{
  g_autofree char *line = guiche_text_one_line (query, QUERY_CHARACTERS_MAX);
  g_autofree char *needle = guiche_text_fold (line);
  g_autofree char *cursor = NULL;
  g_autoptr (GArray) ids = NULL;
  gint64 budget = GUICHE_SEARCH_MESSAGES_MAX;

  *out = (GuicheSearch){ 0 };
  if (*needle == '\0')
    return guiche_desk_refuse_field (error, "q", "is empty");
  out->customers = guiche_customers_list (tx, line, NULL, limit, &cursor, error);
  out->conversations = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_conversation_unref);
  out->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_message_record_free);
  ids = out->customers == NULL ? NULL : list_visible (tx, error);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    if (!look_at (tx, &g_array_index (ids, GuicheId, i), needle, limit, &budget, out, error))
      return FALSE;
  return ids != NULL;
}
