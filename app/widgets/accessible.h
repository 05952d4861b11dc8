/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* GTK 4.8 reads a button with a mnemonic out twice, underscore and all ("_Cancel Cancel"). This
 * leaves the text of its label, for every such button in @root. */
void guiche_accessible_clean_buttons (GtkWidget *root);

G_END_DECLS
