/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheAccelerator:
 *
 * One row of the one table of keys: the shortcuts window is built from it, and the application
 * binds it.
 */
typedef struct {
  const char *action;    /* detailed action name */
  const char *accels[3]; /* null-terminated */
  const char *title;     /* untranslated */
  const char *group;     /* untranslated */
} GuicheAccelerator;

/* The shell's own rows and those of the conversation view. (transfer full) (element-type
 * GuicheAccelerator) */
GArray *guiche_accelerators_list (void);
void guiche_accelerators_bind (GtkApplication *application);
/* (transfer full) (floating): the shortcuts window, from the table. */
GtkShortcutsWindow *guiche_accelerators_window_new (void);

G_END_DECLS
