/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GUICHE_QR_MAX_WIDTH 177

/**
 * GuicheQr:
 *
 * The modules of a QR code (ISO/IEC 18004), without the quiet zone of four around it.
 */
typedef struct {
  guint width;                                               /* of each side */
  guint8 modules[GUICHE_QR_MAX_WIDTH * GUICHE_QR_MAX_WIDTH]; /* 1 is dark; by rows */
} GuicheQr;

/* Of a text up to some 2,000 characters, with error correction M (15 %). FALSE and field `payload`
 * when it does not fit. */
gboolean guiche_qr_encode (const char *text, GuicheQr *out, GError **error);

G_END_DECLS
