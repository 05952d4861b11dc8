/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/audio-error.h"

#include "base/error.h"

#include <glib/gi18n.h>

GError *
guiche_audio_error_no_microphone (void)
{
  return g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_AUDIO,
                              _ ("No microphone was found. Connect one, or choose another in the preferences, and try again."));
}

GError *
guiche_audio_error_disconnected (void)
{
  return g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_AUDIO,
                              _ ("The microphone was disconnected. Connect it and record again."));
}

GError *
guiche_audio_error_no_answer (void)
{
  return g_error_new_literal (
      GUICHE_ERROR, GUICHE_ERROR_AUDIO,
      _ ("The sound system does not answer. Check the sound settings and try again."));
}

static GError *
error_of_source (GError *cause)
{
  if (g_error_matches (cause, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ) ||
      g_error_matches (cause, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_FAILED))
    return guiche_audio_error_disconnected ();
  if (g_error_matches (cause, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY))
    return g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_AUDIO,
                                _ ("Another program uses the microphone. Close it and try again."));
  return guiche_audio_error_no_microphone ();
}

static GError *
error_of_file (GError *cause)
{
  if (g_error_matches (cause, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT))
    return g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_AUDIO,
                                _ ("The disk is full. Make room and record again."));
  return g_error_new (GUICHE_ERROR, GUICHE_ERROR_AUDIO,
                      _ ("The sound cannot be written: %s"), cause->message);
}

GError *
guiche_audio_error_from_message (GstMessage *message)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *debug = NULL;
  const char *name = GST_MESSAGE_SRC_NAME (message);

  gst_message_parse_error (message, &cause, &debug);
  g_debug ("%s: %s (%s)", name, cause->message, debug ? debug : "");
  if (g_str_equal (name, "microphone"))
    return error_of_source (cause);
  if (g_str_equal (name, "file"))
    return error_of_file (cause);
  if (g_str_equal (name, "speakers"))
    return g_error_new_literal (
        GUICHE_ERROR, GUICHE_ERROR_AUDIO,
        _ ("No loudspeaker was found. Check the sound settings and try again."));
  return g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_AUDIO,
                              _ ("This sound is damaged and cannot be played."));
}

gboolean
guiche_audio_require (const char *const *factories, GError **error)
{
  for (guint i = 0; factories[i]; i++) {
    g_autoptr (GstElementFactory) factory = gst_element_factory_find (factories[i]);

    if (factory)
      continue;
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_AUDIO,
                 _ ("A part of the sound system is missing: “%s”. Install the GStreamer plug-ins and start Guichê again."),
                    factories[i]);
    return FALSE;
  }
  return TRUE;
}
