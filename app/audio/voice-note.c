/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/voice-note.h"

#include "audio/duration-text.h"
#include "audio/waveform-view.h"

#include <glib/gi18n.h>

struct _GuicheVoiceNote {
  GtkBox parent_instance;
  GtkButton *play_button;
  GtkButton *rate_button;
  GtkLabel *time_label;
  GuicheWaveformView *waveform;
  GuichePlayer *player; /* (owned) */
  char *key;            /* (nullable) */
  gint64 duration_ms;
};

G_DEFINE_FINAL_TYPE (GuicheVoiceNote, guiche_voice_note, GTK_TYPE_BOX)

static guint play_requested_signal;

static gboolean
is_current (GuicheVoiceNote *self)
{
  return guiche_player_is_playing_key (self->player, self->key);
}

static void
show_button (GuicheVoiceNote *self, gboolean is_playing)
{
  gtk_button_set_icon_name (self->play_button, is_playing ? "media-playback-pause-symbolic"
                                                          : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->play_button),
                               is_playing ? _ ("Pause") : _ ("Play"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  is_playing ? _ ("Pause the voice note")
                                             : _ ("Play the voice note"), -1);
}

static void
refresh_place (GuicheVoiceNote *self)
{
  gint64 position_ms = is_current (self) ? guiche_player_get_position_ms (self->player) : 0;
  g_autofree char *text = guiche_duration_text (position_ms > 0 ? position_ms : self->duration_ms);

  gtk_label_set_text (self->time_label, text);
  guiche_waveform_view_set_position (
      self->waveform, self->duration_ms > 0 ? (double) position_ms / self->duration_ms : 0);
}

static void
refresh (GuicheVoiceNote *self)
{
  GuichePlayerState state =
      is_current (self) ? guiche_player_get_state (self->player) : GUICHE_PLAYER_STOPPED;
  double rate = guiche_player_get_rate (self->player);
  g_autofree char *label = g_strdup_printf (rate == 1.5 ? "%.1f×" : "%.0f×", rate);

  if (is_current (self) && guiche_player_get_duration_ms (self->player) > 0)
    self->duration_ms = guiche_player_get_duration_ms (self->player);
  show_button (self, state == GUICHE_PLAYER_PLAYING || state == GUICHE_PLAYER_LOADING);
  gtk_button_set_label (self->rate_button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->rate_button), state != GUICHE_PLAYER_STOPPED);
  refresh_place (self);
}

static void
on_position (GuicheVoiceNote *self)
{
  if (is_current (self))
    refresh_place (self);
}

static void
request (GuicheVoiceNote *self, gint64 start_ms)
{
  g_signal_emit (self, play_requested_signal, 0, start_ms);
}

static void
on_play_clicked (GuicheVoiceNote *self)
{
  if (!is_current (self))
    request (self, (gint64) 0);
  else if (guiche_player_get_state (self->player) == GUICHE_PLAYER_PAUSED)
    guiche_player_resume (self->player);
  else
    guiche_player_pause (self->player);
}

static void
on_seek (GuicheVoiceNote *self, double position)
{
  gint64 position_ms = (gint64) (position * self->duration_ms);

  if (is_current (self))
    guiche_player_seek (self->player, position_ms);
  else
    request (self, position_ms);
}

static void
on_rate_clicked (GuicheVoiceNote *self)
{
  guiche_player_cycle_rate (self->player);
}

static void
guiche_voice_note_dispose (GObject *object)
{
  GuicheVoiceNote *self = GUICHE_VOICE_NOTE (object);

  if (self->player)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_clear_object (&self->player);
  g_clear_pointer (&self->key, g_free);
  G_OBJECT_CLASS (guiche_voice_note_parent_class)->dispose (object);
}

static void
guiche_voice_note_class_init (GuicheVoiceNoteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_voice_note_dispose;
  g_type_ensure (GUICHE_TYPE_WAVEFORM_VIEW);
  play_requested_signal =
      g_signal_new ("play-requested", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/audio/voice-note.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheVoiceNote, play_button);
  gtk_widget_class_bind_template_child (widget_class, GuicheVoiceNote, rate_button);
  gtk_widget_class_bind_template_child (widget_class, GuicheVoiceNote, time_label);
  gtk_widget_class_bind_template_child (widget_class, GuicheVoiceNote, waveform);
  gtk_widget_class_bind_template_callback (widget_class, on_play_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_rate_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_seek);
}

static void
guiche_voice_note_init (GuicheVoiceNote *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
guiche_voice_note_new (GuichePlayer *player)
{
  GuicheVoiceNote *self = g_object_new (GUICHE_TYPE_VOICE_NOTE, NULL);

  self->player = g_object_ref (player);
  g_signal_connect_swapped (player, "notify::state", G_CALLBACK (refresh), self);
  g_signal_connect_swapped (player, "notify::key", G_CALLBACK (refresh), self);
  g_signal_connect_swapped (player, "notify::rate", G_CALLBACK (refresh), self);
  g_signal_connect_swapped (player, "notify::duration-ms", G_CALLBACK (refresh), self);
  g_signal_connect_swapped (player, "notify::position-ms", G_CALLBACK (on_position), self);
  return GTK_WIDGET (self);
}

void
guiche_voice_note_set (GuicheVoiceNote *self, const char *key, gint64 duration_ms, GBytes *waveform)
{
  g_free (self->key);
  self->key = g_strdup (key);
  self->duration_ms = duration_ms;
  guiche_waveform_view_set_waveform (self->waveform, waveform, duration_ms);
  refresh (self);
}
