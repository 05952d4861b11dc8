/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What only admins look at: jobs and the audit log. */
#include "config.h"

#include "base/error.h"
#include "people/audit-store.h"
#include "people/routes.h"
#include "store/audit.h"
#include "store/jobs.h"

static const char *const job_states[] = { "waiting", "running", "done", "dead", NULL };

static const GuicheField jobs_query[] = {
  { "state", GUICHE_TYPE_STRING, FALSE, 1, 16, "Only jobs in this state", .choices = job_states },
  { "limit", GUICHE_TYPE_INTEGER, FALSE, 1, 1000, "At most this many" },
  { NULL },
};

static const GuicheField job_fields[] = {
  { "id", GUICHE_TYPE_ID, TRUE },
  { "kind", GUICHE_TYPE_STRING, TRUE },
  { "key", GUICHE_TYPE_STRING, .is_nullable = TRUE },
  { "state", GUICHE_TYPE_STRING, TRUE, .choices = job_states },
  { "attempts", GUICHE_TYPE_INTEGER, TRUE },
  { "due_at", GUICHE_TYPE_TIME, TRUE },
  { "last_error", GUICHE_TYPE_STRING, .is_nullable = TRUE },
  { NULL },
};
static const GuicheSchema job_schema = { "Job", job_fields };

static const GuicheField jobs_fields[] = {
  { "items", GUICHE_TYPE_ARRAY, TRUE, .schema = &job_schema },
  { NULL },
};
static const GuicheSchema jobs_schema = { "JobList", jobs_fields };

static const GuicheField audit_query[] = {
  { "since", GUICHE_TYPE_INTEGER, FALSE, 0, G_MAXINT64, "Only entries after this seq" },
  { "limit", GUICHE_TYPE_INTEGER, FALSE, 1, 1000, "At most this many" },
  { NULL },
};

static const GuicheField entry_fields[] = {
  { "seq", GUICHE_TYPE_INTEGER, TRUE },
  { "at", GUICHE_TYPE_TIME, TRUE },
  { "actor_role", GUICHE_TYPE_STRING, TRUE },
  { "actor_id", GUICHE_TYPE_ID, .is_nullable = TRUE },
  { "address", GUICHE_TYPE_STRING, .is_nullable = TRUE },
  { "action", GUICHE_TYPE_STRING, TRUE },
  { "entity", GUICHE_TYPE_ID, .is_nullable = TRUE },
  { "detail", GUICHE_TYPE_ANY, .is_nullable = TRUE },
  { NULL },
};
static const GuicheSchema entry_schema = { "AuditEntry", entry_fields };

static const GuicheField audit_fields[] = {
  { "items", GUICHE_TYPE_ARRAY, TRUE, .schema = &entry_schema },
  { "next", GUICHE_TYPE_INTEGER, TRUE, .description = "The last seq of this page" },
  { NULL },
};
static const GuicheSchema audit_schema = { "AuditPage", audit_fields };

static const GuicheField verified_fields[] = {
  { "entries", GUICHE_TYPE_INTEGER, TRUE, .description = "How many were checked" },
  { NULL },
};
static const GuicheSchema verified_schema = { "AuditVerified", verified_fields };

static const GuicheField nothing_fields[] = { { NULL } };
static const GuicheSchema nothing_schema = { "Nothing", nothing_fields };

static void
write_job (const GuicheJobRow *job, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &job->id);
  guiche_json_writer_member_string (writer, "kind", job->kind);
  guiche_json_writer_member_string (writer, "key", job->key);
  guiche_json_writer_member_string (writer, "state", job->state);
  guiche_json_writer_member_int (writer, "attempts", job->attempts);
  guiche_json_writer_member_int (writer, "due_at", job->due_us);
  guiche_json_writer_member_string (writer, "last_error", job->last_error);
  guiche_json_writer_end_object (writer);
}

static gboolean
handle_jobs (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  gint64 limit = guiche_request_query_int (request, "limit", 100);
  g_autoptr (GPtrArray) jobs = guiche_jobs_list (tx, guiche_request_query (request, "state"),
                                                 (gsize) limit, error);
  GuicheJsonWriter *writer;

  if (jobs == NULL)
    return FALSE;
  writer = guiche_reply_json (reply);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "items");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < jobs->len; i++)
    write_job (g_ptr_array_index (jobs, i), writer);
  guiche_json_writer_end_array (writer);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static gboolean
handle_retry (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheJsonWriter *writer;
  GuicheId id;

  if (!guiche_request_path_id (request, "id", &id, error) || !guiche_jobs_retry (tx, &id, error) ||
      !guiche_tx_audit (tx, "job.retry", &id, "{}", error))
    return FALSE;
  writer = guiche_reply_json (reply);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static gboolean
handle_audit (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  return guiche_audit_list_write_json (tx, guiche_request_query_int (request, "since", 0),
                                       guiche_request_query_int (request, "limit", 200),
                                       guiche_reply_json (reply), error);
}

static gboolean
handle_verify (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheJsonWriter *writer;
  gint64 n_rows;

  if (!guiche_audit_verify (tx, NULL, &n_rows, error))
    return FALSE;
  writer = guiche_reply_json (reply);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_int (writer, "entries", n_rows);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static const GuicheRoute routes[] = {
  { "GET", "/api/v1/jobs", GUICHE_ROLE_ADMIN, GUICHE_RATE_READ, GUICHE_ROUTE_READ, jobs_query, NULL,
    &jobs_schema, handle_jobs, "What the outside world must be told" },
  { "POST", "/api/v1/jobs/{id}/retry", GUICHE_ROLE_ADMIN, GUICHE_RATE_WRITE, GUICHE_ROUTE_WRITE,
    NULL, NULL, &nothing_schema, handle_retry, "Try a dead job again now" },
  { "GET", "/api/v1/audit", GUICHE_ROLE_ADMIN, GUICHE_RATE_HEAVY, GUICHE_ROUTE_READ, audit_query,
    NULL, &audit_schema, handle_audit, "Who did what to what" },
  { "GET", "/api/v1/audit/verify", GUICHE_ROLE_ADMIN, GUICHE_RATE_HEAVY, GUICHE_ROUTE_READ, NULL,
    NULL, &verified_schema, handle_verify, "Check the chain of the audit log" },
  { NULL },
};

const GuicheRoute *
guiche_administration_routes (void)
{
  return routes;
}
