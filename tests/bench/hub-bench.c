/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The hub alone: publishes batches of events as fast as the streams take them, without any
 * database write. argv: streams to wait for, events a batch, bytes an event, seconds. Prints
 * its port, then one line of JSON. */
#include "../backend/http/hub-harness.h"
#include "store/event-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct {
  Harness *harness;
  GuicheEvent **events;
  guint n_batch;
  gsize n_bytes;
  gint64 seq;
} Bench;

static gint64
cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static GuicheHubTenant *
tenant_of (Bench *bench)
{
  return g_hash_table_lookup (bench->harness->hub->tenants, bench->harness->test->tenant);
}

static gboolean
is_everybody_live (Bench *bench, guint n_streams)
{
  GuicheHubTenant *tenant = tenant_of (bench);

  if (tenant == NULL || tenant->streams.length < n_streams)
    return FALSE;
  for (GList *link = tenant->streams.head; link != NULL; link = link->next)
    if (!((GuicheStream *) link->data)->is_ready)
      return FALSE;
  return TRUE;
}

/* As a server whose senders wait for their acknowledgements: the next batch when this one is out.
 */
static gboolean
has_room (Bench *bench)
{
  gsize n_bytes = bench->n_batch * bench->n_bytes;

  if (bench->harness->hub->n_streams == 0)
    return FALSE;
  for (GList *link = tenant_of (bench)->streams.head; link != NULL; link = link->next) {
    GuicheStream *stream = link->data;

    if (stream->state == GUICHE_STREAM_PAUSED ||
        !guiche_stream_window_admits (&stream->window, bench->n_batch,
                                      n_bytes + 64 * bench->n_batch))
      return FALSE;
  }
  return TRUE;
}

static void
publish (Bench *bench)
{
  static const char audience[] =
      "s q:financial u:01932f6a-0000-7000-8000-0000000000aa v:01932f6a-0000-7000-8000-00000000c0de";
  g_autofree char *data = g_strnfill (bench->n_bytes, 'x');

  data[0] = data[bench->n_bytes - 1] = '"';
  for (guint i = 0; i < bench->n_batch; i++)
    bench->events[i] =
        guiche_event_new (++bench->seq, 1763622197000000, "message.created", audience,
                          &bench->harness->conversation, data, bench->n_bytes);
  guiche_hub_publish (bench->harness->hub, bench->harness->test->tenant, bench->events,
                      bench->n_batch);
  for (guint i = 0; i < bench->n_batch; i++)
    guiche_event_unref (bench->events[i]);
}

int
main (int argc, char **argv)
{
  guint n_streams = argc > 1 ? (guint) atoi (argv[1]) : 10;
  Bench bench = { .n_batch = argc > 2 ? (guint) atoi (argv[2]) : 32,
                  .n_bytes = argc > 3 ? (gsize) atoi (argv[3]) : 700 };
  gint64 duration_us = (argc > 4 ? atoi (argv[4]) : 3) * (gint64) G_USEC_PER_SEC;
  gint64 start_us, start_cpu_us, start_seq;
  GuicheHubStats before, after;

  bench.harness = harness_new (FALSE);
  bench.harness->hub->max_per_user = 1000;
  bench.harness->hub->has_limits = FALSE;
  bench.events = g_new0 (GuicheEvent *, bench.n_batch);
  printf ("{\"port\":%u}\n", bench.harness->port);
  fflush (stdout);
  while (!is_everybody_live (&bench, n_streams))
    g_main_context_iteration (NULL, TRUE);
  start_us = g_get_monotonic_time ();
  start_cpu_us = cpu_us ();
  start_seq = bench.seq;
  guiche_hub_get_stats (bench.harness->hub, &before);
  while (g_get_monotonic_time () - start_us < duration_us) {
    if (has_room (&bench))
      publish (&bench);
    g_main_context_iteration (NULL, FALSE);
  }
  duration_us = g_get_monotonic_time () - start_us;
  guiche_hub_get_stats (bench.harness->hub, &after);
  printf (
      "{\"events_per_s\":%.0f,\"cpu\":%.2f,\"frames_per_write\":%.1f,\"pages\":%" G_GUINT64_FORMAT
      "}\n",
      (double) (bench.seq - start_seq) * G_USEC_PER_SEC / (double) duration_us,
      (double) (cpu_us () - start_cpu_us) / (double) duration_us,
      (double) (after.frames_sent - before.frames_sent) /
          (double) MAX (1, after.writes - before.writes),
      after.replay_pages - before.replay_pages);
  fflush (stdout);
  _exit (0);
}
