/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings/time-button.h"

struct _GuicheTimeButton {
  GtkBox parent_instance;

  GtkSpinButton *hour, *minute;
};

G_DEFINE_FINAL_TYPE (GuicheTimeButton, guiche_time_button, GTK_TYPE_BOX)

enum {
  PROP_MINUTES = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static guint
get_minutes (GuicheTimeButton *self)
{
  return (guint) gtk_spin_button_get_value_as_int (self->hour) * 60 +
         (guint) gtk_spin_button_get_value_as_int (self->minute);
}

static gboolean
on_output_cb (GuicheTimeButton *self, GtkSpinButton *spin)
{
  g_autofree char *text = g_strdup_printf ("%02d", gtk_spin_button_get_value_as_int (spin));

  gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

static void
on_changed_cb (GuicheTimeButton *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MINUTES]);
}

static void
guiche_time_button_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_uint (value, get_minutes (GUICHE_TIME_BUTTON (object)));
}

static void
guiche_time_button_set_property (GObject *object,
                                 guint prop_id,
                                 const GValue *value,
                                 GParamSpec *pspec)
{
  GuicheTimeButton *self = GUICHE_TIME_BUTTON (object);
  guint minutes = g_value_get_uint (value);

  if (minutes == get_minutes (self))
    return;
  gtk_spin_button_set_value (self->hour, minutes / 60);
  gtk_spin_button_set_value (self->minute, minutes % 60);
}

static void
guiche_time_button_class_init (GuicheTimeButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = guiche_time_button_get_property;
  object_class->set_property = guiche_time_button_set_property;
  properties[PROP_MINUTES] =
      g_param_spec_uint ("minutes", NULL, NULL, 0, 24 * 60 - 1, 0,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/settings/time-button.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheTimeButton, hour);
  gtk_widget_class_bind_template_child (widget_class, GuicheTimeButton, minute);
  gtk_widget_class_bind_template_callback (widget_class, on_output_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
}

static void
guiche_time_button_init (GuicheTimeButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
