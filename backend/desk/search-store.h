/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/search.h"

G_BEGIN_DECLS

/* Looks at up to *@budget messages of @conversation, newest first, and appends those whose folded
 * body contains @needle to @found until there are @limit; *@budget sinks by what was looked at. */
gboolean guiche_search_store_scan (GuicheTx *tx,
                                   const GuicheConversation *conversation,
                                   const char *needle,
                                   gsize limit,
                                   gint64 *budget,
                                   GPtrArray *found,
                                   GError **error);

G_END_DECLS
