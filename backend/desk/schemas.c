/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/schemas.h"

static const char *const sender_kinds[] = { "agent", "customer", "system", NULL };
static const char *const message_kinds[] = { "text", "file",   "image", "voice",
                                             "note", "system", NULL };
static const char *const conversation_kinds[] = { "customer", "channel", "direct", NULL };
static const char *const states[] = { "waiting", "open", "pending", "snoozed", "closed", NULL };
static const char *const customer_statuses[] = { "active", "suspended", "cancelled", "lead", NULL };

#define NULLABLE(name, type)                                                                       \
  {                                                                                                \
    name, type, .is_nullable = TRUE                                                                \
  }
#define REQUIRED(name, type)                                                                       \
  {                                                                                                \
    name, type, TRUE                                                                               \
  }

static const GuicheField empty_fields[] = { { NULL } };
const GuicheSchema guiche_empty_schema = { "Empty", empty_fields, TRUE };

static const GuicheField sender_fields[] = {
  { "kind", GUICHE_TYPE_STRING, TRUE, .choices = sender_kinds },
  NULLABLE ("id", GUICHE_TYPE_ID),
  NULLABLE ("name", GUICHE_TYPE_STRING),
  { NULL },
};
static const GuicheSchema sender_schema = { "Sender", sender_fields, TRUE };

static const GuicheField attachment_fields[] = {
  REQUIRED ("file_id", GUICHE_TYPE_ID),
  REQUIRED ("name", GUICHE_TYPE_STRING),
  REQUIRED ("type", GUICHE_TYPE_STRING),
  REQUIRED ("size", GUICHE_TYPE_INTEGER),
  REQUIRED ("duration_ms", GUICHE_TYPE_INTEGER),
  NULLABLE ("waveform", GUICHE_TYPE_STRING),
  { NULL },
};
static const GuicheSchema attachment_schema = { "Attachment", attachment_fields, TRUE };

static const GuicheField quote_fields[] = {
  REQUIRED ("id", GUICHE_TYPE_ID),
  REQUIRED ("seq", GUICHE_TYPE_INTEGER),
  NULLABLE ("sender_name", GUICHE_TYPE_STRING),
  { "kind", GUICHE_TYPE_STRING, TRUE, .choices = message_kinds },
  REQUIRED ("body", GUICHE_TYPE_TEXT),
  { NULL },
};
static const GuicheSchema quote_schema = { "Quote", quote_fields, TRUE };

static const GuicheField message_fields[] = {
  REQUIRED ("id", GUICHE_TYPE_ID),
  REQUIRED ("conversation_id", GUICHE_TYPE_ID),
  { "seq", GUICHE_TYPE_INTEGER, TRUE, .description = "1 to n without holes in its conversation" },
  NULLABLE ("client_id", GUICHE_TYPE_ID),
  { "sender", GUICHE_TYPE_OBJECT, TRUE, .schema = &sender_schema },
  { "kind", GUICHE_TYPE_STRING, TRUE, .choices = message_kinds },
  REQUIRED ("body", GUICHE_TYPE_TEXT),
  { "attachments", GUICHE_TYPE_ARRAY, TRUE, .schema = &attachment_schema },
  { "quote", GUICHE_TYPE_OBJECT, .schema = &quote_schema, .is_nullable = TRUE },
  REQUIRED ("at", GUICHE_TYPE_TIME),
  { "state", GUICHE_TYPE_INTEGER, TRUE, .description = "1 sent, 2 delivered, 3 read" },
  NULLABLE ("edited_at", GUICHE_TYPE_TIME),
  NULLABLE ("deleted_at", GUICHE_TYPE_TIME),
  { "mentions", GUICHE_TYPE_ARRAY, .item = GUICHE_TYPE_ID },
  { NULL },
};
const GuicheSchema guiche_message_schema = { "Message", message_fields, TRUE };

static const GuicheField preview_fields[] = {
  REQUIRED ("seq", GUICHE_TYPE_INTEGER),
  { "sender_kind", GUICHE_TYPE_STRING, TRUE, .choices = sender_kinds },
  NULLABLE ("sender_name", GUICHE_TYPE_STRING),
  { "kind", GUICHE_TYPE_STRING, TRUE, .choices = message_kinds },
  { "body", GUICHE_TYPE_TEXT, TRUE, .description = "Its first 200 characters" },
  REQUIRED ("at", GUICHE_TYPE_TIME),
  { NULL },
};
static const GuicheSchema preview_schema = { "Preview", preview_fields, TRUE };

static const GuicheField conversation_fields[] = {
  REQUIRED ("id", GUICHE_TYPE_ID),
  { "kind", GUICHE_TYPE_STRING, TRUE, .choices = conversation_kinds },
  NULLABLE ("channel", GUICHE_TYPE_STRING),
  NULLABLE ("customer_id", GUICHE_TYPE_ID),
  NULLABLE ("title", GUICHE_TYPE_STRING),
  NULLABLE ("queue", GUICHE_TYPE_STRING),
  { "priority", GUICHE_TYPE_INTEGER, TRUE, .description = "0 is the highest, 9 the lowest" },
  { "state", GUICHE_TYPE_STRING, TRUE, .choices = states },
  NULLABLE ("assignee_id", GUICHE_TYPE_ID),
  REQUIRED ("last_seq", GUICHE_TYPE_INTEGER),
  { "last_message", GUICHE_TYPE_OBJECT, .schema = &preview_schema, .is_nullable = TRUE },
  NULLABLE ("waiting_since", GUICHE_TYPE_TIME),
  NULLABLE ("opened_at", GUICHE_TYPE_TIME),
  NULLABLE ("snoozed_until", GUICHE_TYPE_TIME),
  NULLABLE ("closed_at", GUICHE_TYPE_TIME),
  NULLABLE ("close_reason", GUICHE_TYPE_STRING),
  REQUIRED ("created_at", GUICHE_TYPE_TIME),
  REQUIRED ("updated_at", GUICHE_TYPE_TIME),
  { "members", GUICHE_TYPE_ARRAY, TRUE, .item = GUICHE_TYPE_ID },
  REQUIRED ("customer_read_seq", GUICHE_TYPE_INTEGER),
  REQUIRED ("agent_read_seq", GUICHE_TYPE_INTEGER),
  REQUIRED ("customer_delivered_seq", GUICHE_TYPE_INTEGER),
  REQUIRED ("agent_delivered_seq", GUICHE_TYPE_INTEGER),
  { NULL },
};
const GuicheSchema guiche_conversation_schema = { "Conversation", conversation_fields, TRUE };

static const GuicheField customer_fields[] = {
  REQUIRED ("id", GUICHE_TYPE_ID),
  REQUIRED ("name", GUICHE_TYPE_STRING),
  { "phones", GUICHE_TYPE_ARRAY, TRUE, .item = GUICHE_TYPE_STRING },
  { "emails", GUICHE_TYPE_ARRAY, TRUE, .item = GUICHE_TYPE_STRING },
  NULLABLE ("document", GUICHE_TYPE_STRING),
  NULLABLE ("contract", GUICHE_TYPE_STRING),
  NULLABLE ("plan", GUICHE_TYPE_STRING),
  NULLABLE ("address", GUICHE_TYPE_STRING),
  { "status", GUICHE_TYPE_STRING, TRUE, .choices = customer_statuses },
  NULLABLE ("notes", GUICHE_TYPE_TEXT),
  NULLABLE ("created_at", GUICHE_TYPE_TIME),
  NULLABLE ("updated_at", GUICHE_TYPE_TIME),
  { NULL },
};
const GuicheSchema guiche_customer_schema = { "Customer", customer_fields, TRUE };

static const GuicheField queue_fields[] = {
  REQUIRED ("id", GUICHE_TYPE_ID),
  REQUIRED ("key", GUICHE_TYPE_STRING),
  REQUIRED ("name", GUICHE_TYPE_STRING),
  REQUIRED ("priority", GUICHE_TYPE_INTEGER),
  REQUIRED ("position", GUICHE_TYPE_INTEGER),
  { "members", GUICHE_TYPE_ARRAY, TRUE, .item = GUICHE_TYPE_ID },
  { NULL },
};
const GuicheSchema guiche_queue_schema = { "Queue", queue_fields, TRUE };

static const GuicheField canned_reply_fields[] = {
  REQUIRED ("id", GUICHE_TYPE_ID),           REQUIRED ("shortcut", GUICHE_TYPE_STRING),
  REQUIRED ("title", GUICHE_TYPE_STRING),    REQUIRED ("body", GUICHE_TYPE_TEXT),
  NULLABLE ("updated_at", GUICHE_TYPE_TIME), { NULL },
};
const GuicheSchema guiche_canned_reply_schema = { "CannedReply", canned_reply_fields, TRUE };

static const GuicheField draft_fields[] = {
  REQUIRED ("conversation_id", GUICHE_TYPE_ID),
  REQUIRED ("body", GUICHE_TYPE_TEXT),
  NULLABLE ("updated_at", GUICHE_TYPE_TIME),
  { NULL },
};
const GuicheSchema guiche_draft_schema = { "Draft", draft_fields, TRUE };

static const GuicheField read_mark_fields[] = {
  REQUIRED ("conversation_id", GUICHE_TYPE_ID),
  REQUIRED ("seq", GUICHE_TYPE_INTEGER),
  { NULL },
};
const GuicheSchema guiche_read_mark_schema = { "ReadMark", read_mark_fields, TRUE };

static const GuicheField scheduled_message_fields[] = {
  REQUIRED ("id", GUICHE_TYPE_ID),        REQUIRED ("conversation_id", GUICHE_TYPE_ID),
  REQUIRED ("client_id", GUICHE_TYPE_ID), REQUIRED ("body", GUICHE_TYPE_TEXT),
  REQUIRED ("send_at", GUICHE_TYPE_TIME), { NULL },
};
const GuicheSchema guiche_scheduled_message_schema = { "ScheduledMessage", scheduled_message_fields,
                                                       TRUE };
