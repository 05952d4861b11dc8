/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Load for live streams, the same for Guichê and for the peers: opens streams that all listen,
 * sends messages over the first of them with a bound in flight (or at a steady rate), and
 * measures acknowledgements and what every stream received. One thread, one epoll. Prints one
 * line of JSON. Measured and driven by stream_bench.py. */
#include "stream-load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static LoadOptions options = {
  .port = 0,
  .n_streams = 10,
  .n_senders = 4,
  .in_flight = 64,
  .seconds = 3,
  .warm_up_seconds = 1,
  .body_bytes = 100,
};

static GOptionEntry entries[] = {
  { "port", 'p', 0, G_OPTION_ARG_INT, &options.port, "Port on the loopback", "N" },
  { "paths", 0, 0, G_OPTION_ARG_FILENAME, &options.paths_file,
    "File with one path a listening stream, repeated in turn", "FILE" },
  { "idle-paths", 0, 0, G_OPTION_ARG_FILENAME, &options.idle_file,
    "File with one path an idle stream", "FILE" },
  { "streams", 0, 0, G_OPTION_ARG_INT, &options.n_streams, "Streams that listen", "N" },
  { "senders", 0, 0, G_OPTION_ARG_INT, &options.n_senders, "Of those, streams that also send",
    "N" },
  { "in-flight", 0, 0, G_OPTION_ARG_INT, &options.in_flight,
    "Messages not yet acknowledged, over all senders", "N" },
  { "rate", 0, 0, G_OPTION_ARG_INT, &options.rate, "Messages a second, whatever is in flight",
    "N" },
  { "typing", 0, 0, G_OPTION_ARG_INT, &options.typing_rate,
    "Typing frames a second from the last stream, seen by the one before", "N" },
  { "http", 0, 0, G_OPTION_ARG_STRING, &options.http_path,
    "Send by POST to this path, the conversation's id and /messages, on connections of their own",
    "PATH" },
  { "token", 0, 0, G_OPTION_ARG_STRING, &options.token, "Bearer token of the POSTs", "TOKEN" },
  { "conversations", 0, 0, G_OPTION_ARG_FILENAME, &options.conversations_file,
    "File with one conversation's id a line, used in turn", "FILE" },
  { "seconds", 0, 0, G_OPTION_ARG_INT, &options.seconds, "How long to measure", "N" },
  { "warm-up", 0, 0, G_OPTION_ARG_INT, &options.warm_up_seconds, "How long before that", "N" },
  { "body", 0, 0, G_OPTION_ARG_INT, &options.body_bytes, "Bytes of a message", "N" },
  { NULL },
};

static gint64
process_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
handle_ready (Load *load, Peer *peer, guint32 events)
{
  static guint8 buffer[256 * 1024];
  gssize n;

  if ((events & EPOLLOUT) != 0)
    peer_flush (peer);
  while ((n = recv (peer->fd, buffer, sizeof buffer, 0)) > 0) {
    peer_receive (load, peer, buffer, (gsize) n);
    if (n < (gssize) sizeof buffer)
      return;
  }
  if (n == 0 || (errno != EAGAIN && errno != EINTR))
    peer_lost (load, peer);
}

static void
turn (Load *load, int timeout_ms)
{
  struct epoll_event events[256];
  int n = epoll_wait (load->epoll_fd, events, G_N_ELEMENTS (events), timeout_ms);

  load->now_us = g_get_monotonic_time ();
  for (int i = 0; i < n; i++)
    handle_ready (load, events[i].data.ptr, events[i].events);
}

void
load_wait_until_open (Load *load)
{
  gint64 end_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (load->n_open < load->peers->len) {
    turn (load, 100);
    if (g_get_monotonic_time () > end_us)
      g_error ("only %u of %u connections were opened", load->n_open, load->peers->len);
  }
}

/* Steady sending: what is due by now, spread over the senders; latency counts from when it was due.
 * Returns for how many milliseconds nothing is due, rounded down: waiting awake would take a core.
 */
static int
send_due (Load *load, gint64 start_us)
{
  gint64 period_us;

  if (options.rate == 0)
    return 100;
  period_us = G_USEC_PER_SEC / options.rate;
  while (load->next_due_us <= load->now_us) {
    Peer *sender = load->senders->pdata[load->n_sent % load->senders->len];

    load_send_message (load, sender, load->next_due_us);
    load->next_due_us += period_us;
  }
  return (int) MAX ((load->next_due_us - g_get_monotonic_time ()) / 1000 - 1, 0);
}

static void
type_due (Load *load)
{
  if (options.typing_rate == 0 || load->next_typing_us > load->now_us)
    return;
  load_send_typing (load);
  load->next_typing_us += G_USEC_PER_SEC / options.typing_rate;
}

static void
run_for (Load *load, int seconds)
{
  gint64 end_us = g_get_monotonic_time () + seconds * (gint64) G_USEC_PER_SEC;

  while (load->now_us < end_us) {
    int timeout_ms = send_due (load, load->now_us);

    type_due (load);
    turn (load, options.typing_rate > 0 ? 0 : MIN (timeout_ms, 100));
  }
}

static void
start_sending (Load *load)
{
  load->now_us = g_get_monotonic_time ();
  load->next_due_us = load->now_us;
  load->next_typing_us = load->now_us;
  for (int i = 0; options.rate == 0 && i < options.in_flight; i++)
    load_send_message (load, load->senders->pdata[(guint) i % load->senders->len], load->now_us);
  for (guint i = 0; i < load->peers->len; i++)
    peer_flush (load->peers->pdata[i]);
}

/* Lets what is in flight arrive: everything acknowledged was delivered everywhere, or not. */
static void
settle (Load *load)
{
  gint64 end_us = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  load->is_ending = TRUE;
  while (g_get_monotonic_time () < end_us &&
         (load->n_acked_total < load->n_sent || load_fewest_events (load) < load->n_acked_total))
    turn (load, 10);
}

static void
report (Load *load, double seconds, gint64 cpu_us)
{
  Percentiles ack = load_percentiles (load->ack_us);
  Percentiles typing = load_percentiles (load->typing_us);
  guint64 fewest = load_fewest_events (load);

  printf ("{\"acks_per_s\":%.0f,\"ack_p50_us\":%u,\"ack_p99_us\":%u,\"ack_max_us\":%u,"
          "\"delivered_per_s\":%.0f,\"delivered_mb_per_s\":%.1f,\"typing_p50_us\":%u,\"typing_p99_"
          "us\":%u,\"typing_n\":%u,"
          "\"sent\":%" G_GUINT64_FORMAT ",\"acked\":%" G_GUINT64_FORMAT
          ",\"fewest_received\":%" G_GUINT64_FORMAT
          ",\"errors\":%u,\"lost_connections\":%u,\"load_cpu\":%.2f}\n",
          (double) load->n_acks / seconds, ack.p50, ack.p99, ack.max,
          (double) load->n_events / seconds, (double) load->n_event_bytes / seconds / 1e6,
          typing.p50, typing.p99, load->typing_us->len, load->n_sent, load->n_acked_total, fewest,
          load->n_errors, load->n_lost, (double) cpu_us / seconds / G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Load *load;
  gint64 start_us, cpu_us;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("%s\n", error->message);
    return 2;
  }
  load = load_new (&options);
  /* Idle streams: who drives this may look at the server's memory now. */
  printf ("{\"open\":%u}\n", load->n_open);
  fflush (stdout);
  if (options.seconds == 0) {
    while (getchar () != EOF)
      ;
    return 0;
  }
  start_sending (load);
  run_for (load, options.warm_up_seconds);
  load_reset_figures (load);
  start_us = g_get_monotonic_time ();
  cpu_us = process_cpu_us ();
  run_for (load, options.seconds);
  cpu_us = process_cpu_us () - cpu_us;
  start_us = g_get_monotonic_time () - start_us;
  load->is_measured = FALSE;
  settle (load);
  report (load, (double) start_us / G_USEC_PER_SEC, cpu_us);
  return 0;
}
