/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheWindow:
 *
 * The main window: the working view of a desk, or the welcome page while nobody is signed in. Its
 * actions `win.*` act on what it shows.
 *
 * Property: `conversation` (GuicheConversation, nullable: the one shown; notify).
 */
#define GUICHE_TYPE_WINDOW (guiche_window_get_type ())
G_DECLARE_FINAL_TYPE (GuicheWindow, guiche_window, GUICHE, WINDOW, AdwApplicationWindow)

GuicheWindow *guiche_window_new (GtkApplication *application);
/* Shows the working view of @desk; NULL takes it away (the welcome page comes next). */
void guiche_window_set_desk (GuicheWindow *self, GuicheDesk *desk);
GuicheDesk *guiche_window_get_desk (GuicheWindow *self); /* (nullable) */
/* Shows @page (a GuicheWelcomePage) instead of the desk. */
void guiche_window_set_welcome (GuicheWindow *self, GtkWidget *page);
GuicheConversation *guiche_window_get_conversation (GuicheWindow *self); /* (nullable) */
void guiche_window_open_conversation (GuicheWindow *self,
                                      const char *id,
                                      gint64 seq,
                                      gboolean focus_composer);

G_END_DECLS
