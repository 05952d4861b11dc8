/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db.h"
#include "store/event.h"

G_BEGIN_DECLS

/* One allocation; the wire form is spliced around @data here and nowhere else. */
GuicheEvent *guiche_event_new (gint64 seq,
                               gint64 at_us,
                               const char *kind,
                               const char *audience,
                               const GuicheId *entity,
                               const char *data,
                               gsize data_length);

/* Appends to @events those after @since, in order, at most @limit. */
gboolean guiche_events_read_after (GuicheDb *db,
                                   gint64 since,
                                   guint limit,
                                   GPtrArray *events,
                                   GError **error);

G_END_DECLS
