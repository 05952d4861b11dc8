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

#define A "\"0197a5b0-1111-7abc-8def-0123456789ab\""
#define B "\"0197a5b0-2222-7abc-8def-0123456789ab\""
#define C "\"0197a5b0-3333-7abc-8def-0123456789ab\""
#define D "\"0197a5b0-4444-7abc-8def-0123456789ab\""

typedef gboolean (*FromJson) (JsonObject *object, gpointer out, GError **error);
typedef void (*ToJson) (gconstpointer record, GuicheJsonWriter *writer);
typedef void (*Clear) (gpointer record);

typedef struct {
  const char *name;
  FromJson from_json;
  ToJson to_json;
  Clear clear;
  gsize size;
  const char *full;     /* every member */
  const char *bare;     /* what absent members come out as */
  const char *required; /* names, space separated */
} RecordCase;

#define RECORD(type, prefix)                                                                       \
  (FromJson) prefix##_from_json, (ToJson) prefix##_to_json, (Clear) prefix##_clear, sizeof (type)

static const RecordCase cases[] = {
  { "attachment", RECORD (GuicheAttachmentRecord, guiche_attachment_record),
    "{\"file_id\":" A ",\"name\":\"nota.ogg\",\"type\":\"audio/ogg\",\"size\":12,"
    "\"duration_ms\":1500,\"waveform\":\"00ff7f\"}",
    "{\"file_id\":" A ",\"name\":\"a.pdf\",\"type\":\"application/pdf\",\"size\":0,"
    "\"duration_ms\":0,\"waveform\":null}",
    "file_id name type" },
  { "message", RECORD (GuicheMessageRecord, guiche_message_record),
    "{\"id\":" A ",\"conversation_id\":" B ",\"seq\":7,\"client_id\":" C
    ",\"sender\":{\"kind\":\"customer\",\"id\":" D ",\"name\":\"João <b>\"},\"kind\":\"voice\","
    "\"body\":\"linha 1\\nlinha \\\"2\\\"\",\"attachments\":[{\"file_id\":" A
    ",\"name\":\"nota.ogg\",\"type\":\"audio/ogg\",\"size\":12,\"duration_ms\":1500,"
    "\"waveform\":\"00ff7f\"}],\"quote\":{\"id\":" B ",\"seq\":3,\"sender_name\":\"Ana\","
    "\"kind\":\"text\",\"body\":\"olá\"},\"at\":1763622197000000,\"state\":3,"
    "\"edited_at\":1763622197000001,\"deleted_at\":1763622197000002,\"mentions\":[" A "," B "]}",
    "{\"id\":" A ",\"conversation_id\":" B ",\"seq\":1,\"client_id\":null,\"sender\":{\"kind\":"
    "\"system\",\"id\":null,\"name\":null},\"kind\":\"system\",\"body\":\"opened\","
    "\"attachments\":[],\"at\":5,\"state\":1}",
    "id conversation_id seq sender kind body at" },
  { "conversation", RECORD (GuicheConversationRecord, guiche_conversation_record),
    "{\"id\":" A ",\"kind\":\"customer\",\"channel\":\"webchat\",\"customer_id\":" B
    ",\"title\":\"Maria\",\"queue\":\"financial\",\"priority\":3,\"state\":\"snoozed\","
    "\"assignee_id\":" C ",\"last_seq\":9,\"last_message\":{\"seq\":9,\"sender_kind\":\"agent\","
    "\"sender_name\":\"Ana\",\"kind\":\"note\",\"body\":\"ligar\",\"at\":8},\"waiting_since\":1,"
    "\"opened_at\":2,\"snoozed_until\":3,\"closed_at\":4,\"close_reason\":\"resolved\","
    "\"created_at\":5,\"updated_at\":6,\"members\":[" D "],\"customer_read_seq\":1,"
    "\"agent_read_seq\":2,\"customer_delivered_seq\":3,\"agent_delivered_seq\":4}",
    "{\"id\":" A ",\"kind\":\"direct\",\"channel\":null,\"customer_id\":null,\"title\":null,"
    "\"queue\":null,\"priority\":0,\"state\":\"open\",\"assignee_id\":null,\"last_seq\":0,"
    "\"last_message\":null,\"waiting_since\":null,\"opened_at\":null,\"snoozed_until\":null,"
    "\"closed_at\":null,\"close_reason\":null,\"created_at\":5,\"updated_at\":6,\"members\":[],"
    "\"customer_read_seq\":0,\"agent_read_seq\":0,\"customer_delivered_seq\":0,"
    "\"agent_delivered_seq\":0}",
    "id kind state last_seq created_at updated_at" },
  { "customer", RECORD (GuicheCustomerRecord, guiche_customer_record),
    "{\"id\":" A ",\"name\":\"Maria\",\"phones\":[\"11987654321\"],\"emails\":[\"m@x.br\"],"
    "\"document\":\"12345678909\",\"contract\":\"C-1\",\"plan\":\"600 Mega\",\"address\":\"Rua A\","
    "\"status\":\"active\",\"notes\":\"vip\",\"created_at\":1,\"updated_at\":2}",
    "{\"id\":" A ",\"name\":\"Maria\",\"phones\":[],\"emails\":[],\"document\":null,"
    "\"contract\":null,\"plan\":null,\"address\":null,\"status\":\"lead\",\"notes\":null,"
    "\"created_at\":null,\"updated_at\":null}",
    "id name status" },
  { "user", RECORD (GuicheUserRecord, guiche_user_record),
    "{\"id\":" A ",\"login\":\"ana\",\"name\":\"Ana\",\"role\":\"agent\",\"email\":\"a@x.br\","
    "\"status_text\":\"almoço\",\"is_enabled\":true,\"queues\":[\"commercial\",\"financial\"]}",
    "{\"id\":" A ",\"login\":\"ana\",\"name\":\"Ana\",\"role\":\"agent\",\"email\":null,"
    "\"status_text\":null,\"is_enabled\":false,\"queues\":[]}",
    "id login name role" },
  { "presence", RECORD (GuichePresenceRecord, guiche_presence_record),
    "{\"user_id\":" A ",\"status\":\"busy\"}", "{\"user_id\":" A ",\"status\":\"away\"}",
    "user_id status" },
  { "queue", RECORD (GuicheQueueRecord, guiche_queue_record),
    "{\"id\":" A ",\"key\":\"financial\",\"name\":\"Financeiro\",\"priority\":3,\"position\":4,"
    "\"members\":[" B "]}",
    "{\"id\":" A ",\"key\":\"financial\",\"name\":\"Financeiro\",\"priority\":0,\"position\":0,"
    "\"members\":[]}",
    "id key name" },
  { "canned-reply", RECORD (GuicheCannedReplyRecord, guiche_canned_reply_record),
    "{\"id\":" A ",\"shortcut\":\"ola\",\"title\":\"Olá\",\"body\":\"Olá {{customer.name}}\","
    "\"updated_at\":3}",
    "{\"id\":" A ",\"shortcut\":\"ola\",\"title\":\"Olá\",\"body\":\"\",\"updated_at\":null}",
    "id shortcut title body" },
  { "draft", RECORD (GuicheDraftRecord, guiche_draft_record),
    "{\"conversation_id\":" A ",\"body\":\"oi\",\"updated_at\":3}",
    "{\"conversation_id\":" A ",\"body\":\"\",\"updated_at\":null}", "conversation_id body" },
  { "read-mark", RECORD (GuicheReadMarkRecord, guiche_read_mark_record),
    "{\"conversation_id\":" A ",\"seq\":3}", "{\"conversation_id\":" A ",\"seq\":0}",
    "conversation_id seq" },
  { "scheduled-message", RECORD (GuicheScheduledMessageRecord, guiche_scheduled_message_record),
    "{\"id\":" A ",\"conversation_id\":" B ",\"client_id\":" C ",\"body\":\"oi\",\"send_at\":9}",
    "{\"id\":" A ",\"conversation_id\":" B ",\"client_id\":" C ",\"body\":\"\",\"send_at\":9}",
    "id conversation_id client_id body send_at" },
  { "delivery", RECORD (GuicheDeliveryRecord, guiche_delivery_record),
    "{\"conversation_id\":" A ",\"side\":\"customer\",\"state\":3,\"seq\":8}",
    "{\"conversation_id\":" A ",\"side\":\"agent\",\"state\":2,\"seq\":0}",
    "conversation_id side state seq" },
  { "moved", RECORD (GuicheMovedRecord, guiche_moved_record),
    "{\"conversation_id\":" A ",\"from_queue\":\"commercial\",\"queue\":\"financial\","
    "\"assignee_id\":" B "}",
    "{\"conversation_id\":" A ",\"from_queue\":null,\"queue\":null,\"assignee_id\":null}",
    "conversation_id" },
  { "access", RECORD (GuicheAccessRecord, guiche_access_record),
    "{\"user_id\":" A ",\"role\":\"agent\",\"queues\":[\"financial\"],\"channels\":[" B "]}",
    "{\"user_id\":" A ",\"role\":\"none\",\"queues\":[],\"channels\":[]}", "user_id role" },
  { "visit", RECORD (GuicheVisitRecord, guiche_visit_record),
    "{\"conversation_id\":" A ",\"state\":\"open\",\"queue\":\"financial\",\"agent\":{\"name\":"
    "\"Ana\"}}",
    "{\"conversation_id\":" A ",\"state\":\"waiting\",\"queue\":null,\"agent\":null}",
    "conversation_id state" },
  { "event", RECORD (GuicheEventRecord, guiche_event_record),
    "{\"seq\":4,\"at\":5,\"kind\":\"read.marked\",\"data\":{\"read_mark\":{\"seq\":3}}}",
    "{\"seq\":4,\"at\":5,\"kind\":\"x\",\"data\":{}}", "seq at kind data" },
};

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = guiche_json_parse_object (text, strlen (text), GUICHE_JSON_MAX_BYTES, &error);

  g_assert_no_error (error);
  return node;
}

static void
check_round_trip (const RecordCase *record_case, JsonNode *node, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  g_autofree gpointer record = g_malloc0 (record_case->size);
  g_autofree char *text = NULL;
  gboolean is_read = record_case->from_json (json_node_get_object (node), record, &error);

  g_assert_no_error (error);
  g_assert_true (is_read);
  record_case->to_json (record, writer);
  text = guiche_json_writer_steal (writer, NULL);
  g_assert_cmpstr (text, ==, expected);
  record_case->clear (record);
}

static void
test_round_trip (gconstpointer data)
{
  const RecordCase *record_case = data;
  g_autoptr (JsonNode) full = parse (record_case->full);
  g_autoptr (JsonNode) bare = parse (record_case->bare);

  check_round_trip (record_case, full, record_case->full);
  check_round_trip (record_case, bare, record_case->bare);
}

/* Absent and null are the same: without its nulls, empty lists and zeros it reads alike. */
static void
test_absent (gconstpointer data)
{
  const RecordCase *record_case = data;
  g_autoptr (JsonNode) node = parse (record_case->bare);
  g_auto (GStrv) required = g_strsplit (record_case->required, " ", -1);
  g_autoptr (GList) names = json_object_get_members (json_node_get_object (node));

  for (GList *name = names; name != NULL; name = name->next)
    if (!g_strv_contains ((const char *const *) required, name->data))
      json_object_remove_member (json_node_get_object (node), name->data);
  check_round_trip (record_case, node, record_case->bare);
}

static void
expect_refusal (const RecordCase *record_case, JsonObject *object, const char *field)
{
  g_autoptr (GError) error = NULL;
  g_autofree gpointer record = g_malloc0 (record_case->size);

  g_assert_false (record_case->from_json (object, record, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST);
  g_assert_cmpstr (guiche_error_get_detail (error, "field"), ==, field);
  for (gsize i = 0; i < record_case->size; i++)
    g_assert_cmpint (((const char *) record)[i], ==, 0);
}

/* Every required member missing, and every member of a type that no record has. */
static void
test_refusals (gconstpointer data)
{
  const RecordCase *record_case = data;
  g_auto (GStrv) required = g_strsplit (record_case->required, " ", -1);
  g_autoptr (JsonNode) whole = parse (record_case->full);
  g_autoptr (GList) names = json_object_get_members (json_node_get_object (whole));

  for (gsize i = 0; required[i] != NULL; i++) {
    g_autoptr (JsonNode) node = parse (record_case->full);

    json_object_remove_member (json_node_get_object (node), required[i]);
    expect_refusal (record_case, json_node_get_object (node), required[i]);
  }
  for (GList *name = names; name != NULL; name = name->next) {
    g_autoptr (JsonNode) node = parse (record_case->full);

    json_object_set_double_member (json_node_get_object (node), name->data, 1.5);
    expect_refusal (record_case, json_node_get_object (node), name->data);
  }
}

static void
test_unknown_values (void)
{
  static const struct {
    int index;
    const char *from, *to;
  } changes[] = {
    { 1, "\"kind\":\"voice\"", "\"kind\":\"hologram\"" },
    { 1, "\"state\":3", "\"state\":4" },
    { 1, "\"mentions\":[" A, "\"mentions\":[\"ana\"" },
    { 1, "\"attachments\":[{", "\"attachments\":[7,{" },
    { 2, "\"state\":\"snoozed\"", "\"state\":\"asleep\"" },
    { 2, "\"kind\":\"customer\"", "\"kind\":\"robot\"" },
    { 3, "\"phones\":[", "\"phones\":[7," },
    { 14, "\"state\":\"open\"", "\"state\":\"ajar\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++) {
    const RecordCase *record_case = &cases[changes[i].index];
    g_autoptr (GString) text = g_string_new (record_case->full);
    g_autoptr (GError) error = NULL;
    g_autofree gpointer record = g_malloc0 (record_case->size);
    g_autoptr (JsonNode) node = NULL;

    g_assert_cmpuint (g_string_replace (text, changes[i].from, changes[i].to, 1), ==, 1);
    node = parse (text->str);
    g_assert_false (record_case->from_json (json_node_get_object (node), record, &error));
    g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST);
  }
}

static void
test_patch (void)
{
  static const char text[] = "{\"state\":\"waiting\",\"waiting_since\":8}";
  g_autoptr (JsonNode) node = parse (text);
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  g_auto (GuicheConversationRecord) record = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *written = NULL;

  g_assert_true (
      guiche_conversation_record_patch_from_json (json_node_get_object (node), &record, &error));
  guiche_conversation_record_patch_to_json (&record, writer);
  written = guiche_json_writer_steal (writer, NULL);
  g_assert_cmpstr (written, ==, text);
}

static void
test_preview_is_cut (void)
{
  g_autoptr (GString) body = g_string_new (NULL);

  for (int i = 0; i < 300; i++)
    g_string_append (body, "ç");
  g_assert_cmpuint (guiche_preview_length (body->str, GUICHE_PREVIEW_CHARACTERS), ==, 400);
  g_assert_cmpuint (guiche_preview_length ("oi", GUICHE_PREVIEW_CHARACTERS), ==, 2);
  g_assert_cmpuint (guiche_preview_length (NULL, GUICHE_PREVIEW_CHARACTERS), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *round = g_strdup_printf ("/protocol/%s/round-trip", cases[i].name);
    g_autofree char *absent = g_strdup_printf ("/protocol/%s/absent", cases[i].name);
    g_autofree char *refusals = g_strdup_printf ("/protocol/%s/refusals", cases[i].name);

    g_test_add_data_func (round, &cases[i], test_round_trip);
    g_test_add_data_func (absent, &cases[i], test_absent);
    g_test_add_data_func (refusals, &cases[i], test_refusals);
  }
  g_test_add_func ("/protocol/unknown-values", test_unknown_values);
  g_test_add_func ("/protocol/conversation-patch", test_patch);
  g_test_add_func ("/protocol/preview-is-cut", test_preview_is_cut);
  return g_test_run ();
}
