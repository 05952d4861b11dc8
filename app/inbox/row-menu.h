/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheRowMenu:
 *
 * The context menu of the list's rows: right click, long press, Menu key or Shift+F10. Its actions
 * (`row.*`) are those of the row it was opened on, which need not be the chosen one.
 */
typedef struct _GuicheRowMenu GuicheRowMenu;

/* @owner gets the actions and outlives the menu; @list is where the keys are pressed. */
GuicheRowMenu *guiche_row_menu_new (GuicheDesk *desk,
                                    GtkWidget *owner,
                                    GtkWidget *list,
                                    GMenuModel *model);
void guiche_row_menu_free (GuicheRowMenu *self);
/* For each row the factory makes. */
void guiche_row_menu_add_row (GuicheRowMenu *self, GtkWidget *row);

G_END_DECLS
