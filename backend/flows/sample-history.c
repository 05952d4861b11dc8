/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Half a year of conversations, and what is going on when the company is opened. */
#include "config.h"

#include "base/error.h"
#include "flows/sample-private.h"

#include <string.h>

#define DAYS 180
#define OPENS_AT_S (11 * 3600)  /* 8:00 in Brasília is 11:00 UTC */
#define CLOSES_AT_S (21 * 3600) /* 18:00 */
#define DAY_US ((gint64) G_TIME_SPAN_DAY)

/* Somebody who serves the queue; ana and bruno take their share. */
static const GuicheSampleUser *
pick_agent (GuicheSample *self, GuicheDice *dice, const char *queue)
{
  for (;;) {
    const GuicheSampleUser *user =
        &self->users[guiche_dice_range (dice, 0, (gint64) self->n_users - 1)];

    if (user->role == GUICHE_ROLE_AGENT && strstr (user->queues, queue) != NULL)
      return user;
  }
}

/* A customer whose last conversation has ended by then. */
static guint
pick_customer (GuicheSample *self, GuicheDice *dice)
{
  guint start = (guint) guiche_dice_range (dice, 0, self->customers->len - 1);

  for (guint i = 0; i < self->customers->len; i++) {
    guint customer = (start + i) % self->customers->len;

    if (self->free_at_us[customer] < self->clock_us)
      return customer;
  }
  return start;
}

static gboolean
play_one (GuicheSample *self, guint64 number, GuicheSampleEnd end, GError **error)
{
  GuicheDice dice = guiche_dice_new (self->seed, 100000 + number);
  const GuicheStory *story =
      g_ptr_array_index (self->stories, guiche_dice_range (&dice, 0, self->stories->len - 1));
  guint customer = pick_customer (self, &dice);
  const GuicheSampleUser *agent = pick_agent (self, &dice, story->queue);

  if (!guiche_sample_play (self, story, customer, agent, end, number, error))
    return FALSE;
  self->free_at_us[customer] = self->clock_us + (end == GUICHE_SAMPLE_CLOSED ? 0 : DAY_US);
  return TRUE;
}

/* A day's conversations, each from its own moment on: fewer at the week's end. */
static gboolean
play_day (GuicheSample *self, gint64 midnight_us, guint64 *number, GError **error)
{
  gint64 day = midnight_us / DAY_US;
  GuicheDice dice = guiche_dice_new (self->seed, (guint64) (self->now_us / DAY_US - day));
  gboolean is_weekend = (day + 4) % 7 == 0 || (day + 4) % 7 == 6; /* 1970 began on a Thursday */
  gint64 n = is_weekend ? guiche_dice_range (&dice, 0, 1) : guiche_dice_range (&dice, 2, 4);
  gint64 slot_s = (CLOSES_AT_S - OPENS_AT_S) / 5;

  for (gint64 i = 0; i < n; i++) {
    gint64 at_s = OPENS_AT_S + i * slot_s + guiche_dice_range (&dice, 0, slot_s / 2);

    self->clock_us = midnight_us + at_s * G_USEC_PER_SEC;
    if (!play_one (self, ++*number, GUICHE_SAMPLE_CLOSED, error))
      return FALSE;
  }
  return TRUE;
}

/* One that has not ended: begun @minutes ago by the first free customer. */
static gboolean
play_present (GuicheSample *self,
              const char *queue,
              const char *login,
              GuicheSampleEnd end,
              gint64 minutes,
              guint64 *number,
              GError **error)
{
  GuicheDice dice = guiche_dice_new (self->seed, 200000 + ++*number);
  const GuicheSampleUser *agent = guiche_sample_find_user (self, login);
  guint customer, story;

  self->clock_us = self->now_us - minutes * G_TIME_SPAN_MINUTE;
  customer = pick_customer (self, &dice);
  do
    story = (guint) guiche_dice_range (&dice, 0, self->stories->len - 1);
  while (strcmp (((GuicheStory *) g_ptr_array_index (self->stories, story))->queue, queue) != 0);
  self->free_at_us[customer] = G_MAXINT64;
  return guiche_sample_play (self, g_ptr_array_index (self->stories, story), customer, agent, end,
                             *number, error);
}

static gboolean
play_presents (GuicheSample *self, guint64 *number, GError **error)
{
  const struct {
    const char *queue;
    const char *login;
    GuicheSampleEnd end;
    gint64 minutes;
  } presents[] = {
    { "financial", "ana", GUICHE_SAMPLE_PENDING, 200 },
    { "commercial", "bruno", GUICHE_SAMPLE_SNOOZED, 180 },
    { "technical_normal", "ana", GUICHE_SAMPLE_OPEN, 60 },
    { "technical_urgent", "bruno", GUICHE_SAMPLE_OPEN, 55 },
    { "commercial", "ana", GUICHE_SAMPLE_OPEN, 45 },
    { "financial", "carla", GUICHE_SAMPLE_OPEN, 42 },
    { "cancellation", "gabriela", GUICHE_SAMPLE_OPEN, 40 },
    { "financial", "ana", GUICHE_SAMPLE_WAITING, 12 },
    { "technical_normal", "ana", GUICHE_SAMPLE_WAITING, 8 },
    { "commercial", "ana", GUICHE_SAMPLE_WAITING, 5 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (presents); i++)
    if (!play_present (self, presents[i].queue, presents[i].login, presents[i].end,
                       presents[i].minutes, number, error))
      return FALSE;
  return TRUE;
}

gboolean
guiche_sample_make_history (GuicheSample *self, GError **error)
{
  gint64 today_us = self->now_us / DAY_US * DAY_US;
  guint64 number = 0;

  for (int days_ago = DAYS; days_ago >= 1; days_ago--)
    if (!play_day (self, today_us - days_ago * DAY_US, &number, error))
      return FALSE;
  return play_presents (self, &number, error);
}
