/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings/microphone-choice.h"

#include "audio/microphones.h"

#include <glib/gi18n.h>

typedef struct {
  GWeakRef row;
  GSettings *settings; /* (owned) */
  GPtrArray
      *names; /* (owned) (element-type utf8): as the settings keep them, in the order of the row */
} Choice;

static void
choice_free (gpointer data, GClosure *closure)
{
  Choice *choice = data;

  g_weak_ref_clear (&choice->row);
  g_clear_object (&choice->settings);
  g_ptr_array_unref (choice->names);
  g_free (choice);
}

static void
on_selected (AdwComboRow *row, GParamSpec *pspec, Choice *choice)
{
  guint selected = adw_combo_row_get_selected (row);

  if (selected < choice->names->len)
    g_settings_set_string (choice->settings, "microphone",
                           g_ptr_array_index (choice->names, selected));
}

static void
add (Choice *choice, GtkStringList *labels, const char *name, const char *label)
{
  g_ptr_array_add (choice->names, g_strdup (name));
  gtk_string_list_append (labels, label);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Choice *choice = user_data;
  g_autoptr (AdwComboRow) row = g_weak_ref_get (&choice->row);
  g_autoptr (GPtrArray) microphones = guiche_microphones_list_finish (result, NULL);
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  g_autofree char *wanted = NULL;
  guint selected = 0;

  if (row == NULL) {
    choice_free (choice, NULL);
    return;
  }

  wanted = g_settings_get_string (choice->settings, "microphone");
  add (choice, labels, "", _ ("As the system says"));
  for (guint i = 0; microphones != NULL && i < microphones->len; i++) {
    const GuicheMicrophone *microphone = g_ptr_array_index (microphones, i);

    add (choice, labels, microphone->name, microphone->label);
    if (g_str_equal (microphone->name, wanted))
      selected = choice->names->len - 1;
  }
  if (selected == 0 && *wanted != '\0') {
    add (choice, labels, wanted, _ ("The one chosen before (not connected)"));
    selected = choice->names->len - 1;
  }
  adw_combo_row_set_model (row, G_LIST_MODEL (labels));
  adw_combo_row_set_selected (row, selected);
  g_signal_connect_data (row, "notify::selected", G_CALLBACK (on_selected), choice, choice_free, 0);
}

void
guiche_microphone_choice_attach (AdwComboRow *row, GSettings *settings)
{
  Choice *choice = g_new0 (Choice, 1);

  g_weak_ref_init (&choice->row, row);
  choice->settings = g_object_ref (settings);
  choice->names = g_ptr_array_new_with_free_func (g_free);
  guiche_microphones_list_async (NULL, on_listed, choice);
}
