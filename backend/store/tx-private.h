/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-private.h"
#include "store/tx.h"

G_BEGIN_DECLS

#define GUICHE_AUDIT_KEY_BYTES 32
#define GUICHE_AUDIT_HASH_BYTES 32
#define GUICHE_NO_JOB G_MAXINT64

typedef struct {
  gint64 seq;
  guint8 hash[GUICHE_AUDIT_HASH_BYTES];
} GuicheAuditHead;

/* What a request may have changed in memory: kept to undo it together with its savepoint. */
typedef struct {
  guint n_events;
  gint64 last_seq;
  gint64 job_due_us;
  GuicheAuditHead audit;
} GuicheTxMark;

typedef struct {
  gconstpointer key;
  gpointer value;
  GDestroyNotify destroy;
} GuicheTxCache;

/* How a request could be undone alone. */
typedef enum {
  GUICHE_SAVEPOINT_WANTED, /* opened before the first statement that writes */
  GUICHE_SAVEPOINT_OPEN,
  GUICHE_SAVEPOINT_WAIVED /* guiche_tx_expect_success(): the batch would be run again */
} GuicheSavepoint;

/* One per connection, used for each of its requests in turn. */
struct _GuicheTx {
  GuicheDb *db;            /* (not owned) */
  const char *tenant;      /* (not owned): its key */
  const guint8 *audit_key; /* (not owned) */
  GuicheClock *clock;      /* (owned) */
  guint64 id_seed;         /* 0: random */
  GuicheIdSource *ids;     /* (owned) (nullable): NULL until attached */
  GThread *thread;         /* whose it is */
  gboolean is_read_only;
  const GuicheActor *actor;  /* of the running request */
  gint64 now_us;             /* of the running request */
  GuicheSavepoint savepoint; /* of the running request */
  gboolean is_careful;       /* no savepoint is waived: the batch is being run again */
  GPtrArray *events;         /* (owned) (element-type GuicheEvent): of the running batch */
  gint64 last_seq;
  gint64 job_due_us; /* earliest job the batch enqueued, or GUICHE_NO_JOB */
  GuicheAuditHead audit;
  gint64 quota_bytes; /* of files, unless the company has its own; 0: none */
  GArray *caches;     /* (owned) (element-type GuicheTxCache) */
};

GuicheTx *guiche_tx_new (const char *tenant,
                         const guint8 *audit_key,
                         GuicheClock *clock,
                         guint64 id_seed,
                         gboolean is_read_only);
void guiche_tx_free (GuicheTx *self); /* (nullable) */
/* Takes the calling thread as the owner and reads the counters kept in memory. */
gboolean guiche_tx_attach (GuicheTx *self, GuicheDb *db, GError **error);
/* In a shared database the counters come with each batch; then the ids can begin. */
void guiche_tx_start_ids (GuicheTx *self);
/* A batch that is run again carefully has one for each request, from its beginning. */
gboolean guiche_tx_open_careful_savepoint (GuicheTx *self, GError **error);
void guiche_tx_begin_request (GuicheTx *self, const GuicheActor *actor, GuicheTxMark *out_mark);
/* Forgets what happened since @mark, and every cache: one may hold what was undone. */
void guiche_tx_undo (GuicheTx *self, const GuicheTxMark *mark);
void guiche_tx_clear_caches (GuicheTx *self);
GPtrArray *guiche_tx_steal_events (GuicheTx *self); /* (nullable): NULL for none */
gboolean guiche_audit_load_head (GuicheDb *db, GuicheAuditHead *out_head, GError **error);

G_END_DECLS
