/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings/channel-switches.h"

#include <glib/gi18n.h>

static const struct {
  const char *channel, *title, *subtitle;
} channels[] = {
  { "webchat", N_ ("Web Chat"), N_ ("Customers on the company's chat page") },
    { "dummy", N_ ("Simulated Customers"), N_ ("Those of the sample company") },
      { "channel",
        N_ ("Internal Channels"), N_ ("Conversations among colleagues about a subject") },
        { "direct", N_ ("Direct Conversations"), N_ ("A colleague who writes to me") },
        };

static gboolean
muted_to_active (GValue *value, GVariant *variant, gpointer channel)
{
  g_autofree const char **muted = g_variant_get_strv (variant, NULL);

  g_value_set_boolean (value, !g_strv_contains (muted, channel));
  return TRUE;
}

/* What the row does to the list of all: bound settings cannot see the other entries, so the switch
 * writes itself. */
static void
on_switch_changed (GtkSwitch *toggle, GParamSpec *pspec, GSettings *settings)
{
  const char *channel = gtk_widget_get_name (GTK_WIDGET (toggle));
  g_auto (GStrv) muted = g_settings_get_strv (settings, "muted-channels");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) wanted = NULL;

  for (guint i = 0; muted[i] != NULL; i++) {
    if (!g_str_equal (muted[i], channel))
      g_strv_builder_add (builder, muted[i]);
  }
  if (!gtk_switch_get_active (toggle))
    g_strv_builder_add (builder, channel);
  wanted = g_strv_builder_end (builder);
  if (!g_strv_equal ((const char *const *) wanted, (const char *const *) muted))
    g_settings_set_strv (settings, "muted-channels", (const char *const *) wanted);
}

void
guiche_channel_switches_add (AdwPreferencesGroup *group, GSettings *settings)
{
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++) {
    GtkWidget *row = adw_action_row_new ();
    GtkWidget *toggle = gtk_switch_new ();

    gtk_widget_set_name (toggle, channels[i].channel);
    gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (channels[i].title));
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ (channels[i].subtitle));
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
    adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
    adw_preferences_group_add (group, row);
    g_settings_bind_with_mapping (settings, "muted-channels", toggle, "active", G_SETTINGS_BIND_GET,
                                  muted_to_active, NULL, (gpointer) channels[i].channel, NULL);
    g_signal_connect_object (toggle, "notify::active", G_CALLBACK (on_switch_changed), settings, 0);
  }
}
