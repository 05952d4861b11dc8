/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheWaveformView:
 *
 * The amplitudes of a voice note as bars, what was played in the accent colour. A slider for the
 * keyboard and a screen reader: a click or the arrows seek.
 *
 * Property: `position` (double 0..1). Signal: `seek` (double 0..1): asked by the person.
 */
#define GUICHE_TYPE_WAVEFORM_VIEW (guiche_waveform_view_get_type ())
G_DECLARE_FINAL_TYPE (GuicheWaveformView, guiche_waveform_view, GUICHE, WAVEFORM_VIEW, GtkWidget)

GtkWidget *guiche_waveform_view_new (void);
/* @waveform (nullable): unknown, shown as a line. @duration_ms gives the arrows their 5 seconds and
 * the reader its times. */
void guiche_waveform_view_set_waveform (GuicheWaveformView *self,
                                        GBytes *waveform,
                                        gint64 duration_ms);
void guiche_waveform_view_set_position (GuicheWaveformView *self, double position);
/* Live: bars come from the right; nothing can be sought. */
void guiche_waveform_view_append (GuicheWaveformView *self, guint8 peak);
void guiche_waveform_view_clear (GuicheWaveformView *self);

G_END_DECLS
