/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * GuicheAudioThread:
 *
 * A thread with a main context of its own, on which all GStreamer work of one recorder or player is
 * done: a sound server that does not answer holds up this thread, never the window. Functions run
 * in the order given.
 */
typedef struct _GuicheAudioThread GuicheAudioThread;

GuicheAudioThread *guiche_audio_thread_new (const char *name);
/* Runs @function there once (its result is ignored), then @destroy. Any thread. */
void guiche_audio_thread_invoke (GuicheAudioThread *self,
                                 GSourceFunc function,
                                 gpointer data,
                                 GDestroyNotify destroy);
/* Ends the thread after what was asked of it; does not wait for it. */
void guiche_audio_thread_release (GuicheAudioThread *self);

/* Runs @function on the main thread. Any thread. */
void guiche_audio_reply (GSourceFunc function, gpointer data, GDestroyNotify destroy);

/* Stops @pipeline and every task of its elements: a demuxer starts its own again at the end of the
 * seek it begins with, even while it is being stopped (GStreamer 1.22), and would outlive it. */
void guiche_audio_stop_pipeline (GstElement *pipeline);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheAudioThread, guiche_audio_thread_release)

G_END_DECLS
