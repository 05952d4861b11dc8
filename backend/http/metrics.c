/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/server-private.h"
#include "store/catch-up.h"
#include "store/jobs.h"
#include "store/wake.h"

#include <stdio.h>
#include <unistd.h>

/* Prometheus' text format, version 0.0.4. */

static void
describe (GString *out, const char *name, const char *type, const char *help)
{
  g_string_append_printf (out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
write_value (GString *out, const char *name, const char *type, const char *help, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  describe (out, name, type, help);
  g_string_append_printf (out, "%s %s\n", name,
                          g_ascii_formatd (number, sizeof number, "%.17g", value));
}

static void
write_requests (GString *out, GPtrArray *rows)
{
  describe (out, "guiche_http_requests_total", "counter",
            "Requests answered, by route and status.");
  for (guint i = 0; i < rows->len; i++) {
    const GuicheRouterRow *row = g_ptr_array_index (rows, i);
    for (guint j = 0; j < GUICHE_STATUS_SLOTS; j++)
      if (row->statuses[j].count > 0)
        g_string_append_printf (out,
                                "guiche_http_requests_total{method=\"%s\",route=\"%s\",status=\"%"
                                "u\"} %" G_GUINT64_FORMAT "\n",
                                row->route->method, row->route->path, row->statuses[j].status,
                                row->statuses[j].count);
  }
}

static void
write_latency (GString *out, const GuicheRouterRow *row)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  guint64 count = 0;

  for (guint i = 0; i <= GUICHE_LATENCY_BUCKETS; i++) {
    count += row->latency[i];
    g_string_append_printf (
        out,
        "guiche_http_request_duration_seconds_bucket{method=\"%s\",route=\"%s\",le=\"%s\"} "
        "%" G_GUINT64_FORMAT "\n",
        row->route->method, row->route->path,
        i == GUICHE_LATENCY_BUCKETS
            ? "+Inf"
            : g_ascii_formatd (number, sizeof number, "%g", guiche_latency_bounds_us[i] / 1e6),
        count);
  }
  g_string_append_printf (
      out, "guiche_http_request_duration_seconds_sum{method=\"%s\",route=\"%s\"} %s\n",
      row->route->method, row->route->path,
      g_ascii_formatd (number, sizeof number, "%.6f", row->latency_sum_us / 1e6));
  g_string_append_printf (
      out,
      "guiche_http_request_duration_seconds_count{method=\"%s\",route=\"%s\"} %" G_GUINT64_FORMAT
      "\n",
      row->route->method, row->route->path, count);
}

static void
write_latencies (GString *out, GPtrArray *rows)
{
  describe (out, "guiche_http_request_duration_seconds", "histogram",
            "From the end of the head to the end of the reply.");
  for (guint i = 0; i < rows->len; i++) {
    const GuicheRouterRow *row = g_ptr_array_index (rows, i);
    guint64 count = 0;
    for (guint j = 0; j <= GUICHE_LATENCY_BUCKETS; j++)
      count += row->latency[j];
    if (count > 0)
      write_latency (out, row);
  }
}

static void
write_connections (GString *out, GuicheServer *server)
{
  GuicheAcceptorStats stats;

  guiche_acceptor_get_stats (server->acceptor, &stats);
  write_value (out, "guiche_http_connections", "gauge", "Open connections, streams included.",
               stats.connections);
  write_value (out, "guiche_http_connections_accepted_total", "counter", "Connections accepted.",
               stats.accepted);
  write_value (out, "guiche_http_connections_refused_total", "counter",
               "Connections refused by a cap.", stats.refused);
  write_value (out, "guiche_http_descriptors_exhausted_total", "counter",
               "Times without a free descriptor.", stats.exhausted);
  write_value (out, "guiche_http_requests_in_progress", "gauge", "Requests being served.",
               server->n_exchanges);
  write_value (out, "guiche_http_requests_aborted_total", "counter",
               "Requests whose client went away.", server->n_aborted);
  write_value (out, "guiche_http_workers_queued", "gauge", "Requests waiting for a worker.",
               guiche_workers_queued (server->workers) +
                   guiche_workers_queued (server->sign_in_workers));
  write_value (out, "guiche_http_tokens_known", "gauge", "Access tokens in the table.",
               server->access != NULL ? guiche_access_size (server->access) : 0);
}

static void
write_streams (GString *out, GuicheServer *server)
{
  GuicheHubStats stats;

  guiche_hub_get_stats (server->hub, &stats);
  write_value (out, "guiche_streams", "gauge", "Live streams open.", stats.streams);
  write_value (out, "guiche_streams_replaying", "gauge", "Streams that read from the table.",
               stats.streams_replaying);
  write_value (out, "guiche_streams_queued_bytes", "gauge", "Bytes waiting for slow clients.",
               stats.queued_bytes);
  write_value (out, "guiche_streams_opened_total", "counter", "Streams opened.", stats.opened);
  write_value (out, "guiche_streams_refused_total", "counter", "Streams refused.", stats.refused);
  write_value (out, "guiche_streams_closed_slow_total", "counter", "Streams closed for being slow.",
               stats.closed_slow);
  write_value (out, "guiche_streams_closed_protocol_total", "counter",
               "Streams closed for breaking the protocol.", stats.closed_protocol);
  write_value (out, "guiche_streams_closed_dead_total", "counter",
               "Streams closed without an answer to a ping.", stats.closed_dead);
  write_value (out, "guiche_events_published_total", "counter", "Events committed and published.",
               stats.events_published);
  write_value (out, "guiche_stream_frames_sent_total", "counter", "Frames written to streams.",
               stats.frames_sent);
  write_value (out, "guiche_stream_bytes_sent_total", "counter", "Bytes written to streams.",
               stats.bytes_sent);
  write_value (out, "guiche_stream_writes_total", "counter", "System calls that wrote them.",
               stats.writes);
  write_value (out, "guiche_stream_operations_durable_total", "counter",
               "Durable operations received over streams.", stats.ops_durable);
  write_value (out, "guiche_stream_operations_ephemeral_total", "counter",
               "Ephemeral operations received.", stats.ops_ephemeral);
  write_value (out, "guiche_stream_operations_refused_total", "counter", "Operations refused.",
               stats.ops_refused);
}

static void
write_node_figures (GString *out, GuicheServer *server)
{
  GuicheJobStats jobs;
  GuicheWakeStats wakes;

  guiche_store_get_job_stats (server->store, &jobs);
  guiche_store_get_wake_stats (server->store, &wakes);
  write_value (out, "guiche_jobs_performed_total", "counter", "Jobs begun.", jobs.performed);
  write_value (out, "guiche_jobs_taken_over_total", "counter",
               "Of those, jobs whose last owner did not come to an end with them.",
               jobs.taken_over);
  write_value (out, "guiche_jobs_discarded_total", "counter",
               "Outcomes that came after another node had taken the job over.", jobs.discarded);
  if (!guiche_store_is_shared (server->store))
    return;

  write_value (out, "guiche_wakes_told_total", "counter", "Commits told to other nodes.",
               wakes.told);
  write_value (out, "guiche_wakes_heard_total", "counter", "Commits heard of.", wakes.heard);
  write_value (out, "guiche_wakes_found_total", "counter",
               "Companies with events that no other node had told.", wakes.found);
  write_value (out, "guiche_watch_rounds_total", "counter",
               "Times the database was asked about all companies.", wakes.asked);
  write_value (out, "guiche_watch_seconds_total", "counter", "Time that took.",
               wakes.asked_us / 1e6);
}

/* All companies together: a label for each would tell who they are. */
static void
write_store (GString *out, GuicheServer *server)
{
  g_autoptr (GPtrArray) tenants = guiche_store_list_tenants (server->store);
  GuicheTenantStats all = { 0 };

  for (guint i = 0; i < tenants->len; i++) {
    GuicheTenantStats stats;
    guiche_tenant_get_stats (g_ptr_array_index (tenants, i), &stats);
    all.queued += stats.queued;
    all.requests += stats.requests;
    all.commits += stats.commits;
    all.commit_us += stats.commit_us;
    all.last_commit_us = MAX (all.last_commit_us, stats.last_commit_us);
  }
  write_value (out, "guiche_jobs_waiting", "gauge", "Jobs waiting, at the last look.",
               server->jobs.waiting);
  write_value (out, "guiche_jobs_dead", "gauge", "Jobs given up, at the last look.",
               server->jobs.dead);
  write_node_figures (out, server);
  guiche_job_figures_refresh (server);
  write_value (out, "guiche_tenants", "gauge", "Companies.", tenants->len);
  write_value (out, "guiche_write_queue_depth", "gauge", "Requests waiting for a writer.",
               all.queued);
  write_value (out, "guiche_writes_total", "counter", "Requests given to writers.", all.requests);
  write_value (out, "guiche_commits_total", "counter", "Transactions committed.", all.commits);
  write_value (out, "guiche_commit_seconds_total", "counter", "Time spent committing.",
               all.commit_us / 1e6);
  write_value (out, "guiche_last_commit_seconds", "gauge", "The slowest company's last commit.",
               all.last_commit_us / 1e6);
}

static void
write_bus (GString *out, GuicheBus *bus)
{
  GuicheBusStats stats = { 0 };

  if (bus != NULL)
    guiche_bus_get_stats (bus, &stats);
  write_value (out, "guiche_bus_connected", "gauge", "1 when Redis answers.",
               bus != NULL && guiche_bus_is_connected (bus));
  write_value (out, "guiche_bus_published_total", "counter", "Hints given to Redis.",
               stats.published);
  write_value (out, "guiche_bus_dropped_total", "counter", "Hints dropped rather than waited for.",
               stats.dropped);
  write_value (out, "guiche_bus_received_total", "counter", "Hints heard from other nodes.",
               stats.received);
  write_value (out, "guiche_bus_refused_total", "counter", "Messages heard that no node sent.",
               stats.refused);
  write_value (out, "guiche_bus_losses_total", "counter", "Times that Redis went away.",
               stats.losses);
}

static void
write_pool (GString *out, GuicheStore *store)
{
  GuichePoolStats stats;

  guiche_store_get_pool_stats (store, &stats);
  write_value (out, "guiche_database_connections", "gauge", "Connections to PostgreSQL.",
               stats.open);
  write_value (out, "guiche_database_connections_idle", "gauge", "Of those, kept for later.",
               stats.idle);
  write_value (out, "guiche_database_connections_limit", "gauge", "[store] connections.",
               stats.limit);
  write_value (out, "guiche_database_waiting", "gauge", "Work that waits for a connection.",
               stats.waiting);
}

static void
write_node (GString *out, GuicheServer *server)
{
  gboolean is_shared = guiche_store_is_shared (server->store);

  describe (out, "guiche_node_info", "gauge", "Which node this is.");
  g_string_append_printf (out, "guiche_node_info{node=\"%s\",engine=\"%s\"} 1\n",
                          guiche_store_node (server->store), is_shared ? "postgresql" : "sqlite");
  write_value (out, "guiche_database_reachable", "gauge", "1 when the database answers.",
               guiche_health_is_reachable (server->health));
  write_value (out, "guiche_draining", "gauge", "1 while clients are sent to other nodes.",
               server->is_draining);
  write_bus (out, server->bus);
  write_pool (out, server->store);
}

static double
resident_bytes (void)
{
  unsigned long size = 0, resident = 0;
  FILE *file = fopen ("/proc/self/statm", "re");

  if (file == NULL)
    return 0;
  if (fscanf (file, "%lu %lu", &size, &resident) != 2)
    resident = 0;
  fclose (file);
  return (double) resident * sysconf (_SC_PAGESIZE);
}

char *
guiche_metrics_text (GuicheServer *server)
{
  GString *out = g_string_sized_new (16384);
  GPtrArray *rows = guiche_router_rows (server->router);

  describe (out, "guiche_build_info", "gauge", "The version that runs.");
  g_string_append (out, "guiche_build_info{version=\"" GUICHE_VERSION "\"} 1\n");
  write_value (out, "guiche_uptime_seconds", "gauge", "Since the start.",
               (g_get_monotonic_time () - server->started_us) / 1e6);
  write_value (out, "process_resident_memory_bytes", "gauge", "Resident memory size in bytes.",
               resident_bytes ());
  write_node (out, server);
  write_connections (out, server);
  write_streams (out, server);
  write_store (out, server);
  write_requests (out, rows);
  write_latencies (out, rows);
  return g_string_free (out, FALSE);
}
