/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * GuicheCapture:
 *
 * One take from a microphone into an Ogg/Opus file (mono, 48 kHz). All functions are asked on the
 * main thread and done on the capture's own; what happens comes back as events on the main thread.
 * The engine of GuicheRecorder.
 */
typedef struct _GuicheCapture GuicheCapture;

typedef enum {
  GUICHE_CAPTURE_PREPARING, /* GStreamer is ready (its first start of all reads every plug-in) */
  GUICHE_CAPTURE_STARTED,   /* the microphone gives sound */
  GUICHE_CAPTURE_PEAK,      /* 50 ms more, with this peak */
  GUICHE_CAPTURE_FULL,      /* the maximum is reached; it finishes by itself */
  GUICHE_CAPTURE_FINISHED,  /* the file is complete */
  GUICHE_CAPTURE_FAILED
} GuicheCaptureEventKind;

typedef struct {
  GuicheCaptureEventKind kind;
  guint8 peak; /* 0..255 */
  gint64 duration_ms;
  char *microphone; /* (nullable): label, when started */
  GError *error;    /* (nullable): GUICHE_ERROR_AUDIO, when failed */
} GuicheCaptureEvent;

/* @owner is held weakly: no event comes after it is gone. */
typedef void (*GuicheCaptureFunc) (GObject *owner,
                                   GuicheCapture *capture,
                                   const GuicheCaptureEvent *event);

GuicheCapture *guiche_capture_start (GObject *owner,
                                     GuicheCaptureFunc function,
                                     const char *path,
                                     const char *microphone, /* name, empty: the default */
                                     gint64 maximum_ms);
void guiche_capture_set_paused (GuicheCapture *self, gboolean is_paused);
void guiche_capture_finish (GuicheCapture *self);
/* Stops without a result, if it is still running; frees @self. */
void guiche_capture_release (GuicheCapture *self);

G_END_DECLS
