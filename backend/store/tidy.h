/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tx.h"

G_BEGIN_DECLS

/* What is kept no longer than it is needed. */
typedef struct {
  gint64 retention_us; /* of events and of jobs that are done */
  gboolean has_more;   /* (out): one bite was not enough */
} GuicheTidy;

/* (GuicheWorkRun): one bite of removing events and done jobs older than the retention. The newest
 * event stays whatever its age: it carries the sequence. */
gboolean guiche_tidy_run (GuicheTx *tx, gpointer tidy, GError **error);

G_END_DECLS
