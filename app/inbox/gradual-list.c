/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/gradual-list.h"

/* More than a tall window shows of them. */
#define FIRST_ROWS 20
#define ROWS_A_FRAME 12
/* Beyond this a list view makes no more rows. */
#define ENOUGH_ROWS 260

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  GtkSliceListModel *list = user_data;
  guint size = gtk_slice_list_model_get_size (list);

  if (size == G_MAXUINT)
    return G_SOURCE_REMOVE;
  if (size >= ENOUGH_ROWS ||
      size > g_list_model_get_n_items (gtk_slice_list_model_get_model (list))) {
    guiche_gradual_list_complete (list);
    return G_SOURCE_REMOVE;
  }

  gtk_slice_list_model_set_size (list, size + ROWS_A_FRAME);
  return G_SOURCE_CONTINUE;
}

GtkSliceListModel *
guiche_gradual_list_new (GListModel *model, GtkWidget *widget)
{
  GtkSliceListModel *list = gtk_slice_list_model_new (g_object_ref (model), 0, FIRST_ROWS);

  gtk_widget_add_tick_callback (widget, on_tick, g_object_ref (list), g_object_unref);
  return list;
}

void
guiche_gradual_list_complete (GtkSliceListModel *list)
{
  gtk_slice_list_model_set_size (list, G_MAXUINT);
}
