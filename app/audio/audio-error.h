/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* A GUICHE_ERROR_AUDIO for what an element reported on the bus, in a sentence for the person that
 * says what to do. */
GError *guiche_audio_error_from_message (GstMessage *message);
/* False with GUICHE_ERROR_AUDIO naming the first of @factories (null-terminated) that is not
 * installed. */
gboolean guiche_audio_require (const char *const *factories, GError **error);
GError *guiche_audio_error_no_microphone (void);
GError *guiche_audio_error_disconnected (void);
GError *guiche_audio_error_no_answer (void);

G_END_DECLS
