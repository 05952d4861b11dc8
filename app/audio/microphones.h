/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * GuicheMicrophone:
 *
 * One microphone: `name` is what the settings keep, `label` what a person reads.
 */
typedef struct {
  char *name;
  char *label;
  gboolean is_default;
  GstDevice *device; /* (owned) */
} GuicheMicrophone;

void guiche_microphone_free (GuicheMicrophone *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheMicrophone, guiche_microphone_free)

/* The microphones present now, the default first. What a loudspeaker plays (a monitor) is none,
 * unless somebody made it the default source while the sound goes to another loudspeaker: virtual
 * microphones are made so. Blocks: for the audio thread. (element-type GuicheMicrophone) */
GPtrArray *guiche_microphones_list (void);

/* The same without blocking; cannot fail, an empty list means none. */
void guiche_microphones_list_async (GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GPtrArray *guiche_microphones_list_finish (GAsyncResult *result, GError **error);

G_END_DECLS
