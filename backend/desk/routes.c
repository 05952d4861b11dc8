/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/routes.h"

const GuicheRoute *const *
guiche_desk_routes (void)
{
  static const GuicheRoute *tables[9];

  if (tables[0] == NULL) {
    tables[0] = guiche_message_routes ();
    tables[1] = guiche_conversation_routes ();
    tables[2] = guiche_channel_routes ();
    tables[3] = guiche_customer_routes ();
    tables[4] = guiche_queue_routes ();
    tables[5] = guiche_canned_reply_routes ();
    tables[6] = guiche_overview_routes ();
    tables[7] = guiche_file_routes ();
  }
  return tables;
}

gsize
guiche_desk_page_limit (const GuicheRequest *request, gsize fallback, gsize most)
{
  gint64 limit = guiche_request_query_int (request, "limit", (gint64) fallback);

  return (gsize) CLAMP (limit, 1, (gint64) most);
}
