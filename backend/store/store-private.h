/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/catch-up.h"
#include "store/mailbox.h"
#include "store/node-private.h"
#include "store/store.h"
#include "store/tx-private.h"
#include "store/wake-private.h"

G_BEGIN_DECLS

typedef struct _GuicheWriter GuicheWriter;
typedef struct _GuicheReaders GuicheReaders;
typedef struct _GuicheJobRunner GuicheJobRunner;

struct _GuicheTenant {
  GuicheStore *store;         /* (not owned) */
  char *key;                  /* (owned) */
  char *name;                 /* (owned) */
  char *directory;            /* (owned) */
  char *files_directory;      /* (owned): of its uploads */
  GuicheDbLocation *location; /* (owned) */
  GMutex lock;
  GMutex ready_lock;
  gboolean is_ready;           /* (ready_lock): brought to the present since this opening */
  gint64 retry_at_us;          /* (ready_lock): monotonic: when to try again what failed */
  GError *trouble;             /* (owned) (nullable) (ready_lock): why it could not be opened */
  gint64 told_seq;             /* (lock): up to which the listeners have all, or soon will */
  guint n_followers;           /* (lock): guiche_tenant_follow() */
  GuicheWriter *writer;        /* (owned) (nullable) (lock): started by the first write */
  GuicheReaders *readers;      /* (owned) (nullable) (lock): started by the first read */
  gint64 job_due_us;           /* (the runner's lock): when to look for jobs, or GUICHE_NO_JOB */
  gboolean jobs_are_recovered; /* since this opening (the runner's recover lock) */
};

/* tenant-open.c */
GuicheTenant *guiche_tenant_new (GuicheStore *store, const char *key, const char *name);
void guiche_tenant_free (GuicheTenant *self);
/* Brings the company's database to the present, once an opening (any thread but a server's main
 * loop). One that cannot be opened is tried again now and then; until that it is
 * %GUICHE_ERROR_UNAVAILABLE, alone. */
gboolean guiche_tenant_make_ready (GuicheTenant *self, GError **error);
void guiche_tenant_push_write (GuicheTenant *self, GuicheWorkItem *item);
const char *guiche_store_boot (GuicheStore *self);
void guiche_store_tell_commit (GuicheStore *self, GuicheTenant *tenant, const GuicheCommit *commit);
/* GUICHE_ERROR_INVALID_REQUEST when @key cannot be in addresses, directory and schema names. */
gboolean guiche_tenant_check_key (const char *key, GError **error);
/* Events and jobs past their retention. Waits (any other thread). */
gboolean guiche_tenant_tidy_rows (GuicheTenant *self, GError **error);
/* (nullable): without looking whether it was made elsewhere. (any thread) */
GuicheTenant *guiche_store_get_tenant (GuicheStore *self, const char *key);
/* (any thread): the clock by which leases run out: the database's where nodes share it, as it was
 * read some seconds ago and has gone on since; @db is asked when that is too long ago. Setting a
 * node's own clock makes no lease end. */
gboolean guiche_store_get_lease_time (GuicheStore *self,
                                      GuicheDb *db,
                                      gint64 *out_now_us,
                                      GError **error);
GuicheWakes *guiche_store_wakes (GuicheStore *self);
GuicheWatch *guiche_store_watch (GuicheStore *self); /* (nullable) */
void guiche_store_start_watch (GuicheStore *self);
GuicheNode *guiche_store_member (GuicheStore *self);
/* (thread main): opened again when the server had ended it. */
GuicheDb *guiche_store_control (GuicheStore *self, GError **error);
GuicheMailbox *guiche_store_mailbox (GuicheStore *self);
/* Node and boot, `name/id`: who owns what is leased. */
const char *guiche_store_owner (GuicheStore *self);
/* Of one company's files together; 0: none. */
gint64 guiche_store_quota_bytes (GuicheStore *self);
gint64 guiche_store_retention_us (GuicheStore *self);
GuicheSettings *guiche_store_settings (GuicheStore *self);
const guint8 *guiche_store_audit_key (GuicheStore *self);
/* Ids of a seeded store differ between tenants and between openings, the same way each time. */
guint64 guiche_store_id_seed (GuicheStore *self, const char *tenant, gint64 salt);
/* (any thread): a job of @tenant became due at @due_us. */
void guiche_store_note_job (GuicheStore *self, GuicheTenant *tenant, gint64 due_us);

GuicheWriter *guiche_writer_new (GuicheTenant *tenant);
void guiche_writer_free (GuicheWriter *self); /* runs what was accepted */
void guiche_writer_push (GuicheWriter *self, GuicheWorkItem *item);
void guiche_writer_get_stats (GuicheWriter *self, GuicheTenantStats *out_stats);

GuicheReaders *guiche_readers_new (GuicheTenant *tenant, guint max_threads);
void guiche_readers_free (GuicheReaders *self);
void guiche_readers_push (GuicheReaders *self, GuicheWorkItem *item);

G_END_DECLS
