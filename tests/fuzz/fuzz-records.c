/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "protocol/canned-reply.h"
#include "protocol/change.h"
#include "protocol/conversation.h"
#include "protocol/customer.h"
#include "protocol/event.h"
#include "protocol/personal.h"
#include "protocol/queue.h"
#include "protocol/user.h"
#include "protocol/visit.h"

#include <string.h>

/* Any object as any record: read or refused with the field's name, never half; what was read is
 * written so that it reads the same. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

typedef gboolean (*FromJson) (JsonObject *object, gpointer out, GError **error);
typedef void (*ToJson) (gconstpointer record, GuicheJsonWriter *writer);
typedef void (*Clear) (gpointer record);

typedef struct {
  FromJson from_json;
  ToJson to_json;
  Clear clear;
} Record;

#define RECORD(prefix)                                                                             \
  {                                                                                                \
    (FromJson) prefix##_from_json, (ToJson) prefix##_to_json, (Clear) prefix##_clear               \
  }

static const Record records[] = {
  RECORD (guiche_attachment_record),
  RECORD (guiche_message_record),
  RECORD (guiche_conversation_record),
  RECORD (guiche_customer_record),
  RECORD (guiche_user_record),
  RECORD (guiche_presence_record),
  RECORD (guiche_queue_record),
  RECORD (guiche_canned_reply_record),
  RECORD (guiche_draft_record),
  RECORD (guiche_read_mark_record),
  RECORD (guiche_scheduled_message_record),
  RECORD (guiche_delivery_record),
  RECORD (guiche_moved_record),
  RECORD (guiche_access_record),
  RECORD (guiche_visit_record),
  RECORD (guiche_event_record),
};

typedef union {
  GuicheMessageRecord message;
  GuicheConversationRecord conversation;
  GuicheCustomerRecord customer;
  GuicheUserRecord user;
  char room[1024];
} Room;

/* (transfer full) (nullable): the record written, NULL when it was refused. */
static char *
read_and_write (const Record *record, JsonObject *object)
{
  g_autoptr (GuicheJsonWriter) writer = NULL;
  g_autoptr (GError) error = NULL;
  Room room = { 0 };

  if (!record->from_json (object, &room, &error)) {
    g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST);
    g_assert_nonnull (guiche_error_get_detail (error, "field"));
    return NULL;
  }
  g_assert_no_error (error);
  writer = guiche_json_writer_new ();
  record->to_json (&room, writer);
  record->clear (&room);
  return guiche_json_writer_steal (writer, NULL);
}

static void
check (const Record *record, JsonObject *object)
{
  g_autofree char *once = read_and_write (record, object);
  g_autofree char *twice = NULL;
  g_autoptr (JsonNode) again = NULL;
  g_autoptr (GError) error = NULL;

  if (once == NULL)
    return;
  again = guiche_json_parse_object (once, strlen (once), 8 * GUICHE_JSON_MAX_BYTES, &error);
  g_assert_no_error (error);
  twice = read_and_write (record, json_node_get_object (again));
  g_assert_cmpstr (once, ==, twice);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (JsonNode) node =
                 guiche_json_parse_object ((const char *) data, size, GUICHE_JSON_MAX_BYTES, NULL);

  for (gsize i = 0; node != NULL && i < G_N_ELEMENTS (records); i++)
    check (&records[i], json_node_get_object (node));
  return 0;
}
