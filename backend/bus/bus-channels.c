/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-bus"

#include "bus/bus-private.h"

#include <string.h>

struct _GuicheBusSubscription {
  char *name;         /* (owned): in Redis, a pattern if is_prefix */
  gboolean is_prefix; /* the name ends with `*` */
  gboolean is_gone;   /* freed when nothing is being handed over */
  GuicheBusMessageFunc func;
  gpointer user_data;
};

static void
subscription_free (GuicheBusSubscription *subscription)
{
  g_free (subscription->name);
  g_free (subscription);
}

void
guiche_bus_free_subscriptions (GuicheBus *self)
{
  for (guint i = 0; i < self->subscriptions->len; i++)
    subscription_free (self->subscriptions->pdata[i]);
  g_ptr_array_unref (self->subscriptions);
}

static void
say (GuicheBus *self, const char *word, const char *name)
{
  const char *words[] = { word, name };
  const gsize lengths[] = { strlen (word), strlen (name) };

  if (self->hearing != NULL && guiche_bus_link_has_room (self->hearing, lengths[1] + 64))
    guiche_bus_link_send (self->hearing, 2, words, lengths, NULL, NULL);
}

static gboolean
is_first_of_name (GuicheBus *self, guint index)
{
  const GuicheBusSubscription *one = self->subscriptions->pdata[index];

  for (guint i = 0; i < index; i++) {
    const GuicheBusSubscription *other = self->subscriptions->pdata[i];

    if (!other->is_gone && strcmp (other->name, one->name) == 0)
      return FALSE;
  }
  return TRUE;
}

void
guiche_bus_subscribe_all (GuicheBus *self)
{
  self->n_unconfirmed = 0;
  for (guint i = 0; i < self->subscriptions->len; i++) {
    const GuicheBusSubscription *one = self->subscriptions->pdata[i];

    if (one->is_gone || !is_first_of_name (self, i))
      continue;
    self->n_unconfirmed++;
    say (self, one->is_prefix ? "PSUBSCRIBE" : "SUBSCRIBE", one->name);
  }
  guiche_bus_update_state (self);
}

/* In Redis' patterns `*`, `?`, `[` and `\` mean something; in our names they do not. */
static char *
name_in_redis (GuicheBus *self, const char *name, gboolean is_prefix)
{
  GString *full = g_string_new (self->seal.prefix);

  for (const char *c = name; *c != '\0'; c++) {
    if (is_prefix && strchr ("*?[]\\", *c) != NULL && c[1] != '\0')
      g_string_append_c (full, '\\');
    g_string_append_c (full, *c);
  }
  return g_string_free (full, FALSE);
}

GuicheBusSubscription *
guiche_bus_subscribe (GuicheBus *self,
                      const char *name,
                      GuicheBusMessageFunc func,
                      gpointer user_data)
{
  GuicheBusSubscription *subscription = g_new0 (GuicheBusSubscription, 1);

  subscription->is_prefix = g_str_has_suffix (name, "*");
  subscription->name = name_in_redis (self, name, subscription->is_prefix);
  subscription->func = func;
  subscription->user_data = user_data;
  g_ptr_array_add (self->subscriptions, subscription);
  if (is_first_of_name (self, self->subscriptions->len - 1))
    say (self, subscription->is_prefix ? "PSUBSCRIBE" : "SUBSCRIBE", subscription->name);
  return subscription;
}

static void
forget_gone (GuicheBus *self)
{
  for (guint i = self->subscriptions->len; i > 0; i--) {
    GuicheBusSubscription *subscription = self->subscriptions->pdata[i - 1];

    if (!subscription->is_gone)
      continue;
    g_ptr_array_remove_index (self->subscriptions, i - 1);
    subscription_free (subscription);
  }
}

void
guiche_bus_unsubscribe (GuicheBus *self, GuicheBusSubscription *subscription)
{
  gboolean is_heard = FALSE;

  subscription->is_gone = TRUE;
  for (guint i = 0; i < self->subscriptions->len; i++) {
    const GuicheBusSubscription *other = self->subscriptions->pdata[i];

    is_heard |= !other->is_gone && strcmp (other->name, subscription->name) == 0;
  }
  if (!is_heard)
    say (self, subscription->is_prefix ? "PUNSUBSCRIBE" : "UNSUBSCRIBE", subscription->name);
  if (self->n_calls == 0)
    forget_gone (self);
}

static void
hand_over (GuicheBus *self,
           gboolean is_prefix,
           const char *name,
           const char *channel,
           const redisReply *content)
{
  const char *plain = channel + strlen (self->seal.prefix);
  const guint8 *frame = (const guint8 *) content->str;
  guint n = self->subscriptions->len;
  GuicheId origin;

  if (!g_str_has_prefix (channel, self->seal.prefix) ||
      (gsize) content->len > GUICHE_BUS_FRAME_HEAD + GUICHE_BUS_MAX_BYTES ||
      !guiche_bus_seal_open (&self->seal, channel, frame, (gsize) content->len, &origin)) {
    self->stats.refused++;
    return;
  }
  if (guiche_id_equal (&origin, &self->seal.origin))
    return;
  self->stats.received++;
  self->n_calls++;
  for (guint i = 0; i < n; i++) {
    const GuicheBusSubscription *one = self->subscriptions->pdata[i];

    if (!one->is_gone && one->is_prefix == is_prefix && strcmp (one->name, name) == 0)
      one->func (self, &origin, plain, frame + GUICHE_BUS_FRAME_HEAD,
                 (gsize) content->len - GUICHE_BUS_FRAME_HEAD, one->user_data);
  }
  if (--self->n_calls == 0)
    forget_gone (self);
}

static gboolean
are_strings (const redisReply *reply, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (reply->element[i]->type != REDIS_REPLY_STRING)
      return FALSE;
  return TRUE;
}

static void
confirm (GuicheBus *self)
{
  if (self->n_unconfirmed == 0)
    return;
  self->n_unconfirmed--;
  guiche_bus_update_state (self);
}

gboolean
guiche_bus_hear (GuicheBus *self, const redisReply *reply)
{
  const char *kind;

  if (reply->type != REDIS_REPLY_ARRAY || reply->elements < 3 || !are_strings (reply, 2))
    return FALSE;
  kind = reply->element[0]->str;
  if (strcmp (kind, "message") == 0 && reply->elements == 3 && are_strings (reply, 3)) {
    hand_over (self, FALSE, reply->element[1]->str, reply->element[1]->str, reply->element[2]);
    return TRUE;
  }
  if (strcmp (kind, "pmessage") == 0 && reply->elements == 4 && are_strings (reply, 4)) {
    hand_over (self, TRUE, reply->element[1]->str, reply->element[2]->str, reply->element[3]);
    return TRUE;
  }
  if (strcmp (kind, "subscribe") == 0 || strcmp (kind, "psubscribe") == 0)
    confirm (self);
  return strcmp (kind, "message") != 0 && strcmp (kind, "pmessage") != 0;
}

gboolean
guiche_bus_publish (GuicheBus *self, const char *channel, gconstpointer data, gsize length)
{
  g_autofree char *name = g_strconcat (self->seal.prefix, channel, NULL);
  const char *words[] = { "PUBLISH", name, NULL };
  gsize lengths[] = { 7, strlen (name), GUICHE_BUS_FRAME_HEAD + length };

  if (self->commands == NULL)
    return FALSE;
  if (length > GUICHE_BUS_MAX_BYTES ||
      !guiche_bus_link_has_room (self->commands, lengths[1] + lengths[2] + 64)) {
    self->stats.dropped++;
    return FALSE;
  }
  guiche_bus_seal_close (&self->seal, name, data, length, self->frame);
  words[2] = (const char *) self->frame->data;
  guiche_bus_link_send (self->commands, 3, words, lengths, NULL, NULL);
  self->stats.published++;
  return TRUE;
}
