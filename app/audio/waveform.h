/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GUICHE_WAVEFORM_MAX 128

/* The amplitudes stored beside a voice note: at most 128 bytes, on the wire as hex pairs. */

/* Reduces any number of peaks (0..255) to at most 128 by their maximum; (transfer full). */
GBytes *guiche_waveform_reduce (const guint8 *peaks, gsize n_peaks);
char *guiche_waveform_to_hex (GBytes *waveform);
/* (nullable): anything but 1 to 128 pairs of hex digits gives null. */
GBytes *guiche_waveform_from_hex (const char *hex);

G_END_DECLS
