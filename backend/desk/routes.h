/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/server.h"

G_BEGIN_DECLS

/* This room's routes, one table a subject, ended by %NULL; they need no context. */
const GuicheRoute *const *guiche_desk_routes (void);
/* `message.send`. */
const GuicheStreamOp *guiche_desk_stream_ops (void);

/* The tables. */
const GuicheRoute *guiche_message_routes (void);
const GuicheRoute *guiche_conversation_routes (void);
const GuicheRoute *guiche_channel_routes (void);
const GuicheRoute *guiche_customer_routes (void);
const GuicheRoute *guiche_queue_routes (void);
const GuicheRoute *guiche_canned_reply_routes (void);
const GuicheRoute *guiche_overview_routes (void);
const GuicheRoute *guiche_file_routes (void);

/* A page's size from the query's `limit`, 1 to @most. */
gsize guiche_desk_page_limit (const GuicheRequest *request, gsize fallback, gsize most);

G_END_DECLS
