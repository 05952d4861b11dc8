/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/composer-private.h"
#include "widgets/toast.h"

#include <glib/gi18n.h>

/* Longer than this a press of the button is holding it: letting go sends. */
#define HOLD_US (G_USEC_PER_SEC / 2)

static void
on_recorded (GuicheComposer *self, GuicheRecording *recording)
{
  guiche_composer_send_recording (self, recording);
}

static void
on_closed (GuicheComposer *self)
{
  g_clear_object (&self->recording_for);
  self->pressed_us = 0;
  guiche_composer_update (self);
  guiche_composer_focus (self);
}

/* The audio room's sentences are for the person already. */
static void
on_failed (GuicheComposer *self, GError *error)
{
  guiche_toast_show (GTK_WIDGET (self), error->message);
}

static void
make_bar (GuicheComposer *self)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "guiche", "voice", NULL);
  g_autoptr (GuicheRecorder) recorder = guiche_recorder_new (folder);
  GtkWidget *bar = guiche_recorder_bar_new (self->player, recorder);

  self->recorder_bar = GUICHE_RECORDER_BAR (bar);
  gtk_stack_add_named (self->stack, bar, "record");
  g_signal_connect_swapped (bar, "recorded", G_CALLBACK (on_recorded), self);
  g_signal_connect_swapped (bar, "closed", G_CALLBACK (on_closed), self);
  g_signal_connect_swapped (bar, "failed", G_CALLBACK (on_failed), self);
}

/* Starts; pressed again while recording it sends. */
void
guiche_composer_record (GuicheComposer *self)
{
  g_autofree char *microphone = g_settings_get_string (self->settings, "microphone");

  if (!self->recorder_bar)
    make_bar (self);
  if (guiche_recorder_bar_is_active (self->recorder_bar)) {
    guiche_recorder_bar_send (self->recorder_bar);
    return;
  }
  g_set_object (&self->recording_for, self->conversation);
  guiche_recorder_bar_start (self->recorder_bar, microphone);
  guiche_composer_update (self);
}

static gboolean
is_on_button (GuicheComposer *self, double x, double y)
{
  graphene_rect_t bounds;

  return gtk_widget_get_mapped (self->record_button) &&
         gtk_widget_compute_bounds (self->record_button, GTK_WIDGET (self), &bounds) &&
         graphene_rect_contains_point (&bounds, &GRAPHENE_POINT_INIT (x, y));
}

static void
on_pressed (GuicheComposer *self, int n_press, double x, double y)
{
  if (!is_on_button (self, x, y))
    return;
  self->pressed_us = g_get_monotonic_time ();
  gtk_widget_activate_action (GTK_WIDGET (self), "composer.record", NULL);
}

static void
on_released (GuicheComposer *self)
{
  gint64 held_us = g_get_monotonic_time () - self->pressed_us;

  if (self->pressed_us != 0 && held_us > HOLD_US && self->recorder_bar)
    guiche_recorder_bar_send (self->recorder_bar);
  self->pressed_us = 0;
}

/* Starts on the press, not on the release, so that holding works; the button's own click (keyboard,
 * screen reader) stays. The gesture is the composer's: the button vanishes while it is held. */
void
guiche_composer_add_record_gesture (GuicheComposer *self)
{
  GtkGesture *press = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (press), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (press, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect_swapped (press, "released", G_CALLBACK (on_released), self);
  g_signal_connect_swapped (press, "unpaired-release", G_CALLBACK (on_released), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (press));
}
