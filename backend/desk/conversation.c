/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/conversation.h"

#include "base/error.h"
#include "desk/channel-kind.h"
#include "desk/conversation-store.h"
#include "desk/customer.h"
#include "desk/emit.h"
#include "desk/message.h"
#include "desk/queue.h"
#include "desk/sender.h"
#include "protocol/visit.h"

#include <string.h>

#define CACHED_CONVERSATIONS_MAX 8192

static const char cache_key;

GuicheConversation *
guiche_conversation_ref (GuicheConversation *self)
{
  self->ref_count++;
  return self;
}

void
guiche_conversation_unref (GuicheConversation *self)
{
  if (--self->ref_count > 0)
    return;
  guiche_conversation_record_clear (&self->record);
  g_free (self->audience);
  g_free (self->public_audience);
  g_free (self);
}

static void
append_term (GString *audience, const char *prefix, const GuicheId *id)
{
  char text[GUICHE_ID_STRING_LENGTH + 1];

  guiche_id_to_string (id, text);
  if (audience->len > 0)
    g_string_append_c (audience, ' ');
  g_string_append (audience, prefix);
  g_string_append (audience, text);
}

static void
append_customer_terms (GString *audience, const GuicheConversationRecord *record)
{
  g_string_append (audience, "s");
  if (record->queue != NULL)
    g_string_append_printf (audience, " q:%s", record->queue);
  if (!guiche_id_is_none (&record->assignee_id))
    append_term (audience, "u:", &record->assignee_id);
}

/* The one place where a conversation's audience is made; see the table in protocol/README.md. */
static void
refresh_audience (GuicheConversation *self)
{
  const GuicheConversationRecord *record = &self->record;
  GString *audience = g_string_new (NULL);

  g_free (self->audience);
  g_free (self->public_audience);
  if (record->kind == GUICHE_CONVERSATION_CUSTOMER)
    append_customer_terms (audience, record);
  else if (record->kind == GUICHE_CONVERSATION_CHANNEL)
    append_term (audience, "c:", &record->id);
  for (gsize i = 0; record->kind == GUICHE_CONVERSATION_DIRECT && i < record->n_members; i++)
    append_term (audience, "u:", &record->members[i]);
  self->audience = g_strdup (audience->str);
  if (record->kind == GUICHE_CONVERSATION_CUSTOMER)
    append_term (audience, "v:", &record->id);
  self->public_audience = g_string_free (audience, FALSE);
}

static gboolean
is_member (const GuicheConversation *self, const GuicheId *user_id)
{
  for (gsize i = 0; i < self->record.n_members; i++)
    if (guiche_id_equal (&self->record.members[i], user_id))
      return TRUE;
  return FALSE;
}

gboolean
guiche_conversation_may_see (const GuicheViewer *viewer, const GuicheConversation *self)
{
  const GuicheConversationRecord *record = &self->record;

  if (viewer == NULL)
    return TRUE;
  if (viewer->role == GUICHE_ROLE_VISITOR)
    return guiche_id_equal (&viewer->conversation_id, &record->id);
  if (viewer->role < GUICHE_ROLE_AGENT)
    return FALSE;
  if (record->kind != GUICHE_CONVERSATION_CUSTOMER)
    return is_member (self, &viewer->user_id);
  if (viewer->role >= GUICHE_ROLE_SUPERVISOR ||
      guiche_id_equal (&viewer->user_id, &record->assignee_id))
    return TRUE;
  return record->queue != NULL && viewer->queues != NULL &&
         g_strv_contains ((const char *const *) viewer->queues, record->queue);
}

static GHashTable *
get_cache (GuicheTx *tx)
{
  GHashTable *cache = guiche_tx_get_cache (tx, &cache_key);

  if (cache == NULL) {
    cache = g_hash_table_new_full (guiche_id_hash, guiche_id_equal, NULL,
                                   (GDestroyNotify) guiche_conversation_unref);
    guiche_tx_set_cache (tx, &cache_key, cache, (GDestroyNotify) g_hash_table_unref);
  }
  return cache;
}

/* Only the writer may remember: it makes every change, and the store drops what was remembered
 * with whatever it rolls back. */
static void
remember (GuicheTx *tx, GuicheConversation *self)
{
  GHashTable *cache;

  if (guiche_tx_is_read_only (tx))
    return;
  cache = get_cache (tx);
  if (g_hash_table_size (cache) >= CACHED_CONVERSATIONS_MAX)
    g_hash_table_remove_all (cache);
  g_hash_table_replace (cache, &self->record.id, guiche_conversation_ref (self));
}

GuicheConversation *
guiche_conversation_load (GuicheTx *tx, const GuicheId *id, GError **error)
{
  GuicheConversation *self =
      guiche_tx_is_read_only (tx) ? NULL : g_hash_table_lookup (get_cache (tx), id);
  g_autoptr (GError) failure = NULL;

  if (self != NULL)
    return guiche_conversation_ref (self);
  self = guiche_conversation_store_load (tx, id, &failure);
  if (self != NULL) {
    refresh_audience (self);
    remember (tx, self);
    return self;
  }
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND,
                         "there is no such conversation");
  return NULL;
}

GuicheConversation *
guiche_conversation_load_visible (GuicheTx *tx, const GuicheId *id, GError **error)
{
  g_autoptr (GuicheConversation) self = guiche_conversation_load (tx, id, error);

  if (self == NULL)
    return NULL;
  if (guiche_conversation_may_see (guiche_tx_actor (tx)->viewer, self))
    return g_steal_pointer (&self);
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND,
                       "there is no such conversation");
  return NULL;
}

char *
guiche_conversation_load_audience (GuicheTx *tx, const GuicheId *id, GError **error)
{
  g_autoptr (GuicheConversation) self = guiche_conversation_load (tx, id, error);

  return self == NULL ? NULL : g_strdup (self->public_audience);
}

gboolean
guiche_conversation_write_json (GuicheTx *tx,
                                GuicheConversation *self,
                                GuicheJsonWriter *writer,
                                GError **error)
{
  if (self->is_preview_old && !guiche_conversation_store_load_preview (tx, self, error))
    return FALSE;
  guiche_conversation_record_to_json (&self->record, writer);
  return TRUE;
}

static gboolean
emit_visit (GuicheTx *tx, GuicheConversation *self, GError **error)
{
  const GuicheConversationRecord *record = &self->record;
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  g_auto (GuicheVisitRecord) visit = { record->id, record->state, g_strdup (record->queue), NULL };
  char audience[2 + GUICHE_ID_STRING_LENGTH + 1] = "v:";

  if (!guiche_id_is_none (&record->assignee_id)) {
    visit.agent_name = guiche_sender_dup_user_name (tx, &record->assignee_id, error);
    if (visit.agent_name == NULL)
      return FALSE;
  }
  guiche_id_to_string (&record->id, audience + 2);
  guiche_visit_record_to_json (&visit, writer);
  return guiche_desk_emit (tx, "visit.updated", audience, &record->id, writer, error);
}

static gboolean
emit_record (GuicheTx *tx, GuicheConversation *self, const char *kind, GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "conversation");
  if (!guiche_conversation_write_json (tx, self, writer, error))
    return FALSE;
  guiche_json_writer_end_object (writer);
  return guiche_desk_emit (tx, kind, self->audience, &self->record.id, writer, error);
}

gboolean
guiche_conversation_announce (GuicheTx *tx,
                              GuicheConversation *self,
                              const char *kind,
                              GError **error)
{
  self->record.updated_at = MAX (self->record.updated_at, guiche_tx_now_us (tx));
  refresh_audience (self);
  if (!guiche_conversation_store_update (tx, self, error) || !emit_record (tx, self, kind, error))
    return FALSE;
  return self->record.kind != GUICHE_CONVERSATION_CUSTOMER || emit_visit (tx, self, error);
}

static GuicheConversation *
new_waiting (GuicheTx *tx,
             const GuicheConversationOpening *opening,
             const GuicheCustomerRecord *customer,
             GError **error)
{
  g_autoptr (GuicheConversation) self = g_new0 (GuicheConversation, 1);
  GuicheConversationRecord *record = &self->record;

  self->ref_count = 1;
  if (!guiche_queue_find_priority (tx, opening->queue, &record->priority, error))
    return NULL;
  record->id = guiche_tx_new_id (tx);
  record->kind = GUICHE_CONVERSATION_CUSTOMER;
  record->channel = g_strdup (opening->channel);
  record->customer_id = opening->customer_id;
  record->title = g_strdup (customer->name);
  record->queue = g_strdup (opening->queue);
  record->state = GUICHE_CONVERSATION_WAITING;
  record->created_at = record->updated_at = self->queued_at = guiche_tx_now_us (tx);
  if (!guiche_conversation_store_insert (tx, self, NULL, error))
    return NULL;
  refresh_audience (self);
  remember (tx, self);
  return g_steal_pointer (&self);
}

/* Who may see the conversation may not know its customer yet. */
static gboolean
announce_new (GuicheTx *tx,
              GuicheConversation *self,
              const GuicheCustomerRecord *customer,
              GError **error)
{
  if (customer->created_at != guiche_tx_now_us (tx) &&
      !guiche_customer_announce (tx, customer, "customer.updated", self->audience, error))
    return FALSE;
  return guiche_conversation_announce (tx, self, "conversation.created", error) &&
         guiche_message_post_line (tx, self, NULL, "opened", error);
}

GuicheConversation *
guiche_conversation_open (GuicheTx *tx,
                          const GuicheConversationOpening *opening,
                          gboolean *out_is_new,
                          GError **error)
{
  g_autoptr (GuicheConversation) self = NULL;
  g_auto (GuicheCustomerRecord) customer = { 0 };
  GuicheId active;

  if (guiche_channel_kind_find (opening->channel) == NULL) {
    guiche_desk_refuse_field (error, "channel", "is none that customers use");
    return NULL;
  }
  if (!guiche_conversation_store_find_active (tx, &opening->customer_id, opening->channel, &active,
                                              error))
    return NULL;
  if (out_is_new != NULL)
    *out_is_new = guiche_id_is_none (&active);
  if (!guiche_id_is_none (&active))
    return guiche_conversation_load (tx, &active, error);
  if (!guiche_customer_load (tx, &opening->customer_id, &customer, error))
    return NULL;
  self = new_waiting (tx, opening, &customer, error);
  if (self == NULL || !announce_new (tx, self, &customer, error))
    return NULL;
  return g_steal_pointer (&self);
}

gint64
guiche_conversation_position (GuicheTx *tx, const GuicheConversation *self, GError **error)
{
  gint64 before;

  if (self->record.state != GUICHE_CONVERSATION_WAITING)
    return 0;
  before = guiche_conversation_store_count_before (tx, self, error);
  return before < 0 ? -1 : before + 1;
}
