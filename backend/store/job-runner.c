/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/job-runner.h"

#include "store/failpoint.h"
#include "store/job-private.h"

/* How long to wait before asking a database again that could not be asked or written. */
#define TROUBLE_DELAY_US (1 * G_USEC_PER_SEC)
/* A wall clock set forward makes jobs due earlier than the monotonic wait expects. */
#define MAX_WAIT_US (60 * G_USEC_PER_SEC)

/**
 * GuicheJobRunner:
 *
 * The threads that perform jobs, and when each company next has one due.
 */
struct _GuicheJobRunner {
  GuicheStore *store;    /* (not owned) */
  GuicheJobKinds *kinds; /* (owned) (element-type GuicheJobKind): fixed once started */
  GString *kind_names;   /* (owned): of @kinds, each between spaces */
  GMutex recover_lock; /* one recovery at a time: a second would take back what was just claimed */
  GMutex lock;
  GCond changed;
  GPtrArray *threads;      /* (owned) (element-type GThread) */
  gboolean is_closing;     /* (lock) */
  GuicheJobStats stats;    /* (lock) */
  gint64 lease_us;         /* how long a claim lasts unless renewed */
  GuicheJobLeases *leases; /* (owned) */
};

GuicheJobRunner *
guiche_job_runner_new (GuicheStore *store)
{
  GuicheJobRunner *self = g_new0 (GuicheJobRunner, 1);

  self->store = store;
  self->kinds = g_ptr_array_new ();
  self->kind_names = g_string_new (" ");
  self->threads = g_ptr_array_new ();
  self->lease_us =
      guiche_settings_get_int (guiche_store_settings (store), "jobs", "lease_s") * G_USEC_PER_SEC;
  self->leases = guiche_job_leases_new (self->lease_us);
  g_mutex_init (&self->recover_lock);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  return self;
}

void
guiche_job_runner_stop (GuicheJobRunner *self)
{
  g_mutex_lock (&self->lock);
  self->is_closing = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (self->threads->pdata[i]);
  g_ptr_array_set_size (self->threads, 0);
}

void
guiche_job_runner_free (GuicheJobRunner *self)
{
  guiche_job_runner_stop (self);
  guiche_job_leases_free (self->leases);
  g_ptr_array_unref (self->threads);
  g_ptr_array_unref (self->kinds);
  g_string_free (self->kind_names, TRUE);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->recover_lock);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
guiche_job_runner_note (GuicheJobRunner *self, GuicheTenant *tenant, gint64 due_us)
{
  g_mutex_lock (&self->lock);
  if (due_us < tenant->job_due_us) {
    tenant->job_due_us = due_us;
    g_cond_signal (&self->changed);
  }
  g_mutex_unlock (&self->lock);
}

/* FALSE when the store closes before the time is over. */
static gboolean
pause_in_trouble (GuicheJobRunner *self)
{
  gint64 until_us = g_get_monotonic_time () + TROUBLE_DELAY_US;
  gboolean is_over = FALSE;

  g_mutex_lock (&self->lock);
  while (!self->is_closing && !is_over)
    is_over = !g_cond_wait_until (&self->changed, &self->lock, until_us);
  g_mutex_unlock (&self->lock);

  return is_over;
}

static void
count (GuicheJobRunner *self, guint64 *counter)
{
  g_mutex_lock (&self->lock);
  (*counter)++;
  g_mutex_unlock (&self->lock);
}

/* The database may be able to take it later. */
static gboolean
is_passing (const GError *error)
{
  return g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_STORAGE_FULL) ||
         g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE);
}

/* An outcome that cannot be written (full disk) is tried until it can: forgetting it would run
 * the job twice, or never again before a restart. One that comes too late is nobody's. */
static void
record (GuicheJobRunner *self, GuicheTenant *tenant, GuicheJobOutcome *outcome)
{
  for (;;) {
    g_autoptr (GError) error = NULL;
    GuicheWorkRun run =
        outcome->failure == NULL ? guiche_jobs_record_done : guiche_jobs_record_failure;

    if (guiche_tenant_write_sync (tenant, NULL, run, outcome, &error))
      return;

    g_warning ("%s: recording job %s: %s", guiche_tenant_key (tenant), outcome->claim->job.kind,
               error->message);
    if (guiche_job_lease_is_lost (error)) {
      count (self, &self->stats.discarded);
      return;
    }
    if (outcome->failure == NULL && !is_passing (error)) {
      GuicheJobOutcome failed = { .claim = outcome->claim, .failure = error };

      record (self, tenant, &failed);
      return;
    }
    if (!pause_in_trouble (self))
      return;
  }
}

static void
perform (GuicheJobRunner *self, GuicheTenant *tenant, GuicheClaim *claim)
{
  const GuicheJobKind *kind = claim->kind;
  GuicheJobOutcome outcome = { .claim = claim };
  g_autoptr (GError) failure = NULL;

  guiche_failpoint ("job-claimed");
  if (kind->perform != NULL && !kind->perform (tenant, &claim->job, &outcome.result, &failure)) {
    if (failure == NULL)
      failure = g_error_new (GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "failed without an error");
    outcome.failure = failure;
  }
  guiche_failpoint ("job-performed");
  record (self, tenant, &outcome);
  guiche_failpoint ("job-recorded");
  if (kind->free_result != NULL && outcome.result != NULL)
    kind->free_result (outcome.result);
}

static gboolean
take_back_running (GuicheTenant *tenant, GuicheJobsState *state, GError **error)
{
  return guiche_tenant_read_sync (tenant, NULL, guiche_jobs_look, state, error) &&
         (!state->has_running ||
          guiche_tenant_write_sync (tenant, NULL, guiche_jobs_recover, state, error));
}

/* Once for each opening of a company: what the last run left. Then nothing is written when
 * nothing is due. */
static gboolean
recover (GuicheJobRunner *self, GuicheTenant *tenant, gint64 *out_next_due, GError **error)
{
  GuicheJobsState state = { .owner = guiche_store_owner (self->store),
                            .node = guiche_store_is_shared (self->store)
                                        ? guiche_store_node (self->store)
                                        : NULL };

  g_mutex_lock (&self->recover_lock);
  if (!tenant->jobs_are_recovered)
    tenant->jobs_are_recovered = take_back_running (tenant, &state, error);
  g_mutex_unlock (&self->recover_lock);
  if (!tenant->jobs_are_recovered ||
      !guiche_tenant_read_sync (tenant, NULL, guiche_jobs_look, &state, error))
    return FALSE;

  *out_next_due = state.next_due;
  return TRUE;
}

/* Takes and performs one job; @out_next_due: when to look again if there was none. */
static gboolean
run_one (GuicheJobRunner *self,
         GuicheTenant *tenant,
         gboolean *out_did_run,
         gint64 *out_next_due,
         GError **error)
{
  GuicheClaimRequest request = { .kinds = self->kinds,
                                 .kind_names = self->kind_names->str,
                                 .store = self->store,
                                 .owner = guiche_store_owner (self->store),
                                 .lease_us = self->lease_us,
                                 .next_due = GUICHE_NO_JOB };
  gint64 asked_us = g_get_monotonic_time ();

  *out_did_run = FALSE;
  if (!guiche_jobs_transact (tenant, guiche_jobs_claim, &request, error))
    return FALSE;

  *out_next_due = request.next_due;
  if (request.claim.kind == NULL)
    return TRUE;

  *out_did_run = TRUE;
  guiche_job_runner_note (self, tenant, 0);
  count (self, &self->stats.performed);
  if (request.is_taken_over)
    count (self, &self->stats.taken_over);
  request.claim.lease.until_us = asked_us + self->lease_us;
  guiche_job_leases_add (self->leases, tenant, &request.claim);
  perform (self, tenant, &request.claim);
  guiche_job_leases_remove (self->leases, &request.claim);
  guiche_claim_clear (&request.claim);
  return TRUE;
}

gboolean
guiche_job_runner_run_due (GuicheJobRunner *self,
                           GuicheTenant *tenant,
                           guint *out_run,
                           GError **error)
{
  gboolean did_run = TRUE;
  gint64 next_due;
  guint n = 0;

  if (!tenant->jobs_are_recovered && !recover (self, tenant, &next_due, error))
    return FALSE;

  while (did_run) {
    if (!run_one (self, tenant, &did_run, &next_due, error))
      return FALSE;
    n += did_run ? 1 : 0;
  }
  if (out_run != NULL)
    *out_run = n;
  return TRUE;
}

/* (lock): the company whose job is due first. */
static GuicheTenant *
earliest (GuicheJobRunner *self)
{
  g_autoptr (GPtrArray) tenants = guiche_store_list_tenants (self->store);
  GuicheTenant *first = NULL;

  for (guint i = 0; i < tenants->len; i++) {
    GuicheTenant *tenant = tenants->pdata[i];

    if (first == NULL || tenant->job_due_us < first->job_due_us)
      first = tenant;
  }

  return first;
}

/* (lock): NULL when the store closes. The company is then this thread's to look at. */
static GuicheTenant *
wait_for_due (GuicheJobRunner *self)
{
  while (!self->is_closing) {
    GuicheTenant *tenant = earliest (self);
    gint64 now_us = guiche_clock_now_us (guiche_store_clock (self->store));

    if (tenant == NULL || tenant->job_due_us == GUICHE_NO_JOB) {
      g_cond_wait (&self->changed, &self->lock);
      continue;
    }
    if (tenant->job_due_us <= now_us) {
      tenant->job_due_us = GUICHE_NO_JOB;
      return tenant;
    }
    g_cond_wait_until (&self->changed, &self->lock,
                       g_get_monotonic_time () + MIN (tenant->job_due_us - now_us, MAX_WAIT_US));
  }

  return NULL;
}

static void
look_at (GuicheJobRunner *self, GuicheTenant *tenant)
{
  g_autoptr (GError) error = NULL;
  gboolean did_run = FALSE;
  gint64 next_due = GUICHE_NO_JOB;
  gboolean is_fine;

  if (tenant->jobs_are_recovered)
    is_fine = run_one (self, tenant, &did_run, &next_due, &error);
  else
    is_fine = recover (self, tenant, &next_due, &error);

  if (!is_fine) {
    g_warning ("%s: looking for jobs: %s", guiche_tenant_key (tenant), error->message);
    next_due = guiche_clock_now_us (guiche_store_clock (self->store)) + TROUBLE_DELAY_US;
  }
  if (!did_run)
    guiche_job_runner_note (self, tenant, next_due);
}

static gpointer
job_thread (gpointer data)
{
  GuicheJobRunner *self = data;
  GuicheTenant *tenant;

  g_mutex_lock (&self->lock);
  while ((tenant = wait_for_due (self)) != NULL) {
    g_mutex_unlock (&self->lock);
    look_at (self, tenant);
    g_mutex_lock (&self->lock);
  }
  g_mutex_unlock (&self->lock);

  return NULL;
}

void
guiche_job_runner_add_kind (GuicheJobRunner *self, const GuicheJobKind *kind)
{
  g_return_if_fail (self->threads->len == 0);

  g_ptr_array_add (self->kinds, (gpointer) kind);
  g_string_append_printf (self->kind_names, "%s ", kind->kind);
}

void
guiche_job_runner_start (GuicheJobRunner *self, guint n_threads)
{
  g_autoptr (GPtrArray) tenants = guiche_store_list_tenants (self->store);

  for (guint i = 0; i < tenants->len; i++)
    guiche_job_runner_note (self, tenants->pdata[i], 0);
  guiche_job_leases_start (self->leases);
  for (guint i = 0; i < n_threads; i++)
    g_ptr_array_add (self->threads, g_thread_new ("jobs", job_thread, self));
}

void
guiche_job_runner_get_stats (GuicheJobRunner *self, GuicheJobStats *out_stats)
{
  g_mutex_lock (&self->lock);
  *out_stats = self->stats;
  g_mutex_unlock (&self->lock);
}
