/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One conversation of the sample company, line by line, as it happened. */
#include "config.h"

#include "base/error.h"
#include "channels/rendition.h"
#include "channels/visit.h"
#include "desk/conversation-action.h"
#include "desk/message.h"
#include "flows/sample-private.h"

#include <string.h>

/* A story being played. */
typedef struct {
  GuicheSample *sample;
  const GuicheSampleUser *agent;
  const GuicheCustomerRecord *customer;
  GuicheDice dice;
  GuicheStoryPeople people;
  GuicheId conversation_id;
  gboolean is_accepted;
} Play;

static const char *
extension_of (GuicheStoryKind kind)
{
  return kind == GUICHE_STORY_CUSTOMER_VOICE || kind == GUICHE_STORY_AGENT_VOICE ? ".ogg" : "";
}

static GuicheMessageKind
message_kind_of (GuicheStoryKind kind)
{
  switch (kind) {
  case GUICHE_STORY_NOTE:
    return GUICHE_MESSAGE_NOTE;
  case GUICHE_STORY_CUSTOMER_VOICE:
  case GUICHE_STORY_AGENT_VOICE:
    return GUICHE_MESSAGE_VOICE;
  case GUICHE_STORY_AGENT_FILE:
    return GUICHE_MESSAGE_FILE;
  case GUICHE_STORY_CUSTOMER_IMAGE:
    return GUICHE_MESSAGE_IMAGE;
  case GUICHE_STORY_CUSTOMER:
  case GUICHE_STORY_AGENT:
  default:
    return GUICHE_MESSAGE_TEXT;
  }
}

static gboolean
is_of_customer (GuicheStoryKind kind)
{
  return kind == GUICHE_STORY_CUSTOMER || kind == GUICHE_STORY_CUSTOMER_VOICE ||
         kind == GUICHE_STORY_CUSTOMER_IMAGE;
}

static gboolean
carries_file (GuicheStoryKind kind)
{
  GuicheMessageKind message_kind = message_kind_of (kind);

  return message_kind != GUICHE_MESSAGE_TEXT && message_kind != GUICHE_MESSAGE_NOTE;
}

/* The AAC form of a colleague's voice note, as their desktop would have sent it. */
static gboolean
add_rendition (Play *play, const GuicheStoryLine *line, const GuicheId *file_id, GError **error)
{
  g_autofree char *name = g_strconcat (line->text, ".m4a", NULL);
  const GuicheSampleFile *rendition;
  GuicheId rendition_id;

  if (line->kind != GUICHE_STORY_AGENT_VOICE)
    return TRUE;
  rendition = guiche_sample_use_file (play->sample, name, &play->agent->id, &rendition_id, error);
  return rendition != NULL &&
         guiche_rendition_set (play->sample->tx, file_id, &rendition->file, error);
}

static gboolean
attach (Play *play,
        const GuicheStoryLine *line,
        const GuicheId *owner,
        GuicheAttachmentRecord *out,
        GError **error)
{
  g_autofree char *name = g_strconcat (line->text, extension_of (line->kind), NULL);
  const GuicheSampleFile *file =
      guiche_sample_use_file (play->sample, name, owner, &out->file_id, error);

  if (file == NULL)
    return FALSE;
  out->name = (char *) file->name;
  out->duration_ms = file->duration_ms;
  out->waveform = file->waveform;
  return add_rendition (play, line, &out->file_id, error);
}

static GuicheConversation *
load (Play *play, GError **error)
{
  return guiche_conversation_load (play->sample->tx, &play->conversation_id, error);
}

/* The other side reads what came before they answer. */
static gboolean
read_before_writing (Play *play,
                     GuicheConversation *conversation,
                     GuicheSenderKind side,
                     GError **error)
{
  return guiche_conversation_raise_delivery (play->sample->tx, conversation, side,
                                             GUICHE_DELIVERY_READ, conversation->record.last_seq,
                                             error);
}

static gboolean
say (Play *play, const GuicheStoryLine *line, GError **error)
{
  gboolean is_customer = is_of_customer (line->kind);
  GuicheSender sender = {
    .kind = is_customer ? GUICHE_SENDER_CUSTOMER : GUICHE_SENDER_AGENT,
    .id = is_customer ? play->customer->id : play->agent->id,
    .name = is_customer ? play->customer->name : (char *) play->agent->name,
  };
  g_autofree char *body =
      carries_file (line->kind) ? g_strdup ("") : guiche_story_fill (line->text, &play->people);
  g_autoptr (GuicheConversation) conversation = load (play, error);
  GuicheAttachmentRecord attachment = { 0 };
  GuicheMessageRequest request = { .kind = message_kind_of (line->kind),
                                   .client_id = guiche_tx_new_id (play->sample->tx),
                                   .body = body,
                                   .attachments = &attachment };
  GuicheMessageResult result;

  if (conversation == NULL || !read_before_writing (play, conversation, sender.kind, error))
    return FALSE;
  if (carries_file (line->kind)) {
    request.n_attachments = 1;
    if (!attach (play, line, &sender.id, &attachment, error))
      return FALSE;
  }
  return guiche_message_post (play->sample->tx, conversation, &sender, &request, &result, error);
}

static gboolean
accept (Play *play, GError **error)
{
  g_autoptr (GuicheConversation) accepted = NULL;

  guiche_sample_wait (play->sample, &play->dice, 20, 400);
  guiche_sample_act_as (play->sample, play->agent);
  accepted = guiche_conversation_accept (play->sample->tx, &play->conversation_id, error);
  play->is_accepted = accepted != NULL;
  return play->is_accepted;
}

/* One line and the time before it. */
static gboolean
play_line (Play *play, const GuicheStoryLine *line, GError **error)
{
  gboolean is_customer = is_of_customer (line->kind);
  gint64 typing_s = 4 + (gint64) strlen (line->text) / 6;

  if (!is_customer && !play->is_accepted && !accept (play, error))
    return FALSE;
  guiche_sample_wait (play->sample, &play->dice, typing_s, typing_s * 3 + 20);
  guiche_sample_act_as (play->sample, is_customer ? NULL : play->agent);
  return say (play, line, error);
}

static gboolean
open_conversation (Play *play, const char *queue, GError **error)
{
  GuicheConversationOpening opening = { .customer_id = play->customer->id,
                                        .channel = GUICHE_VISIT_CHANNEL,
                                        .queue = queue };
  g_autoptr (GuicheConversation) conversation = NULL;

  guiche_sample_act_as (play->sample, NULL);
  conversation = guiche_conversation_open (play->sample->tx, &opening, NULL, error);
  if (conversation == NULL)
    return FALSE;
  play->conversation_id = conversation->record.id;
  return TRUE;
}

/* How many lines of @story are said when it ends that way. */
static guint
lines_until (const GuicheStory *story, GuicheSampleEnd end)
{
  guint spoken = 0;

  if (end == GUICHE_SAMPLE_CLOSED)
    return story->lines->len;
  if (end != GUICHE_SAMPLE_WAITING)
    return MAX (3, story->lines->len * 2 / 3);
  while (spoken < story->lines->len &&
         is_of_customer (g_array_index (story->lines, GuicheStoryLine, spoken).kind))
    spoken++;
  return spoken;
}

static gboolean
finish (Play *play, const GuicheStory *story, GuicheSampleEnd end, GError **error)
{
  GuicheSample *sample = play->sample;
  g_autoptr (GuicheConversation) conversation = load (play, error);
  g_autoptr (GuicheConversation) ended = NULL;

  if (conversation == NULL)
    return FALSE;
  if (end == GUICHE_SAMPLE_WAITING || end == GUICHE_SAMPLE_OPEN)
    return TRUE;
  guiche_sample_wait (sample, &play->dice, 20, 240);
  guiche_sample_act_as (sample, play->agent);
  if (!play->is_accepted && !accept (play, error))
    return FALSE;
  if (end == GUICHE_SAMPLE_CLOSED) {
    if (!read_before_writing (play, conversation, GUICHE_SENDER_CUSTOMER, error) ||
        !read_before_writing (play, conversation, GUICHE_SENDER_AGENT, error))
      return FALSE;
    ended =
        guiche_conversation_close (sample->tx, &play->conversation_id, story->close_reason, error);
  } else if (end == GUICHE_SAMPLE_SNOOZED) {
    ended = guiche_conversation_snooze (sample->tx, &play->conversation_id,
                                        sample->now_us + 20 * G_TIME_SPAN_HOUR, error);
  } else {
    ended = guiche_conversation_set_pending (sample->tx, &play->conversation_id, error);
  }
  return ended != NULL;
}

static gboolean
play_all (Play *play, const GuicheStory *story, GuicheSampleEnd end, GError **error)
{
  guint n_lines = lines_until (story, end);

  if (!open_conversation (play, story->queue, error))
    return FALSE;
  for (guint i = 0; i < n_lines; i++)
    if (!play_line (play, &g_array_index (story->lines, GuicheStoryLine, i), error))
      return FALSE;
  return finish (play, story, end, error);
}

gboolean
guiche_sample_play (GuicheSample *self,
                    const GuicheStory *story,
                    guint customer,
                    const GuicheSampleUser *agent,
                    GuicheSampleEnd end,
                    guint64 number,
                    GError **error)
{
  Play play = { .sample = self,
                .agent = agent,
                .customer = g_ptr_array_index (self->customers, customer),
                .dice = guiche_dice_new (self->seed, number) };
  g_autofree char *agent_name = guiche_story_first_name (agent->name);
  g_autofree char *street =
      g_strndup (play.customer->address, strcspn (play.customer->address, ","));
  g_autofree char *protocol = g_strdup_printf ("%d", (int) (700000 + number * 13));
  g_autofree char *price = g_strdup_printf ("%d,90", (int) guiche_dice_range (&play.dice, 79, 199));
  g_autofree char *day = g_strdup_printf ("%d", (int) guiche_dice_range (&play.dice, 5, 25));

  play.people = (GuicheStoryPeople){ .name = play.customer->name,
                                     .plan = play.customer->plan,
                                     .contract = play.customer->contract,
                                     .street = street,
                                     .city = GUICHE_SAMPLE_CITY,
                                     .agent = agent_name,
                                     .protocol = protocol,
                                     .price = price,
                                     .day = day };
  return play_all (&play, story, end, error);
}
