/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "shell/application.h"

#include "shell/accelerators.h"
#include "shell/application-private.h"
#include "shell/background.h"
#include "shell/start-trace.h"
#include "shell/styles.h"
#include "widgets/preferences.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (GuicheApplication, guiche_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "profile", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Open this profile"), N_ ("ID") },
    { "demo", 0, 0, G_OPTION_ARG_NONE, NULL,
      N_ ("Open the sample company on this computer"), NULL },
      { "background", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Start without a window"), NULL },
        { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
          { NULL },
      };

void
guiche_application_update_focused (GuicheApplication *self)
{
  gboolean is_focused = self->window != NULL && gtk_window_is_active (GTK_WINDOW (self->window));

  if (self->notifier != NULL)
    guiche_notifier_set_focused (self->notifier,
                                 is_focused ? guiche_window_get_conversation (self->window) : NULL);
}

static gboolean
on_window_close_request (GuicheApplication *self)
{
  if (self->desk == NULL || !g_settings_get_boolean (self->settings, "run-in-background"))
    return GDK_EVENT_PROPAGATE;

  if (!self->is_held) {
    self->is_held = TRUE;
    g_application_hold (G_APPLICATION (self));
    guiche_background_request (G_APPLICATION (self), _ ("Tells you of new messages."));
  }
  gtk_widget_set_visible (GTK_WIDGET (self->window), FALSE);
  return GDK_EVENT_STOP;
}

GuicheWindow *
guiche_application_ensure_window (GuicheApplication *self)
{
  if (self->window != NULL)
    return self->window;

  self->window = guiche_window_new (GTK_APPLICATION (self));
  guiche_start_trace_attach (GTK_WIDGET (self->window));
  g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
  g_signal_connect_object (self->window, "close-request", G_CALLBACK (on_window_close_request),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "notify::is-active",
                           G_CALLBACK (guiche_application_update_focused), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "notify::conversation",
                           G_CALLBACK (guiche_application_update_focused), self, G_CONNECT_SWAPPED);
  if (self->desk != NULL)
    guiche_window_set_desk (self->window, self->desk);
  return self->window;
}

static void
update_color_scheme (GuicheApplication *self)
{
  /* follow, light, dark: the order of the schema's enumeration */
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT,
                                            ADW_COLOR_SCHEME_FORCE_DARK };
  int choice = g_settings_get_enum (self->settings, "color-scheme");

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[CLAMP (choice, 0, 2)]);
}

static void
guiche_application_startup (GApplication *application)
{
  GuicheApplication *self = GUICHE_APPLICATION (application);

  G_APPLICATION_CLASS (guiche_application_parent_class)->startup (application);
  self->settings = guiche_preferences_new (NULL);
  gtk_window_set_default_icon_name (GUICHE_APPLICATION_ID);
  guiche_styles_load ();
  guiche_accelerators_bind (GTK_APPLICATION (self));
  guiche_application_add_actions (self);
  g_signal_connect_object (self->settings, "changed::color-scheme",
                           G_CALLBACK (update_color_scheme), self, G_CONNECT_SWAPPED);
  update_color_scheme (self);
}

static void
guiche_application_activate (GApplication *application)
{
  GuicheApplication *self = GUICHE_APPLICATION (application);

  if (self->session == NULL && self->window == NULL)
    guiche_application_begin (self);
  gtk_window_present (GTK_WINDOW (guiche_application_ensure_window (self)));
}

static int
guiche_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  GuicheApplication *self = GUICHE_APPLICATION (application);
  GVariantDict *dict = g_application_command_line_get_options_dict (command_line);
  gboolean is_background = g_variant_dict_contains (dict, "background");

  if (self->session == NULL && self->window == NULL) {
    self->is_demo = g_variant_dict_contains (dict, "demo");
    g_variant_dict_lookup (dict, "profile", "s", &self->wanted_profile);
  }
  if (!is_background) {
    g_application_activate (application);
    return 0;
  }
  if (self->session == NULL && self->window == NULL) {
    self->is_held = TRUE;
    g_application_hold (application);
    guiche_application_begin (self);
  }
  return 0;
}

static int
guiche_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  if (!g_variant_dict_contains (dict, "version"))
    return -1;

  g_print ("guiche %s\n", GUICHE_VERSION);
  return 0;
}

static void
guiche_application_shutdown (GApplication *application)
{
  GuicheApplication *self = GUICHE_APPLICATION (application);

  guiche_application_drop_desk (self);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->wanted_profile, g_free);
  G_APPLICATION_CLASS (guiche_application_parent_class)->shutdown (application);
}

static void
guiche_application_class_init (GuicheApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = guiche_application_startup;
  application_class->activate = guiche_application_activate;
  application_class->command_line = guiche_application_command_line;
  application_class->handle_local_options = guiche_application_handle_local_options;
  application_class->shutdown = guiche_application_shutdown;
}

static void
guiche_application_init (GuicheApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), "");
}

GuicheApplication *
guiche_application_new (void)
{
  return g_object_new (GUICHE_TYPE_APPLICATION, "application-id", GUICHE_APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE, "resource-base-path",
                       "/io/github/guiche/Guiche", NULL);
}
