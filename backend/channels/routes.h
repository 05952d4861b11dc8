/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/server.h"

G_BEGIN_DECLS

/**
 * GuicheChannelsContext:
 *
 * What the routes of channels need beside the transaction; the route context. Lives as long
 * as the server.
 */
typedef struct {
  GuicheServer *server;
} GuicheChannelsContext;

/* `delivered`. */
const GuicheStreamOp *guiche_channels_stream_ops (void);
const GuicheRoute *guiche_webchat_routes (void);      /* /webchat/… */
const GuicheRoute *guiche_webchat_file_routes (void); /* /webchat/files, /files/{id}/renditions */

G_END_DECLS
