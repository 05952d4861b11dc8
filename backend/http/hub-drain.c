/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-private.h"

#include <string.h>

/* Sends everybody to another node, a few at a time, so that it does not get them all at once. */

#define SPREAD_US (2 * G_USEC_PER_SEC)
#define LIMIT_US                                                                                   \
  (3 * G_USEC_PER_SEC) /* an accepted operation that is still not answered then goes */
#define STEP_MS 20
#define AFTER_MS 250 /* at most: a little jitter of their own */

typedef struct {
  GuicheHub *hub;
  gint64 began_us;
  gsize n_streams; /* when it began */
  gsize n_gone;
  void (*done) (gpointer);
  gpointer user_data;
} Drain;

/* The hint is the last thing on the stream: whatever was not answered is sent again elsewhere,
 * where its client id makes that harmless. */
static void
send_away (GuicheStream *stream)
{
  char text[64];

  g_snprintf (text, sizeof text, "{\"op\":\"reconnect\",\"after_ms\":%d}",
              g_random_int_range (0, AFTER_MS));
  guiche_stream_send_text (stream, text, strlen (text), GUICHE_URGENCY_ANSWER);
  guiche_stream_part (stream, GUICHE_CLOSE_SERVICE_RESTART, "going on at another node");
}

/* Those whose turn has come, and who wait for no answer. Returns how many are left. */
static gsize
send_away_some (Drain *drain, gint64 passed_us)
{
  gsize n_due = drain->n_streams * (gsize) MIN (passed_us, SPREAD_US) / SPREAD_US + 1;
  gsize n_left = 0;
  GHashTableIter iter;
  gpointer tenant;

  g_hash_table_iter_init (&iter, drain->hub->tenants);
  while (g_hash_table_iter_next (&iter, NULL, &tenant)) {
    for (GList *link = ((GuicheHubTenant *) tenant)->streams.head; link != NULL;
         link = link->next) {
      GuicheStream *stream = link->data;

      if (!guiche_stream_is_open (stream))
        continue;
      if (drain->n_gone >= n_due || stream->n_ops > 0) {
        n_left++;
        continue;
      }
      send_away (stream);
      drain->n_gone++;
    }
  }
  return n_left;
}

static gboolean
on_step (gpointer user_data)
{
  Drain *drain = user_data;
  gint64 passed_us = g_get_monotonic_time () - drain->began_us;

  if (send_away_some (drain, passed_us) > 0 && passed_us < LIMIT_US)
    return G_SOURCE_CONTINUE;
  drain->hub->drain = NULL;
  drain->done (drain->user_data);
  return G_SOURCE_REMOVE;
}

void
guiche_hub_drain (GuicheHub *self, void (*done) (gpointer), gpointer user_data)
{
  g_autoptr (GSource) step = g_timeout_source_new (STEP_MS);
  Drain *drain = g_new0 (Drain, 1);

  self->is_draining = TRUE;
  self->drain = step;
  drain->hub = self;
  drain->began_us = g_get_monotonic_time ();
  drain->n_streams = self->n_streams;
  drain->done = done;
  drain->user_data = user_data;
  g_source_set_callback (step, on_step, drain, g_free);
  g_source_attach (step, self->context);
}
