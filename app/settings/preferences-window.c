/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings/preferences-window.h"

#include "settings/channel-switches.h"
#include "settings/microphone-choice.h"
#include "settings/time-button.h"
#include "widgets/preferences.h"

struct _GuichePreferencesWindow {
  AdwPreferencesWindow parent_instance;

  AdwComboRow *color_scheme, *microphone, *playback_rate;
  GtkSwitch *enter_sends, *run_in_background;
  GtkSpinButton *undo_seconds;
  GtkSwitch *do_not_disturb, *new_conversations, *messages, *mentions, *failures;
  GtkSwitch *show_content, *sound;
  AdwExpanderRow *quiet_hours;
  GuicheTimeButton *quiet_from, *quiet_to;
  AdwPreferencesGroup *channels;

  GSettings *general, *chat, *notifications; /* (owned) */
};

G_DEFINE_FINAL_TYPE (GuichePreferencesWindow,
                     guiche_preferences_window,
                     ADW_TYPE_PREFERENCES_WINDOW)

static const double playback_rates[] = { 1.0, 1.5, 2.0 };

static gboolean
rate_to_selected (GValue *value, GVariant *variant, gpointer user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (playback_rates); i++) {
    if (g_variant_get_double (variant) <= playback_rates[i]) {
      g_value_set_uint (value, i);
      return TRUE;
    }
  }
  return FALSE;
}

static GVariant *
selected_to_rate (const GValue *value, const GVariantType *type, gpointer user_data)
{
  guint selected = MIN (g_value_get_uint (value), G_N_ELEMENTS (playback_rates) - 1);

  return g_variant_new_double (playback_rates[selected]);
}

static const char *const color_schemes[] = { "follow", "light", "dark" };

static gboolean
scheme_to_selected (GValue *value, GVariant *variant, gpointer user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (color_schemes); i++) {
    if (g_str_equal (g_variant_get_string (variant, NULL), color_schemes[i])) {
      g_value_set_uint (value, i);
      return TRUE;
    }
  }
  return FALSE;
}

static GVariant *
selected_to_scheme (const GValue *value, const GVariantType *type, gpointer user_data)
{
  guint selected = MIN (g_value_get_uint (value), G_N_ELEMENTS (color_schemes) - 1);

  return g_variant_new_string (color_schemes[selected]);
}

static void
guiche_preferences_window_dispose (GObject *object)
{
  GuichePreferencesWindow *self = GUICHE_PREFERENCES_WINDOW (object);

  g_clear_object (&self->general);
  g_clear_object (&self->chat);
  g_clear_object (&self->notifications);
  G_OBJECT_CLASS (guiche_preferences_window_parent_class)->dispose (object);
}

static void
bind_template_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, color_scheme);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, microphone);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, playback_rate);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, enter_sends);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, run_in_background);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, undo_seconds);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, do_not_disturb);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, new_conversations);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, messages);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, mentions);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, failures);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, show_content);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, sound);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, quiet_hours);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, quiet_from);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, quiet_to);
  gtk_widget_class_bind_template_child (widget_class, GuichePreferencesWindow, channels);
}

static void
guiche_preferences_window_class_init (GuichePreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_preferences_window_dispose;
  g_type_ensure (GUICHE_TYPE_TIME_BUTTON);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/guiche/Guiche/settings/preferences-window.ui");
  bind_template_children (widget_class);
}

static void
bind_general (GuichePreferencesWindow *self)
{
  g_settings_bind_with_mapping (self->general, "color-scheme", self->color_scheme, "selected",
                                G_SETTINGS_BIND_DEFAULT, scheme_to_selected, selected_to_scheme,
                                NULL, NULL);
  g_settings_bind (self->general, "run-in-background", self->run_in_background, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->chat, "enter-sends", self->enter_sends, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->chat, "undo-send-seconds", self->undo_seconds, "value",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_with_mapping (self->chat, "playback-rate", self->playback_rate, "selected",
                                G_SETTINGS_BIND_DEFAULT, rate_to_selected, selected_to_rate, NULL,
                                NULL);
  guiche_microphone_choice_attach (self->microphone, self->chat);
}

static void
bind_notifications (GuichePreferencesWindow *self)
{
  const struct {
    const char *key;
    gpointer widget;
    const char *property;
  } bindings[] = {
    { "do-not-disturb", self->do_not_disturb, "active" },
    { "new-conversations", self->new_conversations, "active" },
    { "messages", self->messages, "active" },
    { "mentions", self->mentions, "active" },
    { "failures", self->failures, "active" },
    { "show-content", self->show_content, "active" },
    { "sound", self->sound, "active" },
    { "quiet-hours", self->quiet_hours, "enable-expansion" },
    { "quiet-hours-from", self->quiet_from, "minutes" },
    { "quiet-hours-to", self->quiet_to, "minutes" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bindings); i++)
    g_settings_bind (self->notifications, bindings[i].key, bindings[i].widget, bindings[i].property,
                     G_SETTINGS_BIND_DEFAULT);
  guiche_channel_switches_add (self->channels, self->notifications);
}

static void
guiche_preferences_window_init (GuichePreferencesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->general = guiche_preferences_new (NULL);
  self->chat = guiche_preferences_new ("Chat");
  self->notifications = guiche_preferences_new ("Notifications");
  bind_general (self);
  bind_notifications (self);
}

GtkWidget *
guiche_preferences_window_new (void)
{
  return g_object_new (GUICHE_TYPE_PREFERENCES_WINDOW, NULL);
}
