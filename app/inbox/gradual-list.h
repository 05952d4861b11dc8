/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A GtkListView makes and measures about 200 rows at once, most of them out of sight: too long for
 * one frame. This shows the first rows of
 * @model at once and the rest, some with each frame of @widget, until all are there. (transfer
 * full) */
GtkSliceListModel *guiche_gradual_list_new (GListModel *model, GtkWidget *widget);
/* Everything now: for who looks for an item. */
void guiche_gradual_list_complete (GtkSliceListModel *list);

G_END_DECLS
