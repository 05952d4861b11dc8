/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/recorder-bar.h"

#include "audio/duration-text.h"
#include "audio/waveform-view.h"
#include "audio/waveform.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#define SHORTEST_MS 500
#define PREVIEW_KEY "preview"

struct _GuicheRecorderBar {
  GtkBox parent_instance;
  GtkWidget *dot;
  GtkLabel *time_label;
  GuicheWaveformView *waveform;
  GtkButton *pause_button;
  GtkWidget *stop_button;
  GuichePlayer *player;     /* (owned) */
  GuicheRecorder *recorder; /* (owned) */
  GuicheRecording *take;    /* (owned) (nullable): finished, not yet sent */
  gboolean is_active;
  gboolean sends_when_finished;
};

G_DEFINE_FINAL_TYPE (GuicheRecorderBar, guiche_recorder_bar, GTK_TYPE_BOX)

enum {
  SIGNAL_RECORDED,
  SIGNAL_CLOSED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_previewing (GuicheRecorderBar *self)
{
  return guiche_player_is_playing_key (self->player, PREVIEW_KEY);
}

/* The middle button pauses the recording, later plays the take. */
static void
refresh (GuicheRecorderBar *self)
{
  GuicheRecorderState state = guiche_recorder_get_state (self->recorder);
  const char *icon = "media-playback-pause-symbolic", *tip = _ ("Pause the recording");

  if (state == GUICHE_RECORDER_PAUSED) {
    icon = "media-record-symbolic";
    tip = _ ("Go on recording");
  } else if (self->take) {
    gboolean plays =
        is_previewing (self) && guiche_player_get_state (self->player) != GUICHE_PLAYER_PAUSED;

    icon = plays ? "media-playback-pause-symbolic" : "media-playback-start-symbolic";
    tip = plays ? _ ("Pause") : _ ("Listen");
  }
  gtk_button_set_icon_name (self->pause_button, icon);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->pause_button), tip);
  gtk_widget_set_sensitive (GTK_WIDGET (self->pause_button),
                            self->take || state == GUICHE_RECORDER_RECORDING ||
                                state == GUICHE_RECORDER_PAUSED);
  gtk_widget_set_visible (self->stop_button, !self->take);
  gtk_widget_set_visible (self->dot, !self->take);
  if (state == GUICHE_RECORDER_RECORDING)
    gtk_widget_add_css_class (self->dot, "live");
  else
    gtk_widget_remove_css_class (self->dot, "live");
}

static void
show_time (GuicheRecorderBar *self)
{
  gint64 time_ms =
      self->take ? self->take->duration_ms : guiche_recorder_get_duration_ms (self->recorder);
  g_autofree char *text = NULL;

  if (is_previewing (self) && self->take) {
    time_ms = guiche_player_get_position_ms (self->player);
    guiche_waveform_view_set_position (self->waveform,
                                       (double) time_ms / MAX (self->take->duration_ms, 1));
  }
  text = guiche_duration_text (time_ms);
  gtk_label_set_text (self->time_label, text);
}

static void
drop_take (GuicheRecorderBar *self)
{
  if (is_previewing (self))
    guiche_player_stop (self->player);
  if (self->take)
    g_unlink (self->take->path);
  g_clear_pointer (&self->take, guiche_recording_free);
}

static void
finish (GuicheRecorderBar *self)
{
  self->is_active = FALSE;
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

static void
send_take (GuicheRecorderBar *self)
{
  g_autoptr (GuicheRecording) take = g_steal_pointer (&self->take);

  if (is_previewing (self))
    guiche_player_stop (self->player);
  if (take->duration_ms < SHORTEST_MS)
    g_unlink (take->path);
  else
    g_signal_emit (self, signals[SIGNAL_RECORDED], 0, take);
  finish (self);
}

static void
on_recorded (GuicheRecorderBar *self, GuicheRecording *recording)
{
  g_autoptr (GBytes) waveform = guiche_waveform_from_hex (recording->waveform);

  self->take = guiche_recording_copy (recording);
  if (self->sends_when_finished) {
    send_take (self);
    return;
  }
  guiche_waveform_view_set_waveform (self->waveform, waveform, recording->duration_ms);
  show_time (self);
  refresh (self);
}

static void
on_failed (GuicheRecorderBar *self, GError *error)
{
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
  finish (self);
}

static void
on_peak (GuicheRecorderBar *self, guint peak)
{
  guiche_waveform_view_append (self->waveform, (guint8) peak);
  show_time (self);
}

static void
on_discard_clicked (GuicheRecorderBar *self)
{
  guiche_recorder_bar_discard (self);
}

static void
on_send_clicked (GuicheRecorderBar *self)
{
  guiche_recorder_bar_send (self);
}

static void
on_stop_clicked (GuicheRecorderBar *self)
{
  guiche_recorder_finish (self->recorder);
}

static void
on_pause_clicked (GuicheRecorderBar *self)
{
  GuicheRecorderState state = guiche_recorder_get_state (self->recorder);

  if (state == GUICHE_RECORDER_RECORDING)
    guiche_recorder_pause (self->recorder);
  else if (state == GUICHE_RECORDER_PAUSED)
    guiche_recorder_resume (self->recorder);
  else if (self->take && !is_previewing (self))
    guiche_player_play (self->player, PREVIEW_KEY, self->take->path, 0);
  else if (self->take && guiche_player_get_state (self->player) == GUICHE_PLAYER_PAUSED)
    guiche_player_resume (self->player);
  else if (self->take)
    guiche_player_pause (self->player);
}

static void
on_seek (GuicheRecorderBar *self, double position)
{
  gint64 position_ms;

  if (!self->take)
    return;
  position_ms = (gint64) (position * self->take->duration_ms);
  if (is_previewing (self))
    guiche_player_seek (self->player, position_ms);
  else
    guiche_player_play (self->player, PREVIEW_KEY, self->take->path, position_ms);
}

static void
guiche_recorder_bar_dispose (GObject *object)
{
  GuicheRecorderBar *self = GUICHE_RECORDER_BAR (object);

  if (self->player) {
    g_signal_handlers_disconnect_by_data (self->player, self);
    g_signal_handlers_disconnect_by_data (self->recorder, self);
    drop_take (self);
  }
  g_clear_object (&self->player);
  g_clear_object (&self->recorder);
  G_OBJECT_CLASS (guiche_recorder_bar_parent_class)->dispose (object);
}

static void
guiche_recorder_bar_class_init (GuicheRecorderBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_recorder_bar_dispose;
  g_type_ensure (GUICHE_TYPE_WAVEFORM_VIEW);
  signals[SIGNAL_RECORDED] =
      g_signal_new ("recorded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, GUICHE_TYPE_RECORDING);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/audio/recorder-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheRecorderBar, dot);
  gtk_widget_class_bind_template_child (widget_class, GuicheRecorderBar, time_label);
  gtk_widget_class_bind_template_child (widget_class, GuicheRecorderBar, waveform);
  gtk_widget_class_bind_template_child (widget_class, GuicheRecorderBar, pause_button);
  gtk_widget_class_bind_template_child (widget_class, GuicheRecorderBar, stop_button);
  gtk_widget_class_bind_template_callback (widget_class, on_discard_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_pause_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_send_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_seek);
}

static void
guiche_recorder_bar_init (GuicheRecorderBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
guiche_recorder_bar_new (GuichePlayer *player, GuicheRecorder *recorder)
{
  GuicheRecorderBar *self = g_object_new (GUICHE_TYPE_RECORDER_BAR, NULL);

  self->player = g_object_ref (player);
  self->recorder = g_object_ref (recorder);
  g_signal_connect_swapped (recorder, "recorded", G_CALLBACK (on_recorded), self);
  g_signal_connect_swapped (recorder, "failed", G_CALLBACK (on_failed), self);
  g_signal_connect_swapped (recorder, "peak", G_CALLBACK (on_peak), self);
  g_signal_connect_swapped (recorder, "notify::state", G_CALLBACK (refresh), self);
  g_signal_connect_swapped (player, "notify::state", G_CALLBACK (refresh), self);
  g_signal_connect_swapped (player, "notify::position-ms", G_CALLBACK (show_time), self);
  return GTK_WIDGET (self);
}

void
guiche_recorder_bar_start (GuicheRecorderBar *self, const char *microphone)
{
  if (self->is_active)
    return;
  guiche_player_stop (self->player);
  self->is_active = TRUE;
  self->sends_when_finished = FALSE;
  guiche_waveform_view_clear (self->waveform);
  guiche_recorder_start (self->recorder, microphone);
  show_time (self);
  refresh (self);
}

void
guiche_recorder_bar_send (GuicheRecorderBar *self)
{
  if (!self->is_active)
    return;
  if (self->take) {
    send_take (self);
    return;
  }
  if (guiche_recorder_get_state (self->recorder) == GUICHE_RECORDER_STARTING) {
    guiche_recorder_bar_discard (self);
    return;
  }
  self->sends_when_finished = TRUE;
  guiche_recorder_finish (self->recorder);
}

void
guiche_recorder_bar_discard (GuicheRecorderBar *self)
{
  if (!self->is_active)
    return;
  guiche_recorder_discard (self->recorder);
  drop_take (self);
  finish (self);
}

gboolean
guiche_recorder_bar_is_active (GuicheRecorderBar *self)
{
  return self->is_active;
}
