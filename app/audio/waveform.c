/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/waveform.h"

#include <string.h>

GBytes *
guiche_waveform_reduce (const guint8 *peaks, gsize n_peaks)
{
  guint8 reduced[GUICHE_WAVEFORM_MAX];
  gsize n_reduced = MIN (n_peaks, GUICHE_WAVEFORM_MAX);

  for (gsize i = 0; i < n_reduced; i++) {
    gsize from = i * n_peaks / n_reduced;
    gsize to = MAX ((i + 1) * n_peaks / n_reduced, from + 1);

    reduced[i] = 0;
    for (gsize j = from; j < to; j++)
      reduced[i] = MAX (reduced[i], peaks[j]);
  }
  return g_bytes_new (reduced, n_reduced);
}

char *
guiche_waveform_to_hex (GBytes *waveform)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (waveform, &length);
  GString *hex = g_string_sized_new (length * 2);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", bytes[i]);
  return g_string_free (hex, FALSE);
}

GBytes *
guiche_waveform_from_hex (const char *hex)
{
  guint8 bytes[GUICHE_WAVEFORM_MAX];
  gsize length = hex ? strlen (hex) : 0;

  if (length == 0 || length % 2 != 0 || length > 2 * GUICHE_WAVEFORM_MAX)
    return NULL;
  for (gsize i = 0; i < length; i++) {
    int digit = g_ascii_xdigit_value (hex[i]);

    if (digit < 0)
      return NULL;
    bytes[i / 2] = i % 2 == 0 ? (guint8) (digit << 4) : (guint8) (bytes[i / 2] | digit);
  }
  return g_bytes_new (bytes, length / 2);
}
