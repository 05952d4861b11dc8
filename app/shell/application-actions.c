/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings/preferences-window.h"
#include "settings/profile-dialog.h"
#include "shell/about.h"
#include "shell/application-private.h"
#include "widgets/dialog.h"
#include "widgets/preferences.h"

#include <glib/gi18n.h>

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GuicheApplication *self = user_data;

  guiche_application_drop_desk (self);
  g_application_quit (G_APPLICATION (self));
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  guiche_about_present (gtk_application_get_active_window (user_data));
}

static void
on_preferences (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GuicheApplication *self = user_data;
  GuicheWindow *window = guiche_application_ensure_window (self);
  GtkWidget *preferences = guiche_preferences_window_new ();

  guiche_dialog_present (GTK_WINDOW (preferences), GTK_WIDGET (window));
}

static void
on_profile (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GuicheApplication *self = user_data;
  GuicheWindow *window = guiche_application_ensure_window (self);
  GtkWidget *dialog = guiche_profile_dialog_new (self->desk);

  guiche_dialog_present (GTK_WINDOW (dialog), GTK_WIDGET (window));
}

static void
on_sign_out (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  guiche_application_sign_out (user_data);
}

static void
on_presence (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GuicheApplication *self = user_data;

  guiche_desk_set_presence (self->desk, g_variant_get_string (parameter, NULL));
  g_simple_action_set_state (action, parameter);
}

static void
open_conversation (GuicheApplication *self, GVariant *id, gboolean focus_composer)
{
  GuicheWindow *window = guiche_application_ensure_window (self);

  guiche_window_open_conversation (window, g_variant_get_string (id, NULL), 0, focus_composer);
  gtk_window_present (GTK_WINDOW (window));
}

static void
on_open_conversation (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  open_conversation (user_data, parameter, FALSE);
}

static void
on_reply_to_conversation (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  open_conversation (user_data, parameter, TRUE);
}

static const GActionEntry entries[] = {
  { "quit", on_quit },
  { "about", on_about },
  { "preferences", on_preferences },
  { "profile", on_profile },
  { "sign-out", on_sign_out },
  { "presence", on_presence, "s", "'offline'" },
  { "open-conversation", on_open_conversation, "s" },
  { "reply-to-conversation", on_reply_to_conversation, "s" },
};

/* Those that need somebody signed in. */
static const char *const desk_actions[] = {
  "profile", "sign-out", "presence", "open-conversation", "reply-to-conversation",
};

void
guiche_application_add_actions (GuicheApplication *self)
{
  g_autoptr (GSettings) notifications = guiche_preferences_new ("Notifications");
  g_autoptr (GAction) do_not_disturb = g_settings_create_action (notifications, "do-not-disturb");

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_action_map_add_action (G_ACTION_MAP (self), do_not_disturb);
  guiche_application_update_actions (self);
}

static void
update_presence (GuicheApplication *self)
{
  GuichePerson *me = guiche_desk_get_me (self->desk);
  GAction *presence = g_action_map_lookup_action (G_ACTION_MAP (self), "presence");

  if (me != NULL)
    g_simple_action_set_state (G_SIMPLE_ACTION (presence),
                               g_variant_new_string (guiche_person_get_presence (me)));
}

static void
on_me_changed (GuicheApplication *self)
{
  GuichePerson *me = guiche_desk_get_me (self->desk);

  if (me != NULL)
    g_signal_connect_object (me, "notify::presence", G_CALLBACK (update_presence), self,
                             G_CONNECT_SWAPPED);
  update_presence (self);
}

void
guiche_application_update_actions (GuicheApplication *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (desk_actions); i++) {
    GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), desk_actions[i]);

    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), self->desk != NULL);
  }
  if (self->desk == NULL)
    return;

  g_signal_connect_object (self->desk, "notify::me", G_CALLBACK (on_me_changed), self,
                           G_CONNECT_SWAPPED);
  on_me_changed (self);
}
