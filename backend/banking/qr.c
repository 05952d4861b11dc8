/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/qr.h"

#include "banking/refusal.h"

#include <string.h>
#include <zint.h>

#define ERROR_CORRECTION_M 2

static void
copy_modules (const struct zint_symbol *symbol, GuicheQr *out)
{
  out->width = (guint) symbol->width;
  for (guint row = 0; row < out->width; row++)
    for (guint column = 0; column < out->width; column++)
      out->modules[row * out->width + column] =
          (symbol->encoded_data[row][column / 8] >> (column % 8)) & 1;
}

gboolean
guiche_qr_encode (const char *text, GuicheQr *out, GError **error)
{
  struct zint_symbol *symbol = ZBarcode_Create ();
  gboolean is_done;

  symbol->symbology = BARCODE_QRCODE;
  symbol->option_1 = ERROR_CORRECTION_M;
  symbol->input_mode = UNICODE_MODE;
  is_done = ZBarcode_Encode (symbol, (const unsigned char *) text, (int) strlen (text)) <
                ZINT_ERROR_TOO_LONG &&
            symbol->width == symbol->rows && symbol->width > 0 &&
            symbol->width <= GUICHE_QR_MAX_WIDTH;
  if (is_done)
    copy_modules (symbol, out);
  else
    guiche_banking_refuse (error, "payload", "range", "payload: no QR code holds it: %s",
                           symbol->errtxt);
  ZBarcode_Delete (symbol);
  return is_done;
}
