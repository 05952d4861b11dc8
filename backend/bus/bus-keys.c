/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/bus-private.h"

#include <string.h>

/* Counters and values that are forgotten by themselves. */

typedef struct {
  GuicheBus *bus;
  GuicheBusCountFunc count; /* one of both */
  GuicheBusValueFunc value;
  gpointer user_data;
  char *name; /* (owned): in Redis */
} Question;

static Question *
question_new (GuicheBus *self, char *name, gpointer user_data)
{
  Question *question = g_new0 (Question, 1);

  question->bus = self;
  question->name = name;
  question->user_data = user_data;
  return question;
}

static void
question_free (Question *question)
{
  g_free (question->name);
  g_free (question);
}

static gboolean
has_room (GuicheBus *self, gsize n_bytes)
{
  if (self->commands == NULL)
    return FALSE;
  if (guiche_bus_link_has_room (self->commands, n_bytes))
    return TRUE;
  self->stats.dropped++;
  return FALSE;
}

static void
on_counted (const redisReply *reply, gpointer user_data)
{
  Question *question = user_data;
  gboolean is_known = reply != NULL && reply->type == REDIS_REPLY_INTEGER;

  question->count (is_known, is_known ? reply->integer : 0, question->user_data);
  question_free (question);
}

gboolean
guiche_bus_count (GuicheBus *self,
                  const char *key,
                  gint64 by,
                  guint ttl_ms,
                  GuicheBusCountFunc func,
                  gpointer user_data)
{
  g_autofree char *name = g_strconcat (self->seal.prefix, key, NULL);
  char number[24];
  char ttl[16];
  const char *add[] = { "INCRBY", name, number };
  const char *expire[] = { "PEXPIRE", name, ttl };
  gsize lengths[] = { 6, strlen (name), 0 };
  Question *question;

  if (!has_room (self, 2 * lengths[1] + 192))
    return FALSE;
  lengths[2] = (gsize) g_snprintf (number, sizeof number, "%" G_GINT64_FORMAT, by);
  question = question_new (self, NULL, user_data);
  question->count = func;
  guiche_bus_link_send (self->commands, 3, add, lengths, on_counted, question);
  lengths[0] = 7;
  lengths[2] = (gsize) g_snprintf (ttl, sizeof ttl, "%u", ttl_ms);
  guiche_bus_link_send (self->commands, 3, expire, lengths, NULL, NULL);
  return TRUE;
}

gboolean
guiche_bus_put (GuicheBus *self, const char *key, gconstpointer data, gsize length, guint ttl_ms)
{
  g_autofree char *name = g_strconcat (self->seal.prefix, key, NULL);
  char ttl[16];
  const char *words[] = { "SET", name, NULL, "PX", ttl };
  gsize lengths[] = { 3, strlen (name), GUICHE_BUS_FRAME_HEAD + length, 2, 0 };

  if (length > GUICHE_BUS_MAX_BYTES || !has_room (self, lengths[1] + lengths[2] + 96))
    return FALSE;
  guiche_bus_seal_close (&self->seal, name, data, length, self->frame);
  words[2] = (const char *) self->frame->data;
  lengths[4] = (gsize) g_snprintf (ttl, sizeof ttl, "%u", ttl_ms);
  guiche_bus_link_send (self->commands, 5, words, lengths, NULL, NULL);
  return TRUE;
}

static void
on_got (const redisReply *reply, gpointer user_data)
{
  Question *question = user_data;
  const guint8 *frame = reply != NULL ? (const guint8 *) reply->str : NULL;
  gsize length = reply != NULL ? (gsize) reply->len : 0;
  GuicheId origin;

  if (reply != NULL && reply->type == REDIS_REPLY_STRING &&
      guiche_bus_seal_open (&question->bus->seal, question->name, frame, length, &origin))
    question->value (frame + GUICHE_BUS_FRAME_HEAD, length - GUICHE_BUS_FRAME_HEAD,
                     question->user_data);
  else
    question->value (NULL, 0, question->user_data);
  question_free (question);
}

gboolean
guiche_bus_get (GuicheBus *self, const char *key, GuicheBusValueFunc func, gpointer user_data)
{
  char *name = g_strconcat (self->seal.prefix, key, NULL);
  const char *words[] = { "GET", name };
  gsize lengths[] = { 3, strlen (name) };
  Question *question;

  if (!has_room (self, lengths[1] + 64)) {
    g_free (name);
    return FALSE;
  }
  question = question_new (self, name, user_data);
  question->value = func;
  guiche_bus_link_send (self->commands, 2, words, lengths, on_got, question);
  return TRUE;
}
