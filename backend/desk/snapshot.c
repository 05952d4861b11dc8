/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/snapshot.h"

#include "desk/canned-reply.h"
#include "desk/conversation-list.h"
#include "desk/customer.h"
#include "desk/message.h"
#include "desk/personal.h"
#include "desk/queue.h"
#include "desk/scheduled.h"
#include "people/user.h"
#include "store/store.h"

#define CONVERSATIONS_MAX 100000

typedef void (*WriteRecord) (gconstpointer record, GuicheJsonWriter *writer);

/* Takes and writes @records; FALSE when they could not be read. */
static gboolean
write_list (GuicheJsonWriter *writer, const char *name, GPtrArray *records, WriteRecord write)
{
  g_autoptr (GPtrArray) owned = records;

  if (owned == NULL)
    return FALSE;
  guiche_json_writer_name (writer, name);
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < owned->len; i++)
    write (g_ptr_array_index (owned, i), writer);
  guiche_json_writer_end_array (writer);
  return TRUE;
}

static gboolean
write_me (GuicheTx *tx, GuicheJsonWriter *writer, GError **error)
{
  g_autoptr (GuicheUser) me = guiche_user_load (tx, &guiche_tx_actor (tx)->id, error);

  if (me == NULL)
    return FALSE;
  guiche_json_writer_name (writer, "me");
  guiche_user_write_json (me, writer);
  return TRUE;
}

/* (element-type GuicheConversation): customers' and internal ones. */
static GPtrArray *
load_conversations (GuicheTx *tx, GError **error)
{
  g_autofree char *cursor = NULL;
  g_autofree char *internal_cursor = NULL;
  g_autoptr (GPtrArray) conversations = guiche_conversations_list (
      tx, GUICHE_LIST_ALL, NULL, NULL, CONVERSATIONS_MAX, &cursor, error);
  GPtrArray *internal;

  if (conversations == NULL)
    return NULL;
  internal = guiche_conversations_list (tx, GUICHE_LIST_CHANNELS, NULL, NULL, CONVERSATIONS_MAX,
                                        &internal_cursor, error);
  if (internal == NULL)
    return NULL;
  g_ptr_array_extend_and_steal (conversations, internal);
  return g_steal_pointer (&conversations);
}

static gboolean
write_conversations (GuicheTx *tx,
                     GPtrArray *conversations,
                     GuicheJsonWriter *writer,
                     GError **error)
{
  guiche_json_writer_name (writer, "conversations");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < conversations->len; i++)
    if (!guiche_conversation_write_json (tx, g_ptr_array_index (conversations, i), writer, error))
      return FALSE;
  guiche_json_writer_end_array (writer);
  return TRUE;
}

static gboolean
write_customers (GuicheTx *tx, GPtrArray *conversations, GuicheJsonWriter *writer, GError **error)
{
  g_autoptr (GHashTable) written = g_hash_table_new (guiche_id_hash, guiche_id_equal);

  guiche_json_writer_name (writer, "customers");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < conversations->len; i++) {
    GuicheConversation *conversation = g_ptr_array_index (conversations, i);
    GuicheId *id = &conversation->record.customer_id;
    g_auto (GuicheCustomerRecord) customer = { 0 };

    if (guiche_id_is_none (id) || !g_hash_table_add (written, id))
      continue;
    if (!guiche_customer_load (tx, id, &customer, error))
      return FALSE;
    guiche_customer_record_to_json (&customer, writer);
  }
  guiche_json_writer_end_array (writer);
  return TRUE;
}

static gboolean
write_messages (GuicheTx *tx, GPtrArray *conversations, GuicheJsonWriter *writer, GError **error)
{
  GuicheMessagePage page = { .limit = GUICHE_SNAPSHOT_MESSAGES };

  guiche_json_writer_name (writer, "messages");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < conversations->len; i++) {
    gboolean has_more = FALSE;
    g_autoptr (GPtrArray) messages = guiche_messages_read (tx, g_ptr_array_index (conversations, i),
                                                           &page, &has_more, error);

    if (messages == NULL)
      return FALSE;
    for (guint j = 0; j < messages->len; j++)
      guiche_message_record_to_json (g_ptr_array_index (messages, j), writer);
  }
  guiche_json_writer_end_array (writer);
  return TRUE;
}

static gboolean
write_company (GuicheTx *tx, GuicheJsonWriter *writer, GError **error)
{
  return write_me (tx, writer, error) &&
         write_list (writer, "users", guiche_users_list (tx, error),
                     (WriteRecord) guiche_user_write_json) &&
         write_list (writer, "queues", guiche_queues_list (tx, error),
                     (WriteRecord) guiche_queue_record_to_json) &&
         write_list (writer, "canned_replies", guiche_canned_replies_list (tx, error),
                     (WriteRecord) guiche_canned_reply_record_to_json);
}

static gboolean
write_own (GuicheTx *tx, GuicheJsonWriter *writer, GError **error)
{
  const GuicheId *user_id = &guiche_tx_actor (tx)->id;

  return write_list (writer, "drafts", guiche_drafts_list (tx, user_id, error),
                     (WriteRecord) guiche_draft_record_to_json) &&
         write_list (writer, "read_marks", guiche_read_marks_list (tx, user_id, error),
                     (WriteRecord) guiche_read_mark_record_to_json) &&
         write_list (writer, "scheduled_messages", guiche_scheduled_list (tx, user_id, error),
                     (WriteRecord) guiche_scheduled_message_record_to_json);
}

gboolean
guiche_snapshot_write (GuicheTx *tx, GuicheJsonWriter *writer, GError **error)
{
  g_autoptr (GPtrArray) conversations = load_conversations (tx, error);
  gint64 seq = conversations == NULL ? -1 : guiche_events_last_seq (tx, error);

  if (seq < 0)
    return FALSE;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_int (writer, "seq", seq);
  if (!write_company (tx, writer, error) ||
      !write_conversations (tx, conversations, writer, error) ||
      !write_customers (tx, conversations, writer, error) ||
      !write_messages (tx, conversations, writer, error) || !write_own (tx, writer, error))
    return FALSE;
  guiche_json_writer_end_object (writer);
  return TRUE;
}
