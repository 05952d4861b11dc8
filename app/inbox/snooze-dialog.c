/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/snooze-dialog.h"

#include "inbox/desk-request.h"
#include "inbox/snooze-times.h"
#include "widgets/time-text.h"

#include <glib/gi18n.h>

/* The last choice is a day and a time of one's own. */
#define N_CHOICES (GUICHE_N_SNOOZES + 1)

struct _GuicheSnoozeDialog {
  AdwWindow parent_instance;

  AdwPreferencesGroup *choices, *moment;
  GtkMenuButton *day_button;
  GtkCalendar *calendar;
  GtkSpinButton *hour, *minute;
  GtkWidget *confirm;
  GtkCheckButton *checks[N_CHOICES]; /* (nullable) each: a choice that makes no sense now */

  GuicheDesk *desk;                 /* (owned) */
  GuicheConversation *conversation; /* (owned) */
};

G_DEFINE_FINAL_TYPE (GuicheSnoozeDialog, guiche_snooze_dialog, ADW_TYPE_WINDOW)

static gboolean
is_chosen (GuicheSnoozeDialog *self, guint i)
{
  return self->checks[i] != NULL && gtk_check_button_get_active (self->checks[i]);
}

static GDateTime *
dup_moment (GuicheSnoozeDialog *self)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (self->calendar);

  return g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                                g_date_time_get_day_of_month (day),
                                gtk_spin_button_get_value_as_int (self->hour),
                                gtk_spin_button_get_value_as_int (self->minute), 0);
}

static GDateTime *
dup_end (GuicheSnoozeDialog *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  for (guint i = 0; i < GUICHE_N_SNOOZES; i++) {
    if (is_chosen (self, i))
      return guiche_snooze_end (i, now);
  }
  return dup_moment (self);
}

static void
update (GuicheSnoozeDialog *self)
{
  gboolean is_moment = is_chosen (self, GUICHE_N_SNOOZES);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) moment = dup_moment (self);
  g_autofree char *day = NULL;

  if (moment == NULL)
    return;

  day = guiche_time_text_day (g_date_time_to_unix (moment) * G_USEC_PER_SEC, g_get_real_time ());
  gtk_menu_button_set_label (self->day_button, day);
  gtk_widget_set_visible (GTK_WIDGET (self->moment), is_moment);
  gtk_widget_set_sensitive (self->confirm, !is_moment || g_date_time_compare (moment, now) > 0);
}

static void
on_moment_changed_cb (GuicheSnoozeDialog *self)
{
  update (self);
}

static void
on_day_selected_cb (GuicheSnoozeDialog *self)
{
  gtk_menu_button_popdown (self->day_button);
  update (self);
}

static gboolean
on_spin_output_cb (GuicheSnoozeDialog *self, GtkSpinButton *spin)
{
  g_autofree char *text = g_strdup_printf ("%02d", gtk_spin_button_get_value_as_int (spin));

  gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

static void
on_confirm_clicked_cb (GuicheSnoozeDialog *self)
{
  g_autoptr (GDateTime) end = dup_end (self);
  gint64 until_us = g_date_time_to_unix (end) * G_USEC_PER_SEC;
  g_autofree char *when = guiche_time_text_full (until_us, g_get_real_time ());
  /* Translators: %s is a day and a time */
  g_autofree char *done = g_strdup_printf (_ ("Snoozed until %s"), when);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  GuicheDeskRequest *request = guiche_desk_request_new (self->desk, GTK_WIDGET (parent), done);

  guiche_desk_request_set_undo_reopen (request, self->conversation);
  guiche_desk_snooze_async (self->desk, self->conversation, until_us, NULL,
                            guiche_desk_request_done_cb, request);
  gtk_window_close (GTK_WINDOW (self));
}

static void
guiche_snooze_dialog_dispose (GObject *object)
{
  GuicheSnoozeDialog *self = GUICHE_SNOOZE_DIALOG (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->conversation);
  G_OBJECT_CLASS (guiche_snooze_dialog_parent_class)->dispose (object);
}

static void
guiche_snooze_dialog_class_init (GuicheSnoozeDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_snooze_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/inbox/snooze-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheSnoozeDialog, choices);
  gtk_widget_class_bind_template_child (widget_class, GuicheSnoozeDialog, moment);
  gtk_widget_class_bind_template_child (widget_class, GuicheSnoozeDialog, day_button);
  gtk_widget_class_bind_template_child (widget_class, GuicheSnoozeDialog, calendar);
  gtk_widget_class_bind_template_child (widget_class, GuicheSnoozeDialog, hour);
  gtk_widget_class_bind_template_child (widget_class, GuicheSnoozeDialog, minute);
  gtk_widget_class_bind_template_child (widget_class, GuicheSnoozeDialog, confirm);
  gtk_widget_class_bind_template_callback (widget_class, on_moment_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_day_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_spin_output_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_confirm_clicked_cb);
}

static void
add_choice (GuicheSnoozeDialog *self, guint i, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();

  if (self->checks[0] != NULL)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (check), self->checks[0]);
  self->checks[i] = GTK_CHECK_BUTTON (check);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  adw_preferences_group_add (self->choices, row);
  g_signal_connect_object (check, "toggled", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

static void
guiche_snooze_dialog_init (GuicheSnoozeDialog *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) tomorrow = g_date_time_add_days (now, 1);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_calendar_select_day (self->calendar, tomorrow);
  gtk_spin_button_set_value (self->hour, 9);
  for (guint i = 0; i < GUICHE_N_SNOOZES; i++) {
    g_autoptr (GDateTime) end = guiche_snooze_end (i, now);
    g_autofree char *when = NULL;

    if (end == NULL)
      continue;
    when = guiche_time_text_full (g_date_time_to_unix (end) * G_USEC_PER_SEC, g_get_real_time ());
    add_choice (self, i, guiche_snooze_label (i), when);
  }
  add_choice (self, GUICHE_N_SNOOZES, _ ("Day and time…"), NULL);
  gtk_check_button_set_active (self->checks[GUICHE_SNOOZE_ONE_HOUR], TRUE);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->checks[GUICHE_SNOOZE_ONE_HOUR]));
  update (self);
}

GtkWidget *
guiche_snooze_dialog_new (GuicheDesk *desk, GuicheConversation *conversation)
{
  GuicheSnoozeDialog *self = g_object_new (GUICHE_TYPE_SNOOZE_DIALOG, NULL);

  self->desk = g_object_ref (desk);
  self->conversation = g_object_ref (conversation);
  return GTK_WIDGET (self);
}
