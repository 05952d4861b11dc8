/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Tests run on SQLite, or on the PostgreSQL that $GUICHE_TEST_DATABASE names (with-postgresql). */

gboolean guiche_test_is_on_postgresql (void);
/* (transfer full) (nullable): the address of an empty database of one's own; %NULL on SQLite. */
char *guiche_test_database_new (void);
/* (transfer full) (nullable): drops it, whoever is still connected. */
void guiche_test_database_free (char *url);
/* Sends @sql there (libpq, as anybody might). */
void guiche_test_database_run (const char *url, const char *sql);

G_END_DECLS
