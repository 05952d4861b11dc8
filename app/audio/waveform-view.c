/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/waveform-view.h"

#include "audio/duration-text.h"

#include <glib/gi18n.h>

#define BAR_WIDTH 3
#define BAR_PITCH 5
#define HEIGHT 32
#define STEP_MS 5000

struct _GuicheWaveformView {
  GtkWidget parent_instance;
  GByteArray *peaks; /* (owned) */
  gint64 duration_ms;
  double position;
  gboolean is_live;
};

G_DEFINE_FINAL_TYPE (GuicheWaveformView, guiche_waveform_view, GTK_TYPE_WIDGET)

enum {
  PROP_POSITION = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint seek_signal;

static void
update_accessible (GuicheWaveformView *self)
{
  g_autofree char *at = guiche_duration_text ((gint64) (self->position * self->duration_ms));
  g_autofree char *whole = guiche_duration_text (self->duration_ms);
  /* Translators: how far a voice note is played, such as “0:12 of 1:05” */
  g_autofree char *text = g_strdup_printf (_ ("%s of %s"), at, whole);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, self->position,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static guint8
peak_of_bar (GuicheWaveformView *self, guint bar, guint n_bars)
{
  guint n_peaks = self->peaks->len;
  guint8 peak = 0;

  if (self->is_live) {
    guint first_bar = n_peaks < n_bars ? n_bars - n_peaks : 0;

    return bar < first_bar ? 0 : self->peaks->data[n_peaks - n_bars + bar];
  }
  for (guint i = bar * n_peaks / n_bars;
       i < MAX ((bar + 1) * n_peaks / n_bars, bar * n_peaks / n_bars + 1) && i < n_peaks; i++)
    peak = MAX (peak, self->peaks->data[i]);
  return peak;
}

static void
guiche_waveform_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GuicheWaveformView *self = GUICHE_WAVEFORM_VIEW (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  guint n_bars = (guint) MAX (width / BAR_PITCH, 1);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GdkRGBA played, coming;

  gtk_style_context_get_color (style, &played);
  coming = played;
  coming.alpha *= self->is_live ? 1 : 0.4;
  for (guint bar = 0; bar < n_bars; bar++) {
    float size = MAX (2, peak_of_bar (self, bar, n_bars) / 255.f * (height - 4));
    float x = (is_rtl ? n_bars - 1 - bar : bar) * BAR_PITCH;
    gboolean is_played = bar < self->position * n_bars;

    gtk_snapshot_append_color (snapshot, is_played ? &played : &coming,
                               &GRAPHENE_RECT_INIT (x, (height - size) / 2, BAR_WIDTH, size));
  }
  if (gtk_widget_has_visible_focus (widget))
    gtk_snapshot_render_focus (snapshot, style, 0, 0, width, height);
}

static void
guiche_waveform_view_measure (GtkWidget *widget,
                              GtkOrientation orientation,
                              int for_size,
                              int *minimum,
                              int *natural,
                              int *minimum_baseline,
                              int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 80 : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : HEIGHT;
}

static void
seek (GuicheWaveformView *self, double position)
{
  if (self->is_live)
    return;
  position = CLAMP (position, 0.0, 1.0);
  guiche_waveform_view_set_position (self, position);
  g_signal_emit (self, seek_signal, 0, position);
}

static void
on_pressed (GuicheWaveformView *self, int n_press, double x)
{
  double width = MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1);
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  seek (self, is_rtl ? 1 - x / width : x / width);
}

static gboolean
on_key_pressed (GuicheWaveformView *self, guint keyval)
{
  double step = self->duration_ms > 0 ? (double) STEP_MS / self->duration_ms : 0.1;

  switch (keyval) {
  case GDK_KEY_Left:
    seek (self, self->position - step);
    return TRUE;
  case GDK_KEY_Right:
    seek (self, self->position + step);
    return TRUE;
  case GDK_KEY_Home:
    seek (self, 0);
    return TRUE;
  default:
    return FALSE;
  }
}

static void
guiche_waveform_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_double (value, GUICHE_WAVEFORM_VIEW (object)->position);
}

static void
guiche_waveform_view_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  guiche_waveform_view_set_position (GUICHE_WAVEFORM_VIEW (object), g_value_get_double (value));
}

static void
guiche_waveform_view_finalize (GObject *object)
{
  g_byte_array_unref (GUICHE_WAVEFORM_VIEW (object)->peaks);
  G_OBJECT_CLASS (guiche_waveform_view_parent_class)->finalize (object);
}

static void
guiche_waveform_view_class_init (GuicheWaveformViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = guiche_waveform_view_finalize;
  object_class->get_property = guiche_waveform_view_get_property;
  object_class->set_property = guiche_waveform_view_set_property;
  widget_class->snapshot = guiche_waveform_view_snapshot;
  widget_class->measure = guiche_waveform_view_measure;
  properties[PROP_POSITION] =
      g_param_spec_double ("position", NULL, NULL, 0, 1, 0,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  seek_signal = g_signal_new ("seek", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  gtk_widget_class_set_css_name (widget_class, "waveform");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void
guiche_waveform_view_init (GuicheWaveformView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->peaks = g_byte_array_new ();
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Position in the voice note"), -1);
}

GtkWidget *
guiche_waveform_view_new (void)
{
  return g_object_new (GUICHE_TYPE_WAVEFORM_VIEW, NULL);
}

void
guiche_waveform_view_set_waveform (GuicheWaveformView *self, GBytes *waveform, gint64 duration_ms)
{
  guiche_waveform_view_clear (self);
  self->is_live = FALSE;
  self->duration_ms = duration_ms;
  if (waveform)
    g_byte_array_append (self->peaks, g_bytes_get_data (waveform, NULL),
                         g_bytes_get_size (waveform));
  update_accessible (self);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "pointer");
}

void
guiche_waveform_view_set_position (GuicheWaveformView *self, double position)
{
  position = CLAMP (position, 0.0, 1.0);
  if (self->position == position)
    return;
  self->position = position;
  update_accessible (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION]);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
guiche_waveform_view_append (GuicheWaveformView *self, guint8 peak)
{
  self->is_live = TRUE;
  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
  g_byte_array_append (self->peaks, &peak, 1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
guiche_waveform_view_clear (GuicheWaveformView *self)
{
  g_byte_array_set_size (self->peaks, 0);
  guiche_waveform_view_set_position (self, 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
