/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/date-dialog.h"

struct _GuicheDateDialog {
  AdwWindow parent_instance;
  GtkCalendar *calendar;
};

G_DEFINE_FINAL_TYPE (GuicheDateDialog, guiche_date_dialog, ADW_TYPE_WINDOW)

static guint chosen_signal;

static void
on_go_clicked (GuicheDateDialog *self)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (self->calendar);
  g_autoptr (GDateTime) start =
                 g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                                        g_date_time_get_day_of_month (day), 0, 0, 0);

  if (start)
    g_signal_emit (self, chosen_signal, 0, g_date_time_to_unix (start) * G_USEC_PER_SEC);
  gtk_window_close (GTK_WINDOW (self));
}

static void
guiche_date_dialog_class_init (GuicheDateDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  chosen_signal = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/chat/date-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheDateDialog, calendar);
  gtk_widget_class_bind_template_callback (widget_class, on_go_clicked);
}

static void
guiche_date_dialog_init (GuicheDateDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GuicheDateDialog *
guiche_date_dialog_new (void)
{
  return g_object_new (GUICHE_TYPE_DATE_DIALOG, NULL);
}
