/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/websocket.h"

G_BEGIN_DECLS

/* What a byte stream means, one line an item. The reference reads the whole input at once,
 * slowly and plainly, as RFC 6455 says it; the decoder gets it in pieces (@piece bytes at a
 * time; 0: pseudo-random pieces from @seed). Both must say the same. */
char *websocket_reference_trace (const guint8 *data, gsize length, gboolean expect_mask);
char *websocket_decoder_trace (const guint8 *data,
                               gsize length,
                               gboolean expect_mask,
                               gsize piece,
                               guint32 seed);

G_END_DECLS
