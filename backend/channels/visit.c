/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "channels/visit.h"

#include "base/error.h"
#include "base/text.h"
#include "channels/visit-store.h"
#include "desk/customer.h"
#include "desk/message.h"
#include "people/user.h"
#include "store/store.h"

#include <string.h>

#define REPEAT_US ((gint64) G_TIME_SPAN_DAY)
#define PHONE_DIGITS_MIN 8
#define PHONE_DIGITS_MAX 15 /* ITU-T E.164 */

static gboolean
refuse (GError **error, const char *field, const char *reason)
{
  GError *refusal = g_error_new (GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST,
                                 "opening a visit: %s %s", field, reason);

  guiche_error_set_detail (refusal, "field", field);
  g_propagate_error (error, refusal);
  return FALSE;
}

static gboolean
check_phone (const char *phone, GError **error)
{
  g_autofree char *digits = guiche_text_digits (phone);
  gsize length = strlen (digits);

  if (length >= PHONE_DIGITS_MIN && length <= PHONE_DIGITS_MAX)
    return TRUE;
  return refuse (error, "phone", "is not a phone number");
}

static gboolean
check_email (const char *email, GError **error)
{
  const char *at = strchr (email, '@');

  if (at != NULL && at != email && at[1] != '\0' && strchr (at + 1, '@') == NULL &&
      strpbrk (email, " \t\r\n<>\"") == NULL)
    return TRUE;
  return refuse (error, "email", "is not an e-mail address");
}

static gboolean
create_customer (GuicheTx *tx,
                 const GuicheVisitRequest *request,
                 GuicheCustomerRecord *out_customer,
                 GError **error)
{
  gboolean has_phone = request->phone != NULL && *request->phone != '\0';
  gboolean has_email = request->email != NULL && *request->email != '\0';
  char *phones[] = { (char *) request->phone, NULL };
  char *emails[] = { (char *) request->email, NULL };
  GuicheCustomerChange change = {
    .name = request->name,
    .phones = has_phone ? phones : NULL,
    .emails = has_email ? emails : NULL,
    .status = "lead",
  };

  if ((has_phone && !check_phone (request->phone, error)) ||
      (has_email && !check_email (request->email, error)))
    return FALSE;
  return guiche_customer_create (tx, &change, TRUE, out_customer, error);
}

/* The queue that does not exist is, for the page, a subject that does not. */
static GuicheConversation *
open_conversation (GuicheTx *tx, const GuicheConversationOpening *opening, GError **error)
{
  g_autoptr (GError) failure = NULL;
  GuicheConversation *conversation = guiche_conversation_open (tx, opening, NULL, &failure);

  if (conversation != NULL)
    return conversation;
  if (g_error_matches (failure, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST))
    refuse (error, "subject", "is not one of the company's");
  else
    g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/* Opens it, whether or not one like it was opened before. */
static gboolean
open_new (GuicheTx *tx, const GuicheVisitRequest *request, GuicheVisit *out_visit, GError **error)
{
  g_auto (GuicheCustomerRecord) customer = { 0 };
  g_autoptr (GuicheConversation) conversation = NULL;
  GuicheConversationOpening opening = { .channel = GUICHE_VISIT_CHANNEL,
                                        .queue = request->subject };

  if (!create_customer (tx, request, &customer, error))
    return FALSE;
  opening.customer_id = out_visit->customer_id = customer.id;
  conversation = open_conversation (tx, &opening, error);
  if (conversation == NULL)
    return FALSE;
  out_visit->conversation_id = conversation->record.id;
  return guiche_id_is_none (&request->client_id) ||
         guiche_visit_store_insert (tx, &request->client_id, out_visit, error);
}

gboolean
guiche_visit_open (GuicheTx *tx,
                   const GuicheVisitRequest *request,
                   GuicheVisit *out_visit,
                   GError **error)
{
  g_autofree char *name = guiche_text_one_line (request->name, 100);
  gint64 since_us = guiche_tx_now_us (tx) - REPEAT_US;

  *out_visit = (GuicheVisit){ .is_repeat = FALSE };
  if (*name == '\0')
    return refuse (error, "name", "is empty");
  if (guiche_id_is_none (&request->client_id))
    return open_new (tx, request, out_visit, error);
  if (!guiche_visit_store_forget (tx, since_us, error) ||
      !guiche_visit_store_find (tx, &request->client_id, out_visit, error))
    return FALSE;
  out_visit->is_repeat = !guiche_id_is_none (&out_visit->conversation_id);
  return out_visit->is_repeat || open_new (tx, request, out_visit, error);
}

GuicheViewer *
guiche_visit_load_viewer (GuicheTx *tx,
                          const GuicheId *customer_id,
                          const GuicheId *conversation_id,
                          GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GuicheConversation) conversation =
                 guiche_conversation_load (tx, conversation_id, &failure);

  if (failure != NULL && !g_error_matches (failure, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  if (conversation == NULL || !guiche_id_equal (&conversation->record.customer_id, customer_id)) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED, "the visit is over");
    return NULL;
  }
  return guiche_viewer_new (GUICHE_ROLE_VISITOR, NULL, conversation_id, NULL, NULL, 0);
}

static gboolean
write_agent (GuicheTx *tx, const GuicheId *assignee, GuicheJsonWriter *writer, GError **error)
{
  g_autoptr (GuicheUser) user = NULL;

  guiche_json_writer_name (writer, "agent");
  if (guiche_id_is_none (assignee)) {
    guiche_json_writer_null (writer);
    return TRUE;
  }
  user = guiche_user_load (tx, assignee, error);
  if (user == NULL)
    return FALSE;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "name", user->name);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static gboolean
write_messages (GuicheTx *tx,
                GuicheConversation *conversation,
                GuicheJsonWriter *writer,
                GError **error)
{
  GuicheMessagePage page = { .limit = GUICHE_VISIT_MESSAGES,
                             .before = G_MAXINT64,
                             .is_public = TRUE };
  gboolean has_more;
  g_autoptr (GPtrArray) messages = guiche_messages_read (tx, conversation, &page, &has_more, error);

  if (messages == NULL)
    return FALSE;
  guiche_json_writer_name (writer, "messages");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < messages->len; i++)
    guiche_message_record_to_json (g_ptr_array_index (messages, i), writer);
  guiche_json_writer_end_array (writer);
  guiche_json_writer_member_bool (writer, "has_more", has_more);
  return TRUE;
}

gboolean
guiche_visit_write_json (GuicheTx *tx,
                         GuicheConversation *conversation,
                         GuicheJsonWriter *writer,
                         GError **error)
{
  const GuicheConversationRecord *record = &conversation->record;
  gint64 position = guiche_conversation_position (tx, conversation, error);
  gint64 seq = position < 0 ? -1 : guiche_events_last_seq (tx, error);

  if (seq < 0)
    return FALSE;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "conversation");
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &record->id);
  guiche_json_writer_member_string (writer, "state",
                                    guiche_conversation_state_name (record->state));
  guiche_json_writer_member_string (writer, "queue", record->queue);
  guiche_json_writer_end_object (writer);
  guiche_json_writer_name (writer, "position");
  if (position > 0)
    guiche_json_writer_int (writer, position);
  else
    guiche_json_writer_null (writer);
  if (!write_agent (tx, &record->assignee_id, writer, error) ||
      !write_messages (tx, conversation, writer, error))
    return FALSE;
  guiche_json_writer_member_int (writer, "seq", seq);
  guiche_json_writer_end_object (writer);
  return TRUE;
}
