/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "channels/dummy.h"

#include "base/error.h"
#include "base/json-writer.h"
#include "base/json.h"
#include "channels/connector.h"
#include "channels/dice.h"
#include "channels/dummy-store.h"
#include "channels/story.h"
#include "desk/conversation-action.h"
#include "desk/customer.h"
#include "desk/message.h"

#include <string.h>

#define STORIES "visits.txt"
#define PATIENCE_US (15 * G_TIME_SPAN_MINUTE)
#define GOODBYE "Não posso esperar mais agora, chamo de novo depois. Obrigado!"

#define JOB_VISIT "dummy.visit"
#define JOB_STEP "dummy.step"
#define JOB_HEAR "dummy.hear"
#define JOB_LEAVE "dummy.leave"

/* What every job of this channel says: the members its kind needs. */
typedef struct {
  GuicheId conversation_id;
  gint64 seed;
  gint64 interval_s;
  gint64 number;
  gint64 seq;
} Task;

static char *
task_to_json (const Task *task)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "conversation_id", &task->conversation_id);
  guiche_json_writer_member_int (writer, "seed", task->seed);
  guiche_json_writer_member_int (writer, "interval_s", task->interval_s);
  guiche_json_writer_member_int (writer, "number", task->number);
  guiche_json_writer_member_int (writer, "seq", task->seq);
  guiche_json_writer_end_object (writer);
  return guiche_json_writer_steal (writer, NULL);
}

static gboolean
task_parse (const GuicheJob *job, Task *out, GError **error)
{
  g_autoptr (JsonNode) node = guiche_json_parse_object (job->payload, strlen (job->payload),
                                                        GUICHE_JSON_MAX_BYTES, error);
  JsonObject *object = node == NULL ? NULL : json_node_get_object (node);

  *out = (Task){ 0 };
  return object != NULL &&
         guiche_json_get_id (object, "conversation_id", FALSE, &out->conversation_id, error) &&
         guiche_json_get_int (object, "seed", FALSE, &out->seed, error) &&
         guiche_json_get_int (object, "interval_s", FALSE, &out->interval_s, error) &&
         guiche_json_get_int (object, "number", FALSE, &out->number, error) &&
         guiche_json_get_int (object, "seq", FALSE, &out->seq, error);
}

static gboolean
plan (GuicheTx *tx,
      const char *kind,
      const char *key,
      gint64 delay_us,
      const Task *task,
      GError **error)
{
  g_autofree char *payload = task_to_json (task);

  return guiche_tx_enqueue (tx, kind, key, guiche_tx_now_us (tx) + delay_us, payload, error);
}

static gboolean
plan_visit (GuicheTx *tx, const Task *visit, gint64 delay_us, GError **error)
{
  g_autofree char *key = g_strdup_printf ("visit-%" G_GINT64_FORMAT, visit->number);

  return plan (tx, JOB_VISIT, key, delay_us, visit, error);
}

gboolean
guiche_dummy_start (GuicheTx *tx, guint64 seed, gint64 interval_s, GError **error)
{
  Task visit = { .seed = (gint64) (seed & G_MAXINT64), .interval_s = interval_s };
  gint64 last = 0, n_present = 0;

  if (!guiche_dummy_store_count (tx, &last, &n_present, error))
    return FALSE;
  visit.number = last + 1;
  return plan_visit (tx, &visit, interval_s * G_USEC_PER_SEC / 3, error);
}

/* Says one line as the customer of @conversation. */
static gboolean
say (GuicheTx *tx, GuicheConversation *conversation, const char *text, GError **error)
{
  g_auto (GuicheCustomerRecord) customer = { 0 };
  GuicheSender sender = { .kind = GUICHE_SENDER_CUSTOMER };
  GuicheMessageRequest request = { .client_id = guiche_tx_new_id (tx),
                                   .kind = GUICHE_MESSAGE_TEXT };
  GuicheStoryPeople people = { 0 };
  g_autofree char *street = NULL;
  g_autofree char *body = NULL;
  GuicheMessageResult result;

  if (!guiche_customer_load (tx, &conversation->record.customer_id, &customer, error))
    return FALSE;
  street = g_strndup (customer.address != NULL ? customer.address : "",
                      customer.address != NULL ? strcspn (customer.address, ",") : 0);
  people.name = customer.name;
  people.plan = customer.plan;
  people.contract = customer.contract;
  people.street = street;
  people.city = "Vila Aurora";
  body = guiche_story_fill (text, &people);
  sender.id = customer.id;
  sender.name = customer.name;
  request.body = body;
  return guiche_message_post (tx, conversation, &sender, &request, &result, error);
}

/* A customer comes: conversation, first line soon, patience until then. */
static gboolean
begin_visit (GuicheTx *tx, const Task *task, const GuicheId *customer_id, GError **error)
{
  g_autoptr (GPtrArray) stories = guiche_stories_load (STORIES, error);
  GuicheDice dice = guiche_dice_new ((guint64) task->seed, (guint64) task->number * 2);
  GuicheDummyVisit visit = { .number = task->number };
  g_autoptr (GuicheConversation) conversation = NULL;
  GuicheConversationOpening opening = { .channel = GUICHE_DUMMY_CHANNEL };
  Task next = *task;

  if (stories == NULL)
    return FALSE;
  visit.story = guiche_dice_range (&dice, 0, stories->len - 1);
  opening.customer_id = *customer_id;
  opening.queue = ((GuicheStory *) g_ptr_array_index (stories, visit.story))->queue;
  conversation = guiche_conversation_open (tx, &opening, NULL, error);
  if (conversation == NULL)
    return FALSE;
  visit.conversation_id = next.conversation_id = conversation->record.id;
  return guiche_dummy_store_insert (tx, &visit, error) &&
         plan (tx, JOB_STEP, NULL, G_USEC_PER_SEC, &next, error) &&
         plan (tx, JOB_LEAVE, NULL, PATIENCE_US, &next, error);
}

/* (thread writer) */
static gboolean
record_visit (GuicheTx *tx, const GuicheJob *job, gpointer result, GError **error)
{
  g_autoptr (GArray) customers = NULL;
  gint64 last = 0, n_present = 0;
  GuicheDice dice;
  Task task, next;

  if (!task_parse (job, &task, error) || !guiche_dummy_store_count (tx, &last, &n_present, error))
    return FALSE;
  if (last >= task.number)
    return TRUE;
  customers = guiche_dummy_store_list_idle_customers (tx, error);
  if (customers == NULL)
    return FALSE;
  if (n_present >= GUICHE_DUMMY_AT_ONCE || customers->len == 0)
    return plan (tx, JOB_VISIT, NULL, task.interval_s * G_USEC_PER_SEC, &task, error);
  dice = guiche_dice_new ((guint64) task.seed, (guint64) task.number * 2 + 1);
  next = task;
  next.number++;
  return begin_visit (
             tx, &task,
             &g_array_index (customers, GuicheId, guiche_dice_range (&dice, 0, customers->len - 1)),
             error) &&
         plan_visit (tx, &next,
                     task.interval_s * G_USEC_PER_SEC * guiche_dice_range (&dice, 60, 140) / 100,
                     error);
}

/* After a line was said: the next one after a while, an answer is waited for, or goodbye. */
static gboolean
go_on (GuicheTx *tx,
       GuicheDummyVisit *visit,
       const GuicheStory *story,
       const Task *task,
       GError **error)
{
  const GuicheStoryLine *next = visit->line < story->lines->len
                                    ? &g_array_index (story->lines, GuicheStoryLine, visit->line)
                                    : NULL;
  GuicheDice dice =
      guiche_dice_new ((guint64) task->seed, (guint64) (visit->number * 1000 + visit->line));

  if (next == NULL) {
    visit->has_left = TRUE;
  } else if (next->kind == GUICHE_STORY_AGENT) {
    visit->is_listening = TRUE;
    visit->line++;
  } else if (!plan (tx, JOB_STEP, NULL, guiche_dice_range (&dice, 2, 7) * G_USEC_PER_SEC, task,
                    error)) {
    return FALSE;
  }
  return guiche_dummy_store_update (tx, visit, error);
}

/* (thread writer): the customer's next line. */
static gboolean
record_step (GuicheTx *tx, const GuicheJob *job, gpointer result, GError **error)
{
  g_autoptr (GPtrArray) stories = guiche_stories_load (STORIES, error);
  g_autoptr (GuicheConversation) conversation = NULL;
  const GuicheStory *story;
  GuicheDummyVisit visit;
  Task task;

  if (stories == NULL || !task_parse (job, &task, error) ||
      !guiche_dummy_store_load (tx, &task.conversation_id, &visit, error))
    return FALSE;
  if (visit.number == 0 || visit.has_left || visit.story >= stories->len)
    return TRUE;
  conversation = guiche_conversation_load (tx, &task.conversation_id, error);
  if (conversation == NULL)
    return FALSE;
  story = g_ptr_array_index (stories, visit.story);
  if (conversation->record.state == GUICHE_CONVERSATION_CLOSED || visit.line >= story->lines->len) {
    visit.has_left = TRUE;
    return guiche_dummy_store_update (tx, &visit, error);
  }
  if (!say (tx, conversation, g_array_index (story->lines, GuicheStoryLine, visit.line).text,
            error))
    return FALSE;
  visit.line++;
  return go_on (tx, &visit, story, &task, error);
}

gboolean
guiche_dummy_record_sent (GuicheTx *tx, const GuicheJob *job, gpointer result, GError **error)
{
  g_autoptr (GuicheConversation) conversation = NULL;
  const GuicheConnector *connector;
  GuicheOutgoing outgoing;
  Task task = { 0 };

  if (!guiche_outgoing_parse (job, &outgoing, &connector, error))
    return FALSE;
  conversation = guiche_conversation_load (tx, &outgoing.conversation_id, error);
  if (conversation == NULL ||
      !guiche_conversation_raise_delivery (tx, conversation, GUICHE_SENDER_CUSTOMER,
                                           GUICHE_DELIVERY_DELIVERED, outgoing.seq, error))
    return FALSE;
  task.conversation_id = outgoing.conversation_id;
  task.seq = outgoing.seq;
  return plan (tx, JOB_HEAR, NULL, 1500 * G_TIME_SPAN_MILLISECOND, &task, error);
}

/* (thread writer): the customer reads the answer and, if they waited for it, goes on. */
static gboolean
record_hear (GuicheTx *tx, const GuicheJob *job, gpointer result, GError **error)
{
  g_autoptr (GuicheConversation) conversation = NULL;
  GuicheDummyVisit visit;
  GuicheDice dice;
  Task task;

  if (!task_parse (job, &task, error) ||
      !guiche_dummy_store_load (tx, &task.conversation_id, &visit, error))
    return FALSE;
  conversation = guiche_conversation_load (tx, &task.conversation_id, error);
  if (conversation == NULL ||
      !guiche_conversation_raise_delivery (tx, conversation, GUICHE_SENDER_CUSTOMER,
                                           GUICHE_DELIVERY_READ, task.seq, error))
    return FALSE;
  if (!visit.is_listening)
    return TRUE;
  visit.is_listening = FALSE;
  dice = guiche_dice_new ((guint64) visit.number, (guint64) task.seq);
  return guiche_dummy_store_update (tx, &visit, error) &&
         plan (tx, JOB_STEP, NULL, guiche_dice_range (&dice, 3, 9) * G_USEC_PER_SEC, &task, error);
}

/* (thread writer): patience has ended, unless somebody has accepted. */
static gboolean
record_leave (GuicheTx *tx, const GuicheJob *job, gpointer result, GError **error)
{
  g_autoptr (GuicheConversation) conversation = NULL;
  g_autoptr (GuicheConversation) closed = NULL;
  GuicheDummyVisit visit;
  Task task;

  if (!task_parse (job, &task, error) ||
      !guiche_dummy_store_load (tx, &task.conversation_id, &visit, error))
    return FALSE;
  conversation = guiche_conversation_load (tx, &task.conversation_id, error);
  if (conversation == NULL)
    return FALSE;
  if (visit.has_left || conversation->record.state != GUICHE_CONVERSATION_WAITING)
    return TRUE;
  visit.has_left = TRUE;
  visit.is_listening = FALSE;
  if (!guiche_dummy_store_update (tx, &visit, error) || !say (tx, conversation, GOODBYE, error))
    return FALSE;
  closed = guiche_conversation_close (tx, &task.conversation_id, "cliente saiu", error);
  return closed != NULL;
}

static const GuicheJobKind kinds[] = {
  { .kind = JOB_VISIT, .record = record_visit },
  { .kind = JOB_STEP, .record = record_step },
  { .kind = JOB_HEAR, .record = record_hear },
  { .kind = JOB_LEAVE, .record = record_leave },
};

void
guiche_dummy_add_job_kinds (GuicheStore *store)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    guiche_store_add_job_kind (store, &kinds[i]);
}
