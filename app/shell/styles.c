/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/styles.h"

#include <gtk/gtk.h>

static const char *const rooms[] = {
  "widgets", "audio", "chat", "customers", "inbox", "search", "settings", "shell",
};

void
guiche_styles_load (void)
{
  GdkDisplay *display = gdk_display_get_default ();

  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++) {
    g_autofree char *path = g_strdup_printf ("/io/github/guiche/Guiche/%s/style.css", rooms[i]);
    g_autoptr (GtkCssProvider) provider = NULL;

    if (!g_resources_get_info (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL, NULL, NULL))
      continue;
    provider = gtk_css_provider_new ();
    gtk_css_provider_load_from_resource (provider, path);
    gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                                GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  }
}
