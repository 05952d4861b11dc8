/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/audit.h"
#include "store/catch-up.h"
#include "store/node-name.h"
#include "store/rounds.h"
#include "store/store-private.h"
#include "store/wake-private.h"

G_BEGIN_DECLS

/* Private to store.c (opening, closing, what belongs to the installation) and store-tenants.c (its
 * companies). */

struct _GuicheStore {
  char *directory;          /* (owned) */
  char *keys_directory;     /* (owned) (nullable) until opened */
  int lock_descriptor;      /* held while a file is open: two programs never share it */
  GuicheSettings *settings; /* (owned) */
  GuicheClock *clock;       /* (owned) */
  guint64 id_seed;
  guint8 audit_key[GUICHE_AUDIT_KEY_BYTES];
  GMainContext *context;              /* (owned) */
  GuicheMailbox *mailbox;             /* (owned) */
  GuicheDbLocation *control_location; /* (owned) (nullable) */
  GuicheDb *control;                  /* (owned) (nullable) (thread main): guiche_store_control() */
  GuichePostgresqlPool *pool;         /* (owned) (nullable): of a shared store */
  GSource *pool_tidying;              /* (owned) (nullable) */
  GuicheIdSource *ids;                /* (owned) (thread main) */
  GuicheRounds *rounds;               /* (owned) (nullable) */
  GuicheJobRunner *jobs;              /* (owned) */
  GuicheNodeName node;
  GuicheNode *member;           /* (owned) (nullable) */
  GuicheWakes *wakes;           /* (owned) */
  GuicheWatch *watch;           /* (owned) (nullable): of one of several that has joined */
  GuicheCommitFunc commit_func; /* (nullable) */
  gpointer commit_data;
  GMutex lock;
  gint64 clock_read_us;   /* (lock): monotonic: when the database's clock was read; 0: never */
  gint64 clock_offset_us; /* (lock): from the monotonic clock to it */
  GPtrArray *tenants;     /* (owned) (lock) (element-type GuicheTenant) */
};

/* Where the company's database is; NULL: the control schema. (transfer full) */
GuicheDbLocation *guiche_store_locate (GuicheStore *self, const char *tenant_key);
/* For its owner only. */
gboolean guiche_store_make_directory (const char *path, GError **error);
/* (nullable): where a copy goes before a migration. */
char *guiche_store_backup_directory (GuicheStore *self, const char *directory);
/* Takes up the companies that are not known yet (@db: of the control schema; any thread), each
 * brought to the present if it can be. */
gboolean guiche_store_load_tenants (GuicheStore *self, GuicheDb *db, GError **error);
/* The control schema is open. */
gboolean guiche_store_load_keys (GuicheStore *self, GError **error);
void guiche_store_free_tenants (GuicheStore *self);

G_END_DECLS
