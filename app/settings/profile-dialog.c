/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings/profile-dialog.h"

#include "base/json-writer.h"
#include "widgets/avatar.h"
#include "widgets/presence.h"
#include "widgets/toast.h"

#include <glib/gi18n.h>

#define PASSWORD_MIN_CHARACTERS 8

static const char *const presences[] = { "available", "busy", "away" };

struct _GuicheProfileDialog {
  AdwWindow parent_instance;

  GuicheAvatar *avatar;
  GtkWidget *save;
  GtkEditable *name, *status_text, *old_password, *new_password, *again;
  AdwComboRow *presence;
  GtkLabel *problem;

  GuicheDesk *desk;     /* (owned) */
  GCancellable *saving; /* (owned) */
};

G_DEFINE_FINAL_TYPE (GuicheProfileDialog, guiche_profile_dialog, ADW_TYPE_WINDOW)

static gboolean
is_empty (GtkEditable *entry)
{
  return *gtk_editable_get_text (entry) == '\0';
}

static const char *
find_password_problem (GuicheProfileDialog *self)
{
  const char *wanted = gtk_editable_get_text (self->new_password);

  if (is_empty (self->old_password) && is_empty (self->new_password) && is_empty (self->again))
    return NULL;
  if (g_utf8_strlen (wanted, -1) < PASSWORD_MIN_CHARACTERS)
    return _ ("A new password has at least 8 characters.");
  if (!g_str_equal (wanted, gtk_editable_get_text (self->again)))
    return _ ("The new password was not repeated exactly.");
  if (is_empty (self->old_password))
    return _ ("To change it, type the present password as well.");
  return NULL;
}

static void
on_changed_cb (GuicheProfileDialog *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name)));
  const char *problem =
      *name == '\0' ? _ ("Colleagues need a name to see.") : find_password_problem (self);

  gtk_label_set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
  gtk_widget_set_sensitive (self->save, problem == NULL);
  guiche_avatar_set_text (self->avatar, name);
}

static void
write_if_changed (GuicheJsonWriter *writer,
                  const char *member,
                  const char *before,
                  GtkEditable *entry)
{
  g_autofree char *value = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  if (g_strcmp0 (before != NULL ? before : "", value) != 0)
    guiche_json_writer_member_string (writer, member, value);
}

static char *
dup_changes (GuicheProfileDialog *self)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  GuichePerson *me = guiche_desk_get_me (self->desk);
  g_autofree char *status_text = NULL;

  g_object_get (me, "status-text", &status_text, NULL);
  guiche_json_writer_begin_object (writer);
  write_if_changed (writer, "name", guiche_person_get_name (me), self->name);
  write_if_changed (writer, "status_text", status_text, self->status_text);
  if (!is_empty (self->new_password)) {
    guiche_json_writer_member_string (writer, "current_password",
                                      gtk_editable_get_text (self->old_password));
    guiche_json_writer_member_string (writer, "new_password",
                                      gtk_editable_get_text (self->new_password));
  }
  guiche_json_writer_end_object (writer);
  return guiche_json_writer_steal (writer, NULL);
}

static void
on_saved (GObject *desk, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheProfileDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (guiche_desk_action_finish (GUICHE_DESK (desk), result, NULL, &error)) {
    gtk_window_close (GTK_WINDOW (self));
    return;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_set_sensitive (self->save, TRUE);
  guiche_toast_show_error (GTK_WIDGET (self), error);
}

static void
apply_presence (GuicheProfileDialog *self)
{
  GuichePerson *me = guiche_desk_get_me (self->desk);
  guint selected = adw_combo_row_get_selected (self->presence);

  if (selected < G_N_ELEMENTS (presences) &&
      g_strcmp0 (presences[selected], guiche_person_get_presence (me)) != 0)
    guiche_desk_set_presence (self->desk, presences[selected]);
}

static void
on_save_clicked_cb (GuicheProfileDialog *self)
{
  g_autofree char *changes = dup_changes (self);

  apply_presence (self);
  if (g_str_equal (changes, "{}")) {
    gtk_window_close (GTK_WINDOW (self));
    return;
  }
  gtk_widget_set_sensitive (self->save, FALSE);
  guiche_desk_update_me_async (self->desk, changes, self->saving, on_saved, g_object_ref (self));
}

static void
guiche_profile_dialog_dispose (GObject *object)
{
  GuicheProfileDialog *self = GUICHE_PROFILE_DIALOG (object);

  g_cancellable_cancel (self->saving);
  g_clear_object (&self->saving);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (guiche_profile_dialog_parent_class)->dispose (object);
}

static void
guiche_profile_dialog_class_init (GuicheProfileDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_profile_dialog_dispose;
  g_type_ensure (GUICHE_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/guiche/Guiche/settings/profile-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheProfileDialog, avatar);
  gtk_widget_class_bind_template_child (widget_class, GuicheProfileDialog, save);
  gtk_widget_class_bind_template_child (widget_class, GuicheProfileDialog, name);
  gtk_widget_class_bind_template_child (widget_class, GuicheProfileDialog, status_text);
  gtk_widget_class_bind_template_child (widget_class, GuicheProfileDialog, presence);
  gtk_widget_class_bind_template_child (widget_class, GuicheProfileDialog, old_password);
  gtk_widget_class_bind_template_child (widget_class, GuicheProfileDialog, new_password);
  gtk_widget_class_bind_template_child (widget_class, GuicheProfileDialog, again);
  gtk_widget_class_bind_template_child (widget_class, GuicheProfileDialog, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked_cb);
}

static void
guiche_profile_dialog_init (GuicheProfileDialog *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (presences); i++)
    gtk_string_list_append (labels, guiche_presence_label (presences[i]));
  adw_combo_row_set_model (self->presence, G_LIST_MODEL (labels));
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->status_text));
  self->saving = g_cancellable_new ();
}

GtkWidget *
guiche_profile_dialog_new (GuicheDesk *desk)
{
  GuicheProfileDialog *self = g_object_new (GUICHE_TYPE_PROFILE_DIALOG, NULL);
  GuichePerson *me = guiche_desk_get_me (desk);
  g_autofree char *status_text = NULL;

  self->desk = g_object_ref (desk);
  g_object_get (me, "status-text", &status_text, NULL);
  gtk_editable_set_text (self->name, guiche_person_get_name (me));
  gtk_editable_set_text (self->status_text, status_text != NULL ? status_text : "");
  for (guint i = 0; i < G_N_ELEMENTS (presences); i++) {
    if (g_strcmp0 (presences[i], guiche_person_get_presence (me)) == 0)
      adw_combo_row_set_selected (self->presence, i);
  }
  return GTK_WIDGET (self);
}
