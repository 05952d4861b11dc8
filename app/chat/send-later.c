/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/send-later.h"

#include "widgets/time-text.h"

#include <glib/gi18n.h>

struct _GuicheSendLater {
  AdwWindow parent_instance;
  GtkCalendar *calendar;
  GtkSpinButton *hour;
  GtkSpinButton *minute;
  GtkLabel *when_label;
  GtkWidget *send_button;
};

G_DEFINE_FINAL_TYPE (GuicheSendLater, guiche_send_later, ADW_TYPE_WINDOW)

static guint chosen_signal;

static gint64
chosen_us (GuicheSendLater *self)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (self->calendar);
  g_autoptr (GDateTime) at = g_date_time_new_local (
      g_date_time_get_year (day), g_date_time_get_month (day), g_date_time_get_day_of_month (day),
      gtk_spin_button_get_value_as_int (self->hour),
      gtk_spin_button_get_value_as_int (self->minute), 0);

  return at ? g_date_time_to_unix (at) * G_USEC_PER_SEC : 0;
}

static void
on_changed (GuicheSendLater *self)
{
  gint64 at = chosen_us (self), now = g_get_real_time ();
  g_autofree char *text = at > now ? guiche_time_text_full (at, now)
                                   : g_strdup (_ ("This time is over. Choose a later one."));

  gtk_label_set_text (self->when_label, text);
  gtk_widget_set_sensitive (self->send_button, at > now);
}

static gboolean
on_output (GtkSpinButton *button)
{
  g_autofree char *text = g_strdup_printf ("%02d", gtk_spin_button_get_value_as_int (button));

  gtk_editable_set_text (GTK_EDITABLE (button), text);
  return TRUE;
}

static void
on_send_clicked (GuicheSendLater *self)
{
  gint64 at = chosen_us (self);

  if (at <= g_get_real_time ()) {
    on_changed (self);
    return;
  }
  g_signal_emit (self, chosen_signal, 0, at);
  gtk_window_close (GTK_WINDOW (self));
}

static void
guiche_send_later_class_init (GuicheSendLaterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  chosen_signal = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/chat/send-later.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheSendLater, calendar);
  gtk_widget_class_bind_template_child (widget_class, GuicheSendLater, hour);
  gtk_widget_class_bind_template_child (widget_class, GuicheSendLater, minute);
  gtk_widget_class_bind_template_child (widget_class, GuicheSendLater, when_label);
  gtk_widget_class_bind_template_child (widget_class, GuicheSendLater, send_button);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_output);
  gtk_widget_class_bind_template_callback (widget_class, on_send_clicked);
}

/* Begins at the next full hour that is at least half an hour away. */
static void
guiche_send_later_init (GuicheSendLater *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) later = g_date_time_add_minutes (now, 90);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_calendar_select_day (self->calendar, later);
  gtk_spin_button_set_value (self->hour, g_date_time_get_hour (later));
  gtk_spin_button_set_value (self->minute, 0);
  on_changed (self);
}

GuicheSendLater *
guiche_send_later_new (void)
{
  return g_object_new (GUICHE_TYPE_SEND_LATER, NULL);
}
