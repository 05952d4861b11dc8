/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "shell/about.h"

#include <adwaita.h>
#include <glib/gi18n.h>

void
guiche_about_present (GtkWindow *parent)
{
  GtkWidget *about = adw_about_window_new ();

  g_object_set (about, "application-icon", GUICHE_APPLICATION_ID, "application-name", "Guichê",
                "version", GUICHE_VERSION, "developer-name",
                _ ("The Guichê contributors"), "comments",
                   _ ("The service desk of a company in one application."), "license-type",
                      GTK_LICENSE_GPL_3_0,
                      /* Translators: your names, one a line */
                      "translator-credits",
                      _ ("translator-credits"), "transient-for", parent, "modal", parent != NULL,
                         NULL);
  gtk_window_present (GTK_WINDOW (about));
}
