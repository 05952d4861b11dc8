/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/rate-limits-private.h"

#include <sodium.h>

/* What several nodes take from the same bucket. Time is cut into windows as long as an empty bucket
 * takes to fill; for each window, account and class Redis counts what all nodes spent. A node adds
 * what it spent, and what the answer holds beyond that was spent by others: it is charged here.
 * Late, so a bucket may have given more than it had: then it owes that, up to its size. */

#define SHARE_MS 250
#define EARLY 8 /* an eighth of the bucket is not kept to oneself */

typedef struct {
  GuicheAccount *account; /* kept while something is unsaid */
  GuicheRateClass rate;
} Spender;

struct _GuicheRateShares {
  grefcount ref_count;  /* questions on their way hold it */
  GuicheLimits *limits; /* (nullable): gone */
  GuicheBus *bus;
  GuicheClock *clock;
  GArray *spenders; /* (owned) (element-type Spender): with something unsaid */
  GSource *timer;   /* (owned) (nullable): while there are any */
  gboolean is_early;
};

typedef struct {
  GuicheRateShares *shares; /* (owned) */
  GuicheAddressKey key;
  GuicheTenant *tenant; /* (nullable) */
  GuicheRateClass rate;
  gint64 window;
  guint32 said;
  double forgiven; /* spent by others before this node knew of it, and refilled since */
} Question;

static void
shares_unref (GuicheRateShares *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->spenders);
  g_free (self);
}

static void
stop_timer (GuicheRateShares *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

void
guiche_rate_shares_free (GuicheRateShares *self)
{
  stop_timer (self);
  self->limits = NULL;
  shares_unref (self);
}

void
guiche_limits_set_bus (GuicheLimits *self, GuicheBus *bus, GuicheClock *clock)
{
  if (!self->is_enabled || !guiche_bus_has_url (bus))
    return;
  self->shares = g_new0 (GuicheRateShares, 1);
  g_ref_count_init (&self->shares->ref_count);
  self->shares->limits = self;
  self->shares->bus = bus;
  self->shares->clock = clock;
  self->shares->spenders = g_array_new (FALSE, FALSE, sizeof (Spender));
}

static void
charge (GuicheBucket *bucket, const GuicheRate *rate, const Question *question, gint64 total)
{
  gint64 others;
  double news;

  if (bucket->window != question->window)
    return;
  if (total < (gint64) bucket->own + question->said) { /* Redis has forgotten */
    bucket->own = bucket->others = 0;
  }
  bucket->own += question->said;
  others = MIN (total - bucket->own, G_MAXUINT32);
  news = (double) (others - bucket->others) - question->forgiven;
  bucket->others = (guint32) MAX (others, 0);
  if (news > 0)
    bucket->level = MAX (bucket->level - news, -rate->burst);
}

static void
on_total (gboolean is_known, gint64 total, gpointer user_data)
{
  Question *question = user_data;
  GuicheLimits *limits = question->shares->limits;
  GuicheAccount *account = NULL;

  if (limits != NULL && question->tenant != NULL)
    account = g_hash_table_lookup (limits->tenants, question->tenant);
  else if (limits != NULL)
    account = g_hash_table_lookup (limits->addresses, &question->key);
  if (is_known && account != NULL)
    charge (&account->buckets[question->rate], guiche_rate_of (account, question->rate), question,
            total);
  shares_unref (question->shares);
  g_free (question);
}

static char *
name_of (const Question *question)
{
  char digits[2 * sizeof question->key.bytes + 1];

  if (question->tenant != NULL)
    return g_strdup_printf ("rate:t:%s:%d:%" G_GINT64_FORMAT, guiche_tenant_key (question->tenant),
                            question->rate, question->window);
  sodium_bin2hex (digits, sizeof digits, question->key.bytes, sizeof question->key.bytes);
  return g_strdup_printf ("rate:a:%s:%d:%" G_GINT64_FORMAT, digits, question->rate,
                          question->window);
}

/* FALSE: the bus takes no more now. */
static gboolean
ask (GuicheRateShares *self, const Spender *spender)
{
  GuicheBucket *bucket = &spender->account->buckets[spender->rate];
  const GuicheRate *rate = guiche_rate_of (spender->account, spender->rate);
  gint64 now_us = guiche_clock_now_us (self->clock);
  gint64 window_us = (gint64) (rate->burst / rate->per_second * G_USEC_PER_SEC);
  Question *question = g_new0 (Question, 1);
  g_autofree char *name = NULL;

  question->shares = self;
  question->key = spender->account->key;
  question->tenant = spender->account->tenant;
  question->rate = spender->rate;
  question->window = now_us / window_us;
  question->said = bucket->unsaid;
  if (bucket->window < question->window - 1)
    question->forgiven = (double) (now_us % window_us) * rate->per_second / G_USEC_PER_SEC;
  name = name_of (question);
  if (!guiche_bus_count (self->bus, name, question->said,
                         (guint) (2 * window_us / G_TIME_SPAN_MILLISECOND), on_total, question)) {
    g_free (question);
    return FALSE;
  }
  g_ref_count_inc (&self->ref_count);
  if (bucket->window != question->window)
    bucket->own = bucket->others = 0;
  bucket->window = question->window;
  bucket->unsaid = 0;
  return TRUE;
}

static gboolean
on_time (gpointer user_data)
{
  GuicheRateShares *self = user_data;

  stop_timer (self);
  guiche_limits_share (self->limits);
  return G_SOURCE_REMOVE;
}

static void
set_timer (GuicheRateShares *self, guint ms)
{
  stop_timer (self);
  self->is_early = ms == 0;
  self->timer = g_timeout_source_new (ms);
  g_source_set_callback (self->timer, on_time, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

void
guiche_limits_share (GuicheLimits *self)
{
  GuicheRateShares *shares = self->shares;
  gboolean is_connected = guiche_bus_is_connected (shares->bus);
  guint n = 0;

  while (n < shares->spenders->len) {
    Spender *spender = &g_array_index (shares->spenders, Spender, n);

    if (is_connected && !ask (shares, spender))
      break;
    spender->account->buckets[spender->rate].unsaid = 0;
    n++;
  }
  g_array_remove_range (shares->spenders, 0, n);
  stop_timer (shares);
  if (shares->spenders->len > 0)
    set_timer (shares, SHARE_MS);
}

void
guiche_rate_shares_note (GuicheRateShares *self, GuicheAccount *account, GuicheRateClass rate)
{
  const Spender spender = { account, rate };
  GuicheBucket *bucket;

  if (self == NULL)
    return;
  bucket = &account->buckets[rate];
  if (bucket->unsaid++ == 0)
    g_array_append_val (self->spenders, spender);
  if (bucket->unsaid * EARLY >= guiche_rate_of (account, rate)->burst && !self->is_early)
    set_timer (self, 0);
  else if (self->timer == NULL)
    set_timer (self, SHARE_MS);
}
