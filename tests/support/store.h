/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

#define GUICHE_TEST_START_US G_GINT64_CONSTANT (1763622197000000) /* 2025-11-20 07:03:17 UTC */

/**
 * GuicheTestStore:
 *
 * A real store in a temporary directory with a fixed clock, seeded ids and one company, `demo`. On
 * PostgreSQL (support/database.h) it has a database of its own.
 */
typedef struct {
  char *directory;
  char *database_url; /* (nullable): %NULL on SQLite */
  GuicheClock *clock;
  GuicheSettings *settings;
  GuicheStore *store;
  GuicheTenant *tenant;
  GPtrArray *events; /* (element-type GuicheEvent): every event delivered so far, in order */
} GuicheTestStore;

GuicheTestStore *guiche_test_store_new (void);
/* For what measures the disk. */
GuicheTestStore *guiche_test_store_new_on_disk (void);
/* Also removes the directory. */
void guiche_test_store_free (GuicheTestStore *self);
/* Closes and opens again, as a restart does. */
void guiche_test_store_reopen (GuicheTestStore *self);
void guiche_test_store_close (GuicheTestStore *self); /* @store and @tenant are then NULL */
void guiche_test_store_open (GuicheTestStore *self);
/* @more (nullable): a setting as in the environment, `GUICHE_JOBS_LEASE_S=1`, from the next open
 * on. */
void guiche_test_store_set (GuicheTestStore *self, const char *more);
/* Delivers what writers and readers have finished; returns how many events there are by now. */
guint guiche_test_store_pump (GuicheTestStore *self);
/* Runs the main loop until @flag is set; fails the test after a minute. */
void guiche_test_wait_for (const gboolean *flag);

/* Runs @run and asserts that it succeeds. @actor (nullable). */
void guiche_test_write (GuicheTestStore *self,
                        const GuicheActor *actor,
                        GuicheWorkRun run,
                        gpointer data);
void guiche_test_read (GuicheTestStore *self,
                       const GuicheActor *actor,
                       GuicheWorkRun run,
                       gpointer data);
/* Runs @run and asserts that it fails with @code. */
void guiche_test_write_fails (GuicheTestStore *self,
                              const GuicheActor *actor,
                              GuicheWorkRun run,
                              gpointer data,
                              GuicheError code);
/* One number of a query without parameters (a literal), read in its own transaction. */
gint64 guiche_test_number (GuicheTestStore *self, const char *sql);

void guiche_test_remove_directory (const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheTestStore, guiche_test_store_free)

G_END_DECLS
