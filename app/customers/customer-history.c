/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "customers/customer-history.h"

#include <gtk/gtk.h>

#define HISTORY_LENGTH 10

typedef struct {
  GuicheCustomer *customer;    /* (owned) */
  GuicheConversation *present; /* (owned) (nullable) */
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_clear_object (&wanted->customer);
  g_clear_object (&wanted->present);
  g_free (wanted);
}

static gboolean
is_wanted (gpointer item, gpointer user_data)
{
  const Wanted *wanted = user_data;

  return guiche_conversation_get_customer (item) == wanted->customer && item != wanted->present;
}

GListModel *
guiche_customer_history_new (GuicheDesk *desk,
                             GuicheCustomer *customer,
                             GuicheConversation *present)
{
  GListModel *closed = g_object_ref (guiche_desk_get_view (desk, GUICHE_VIEW_CLOSED));
  Wanted *wanted = g_new (Wanted, 1);
  GtkFilterListModel *theirs;

  *wanted = (Wanted){ g_object_ref (customer), present != NULL ? g_object_ref (present) : NULL };
  theirs = gtk_filter_list_model_new (
      closed, GTK_FILTER (gtk_custom_filter_new (is_wanted, wanted, wanted_free)));
  gtk_filter_list_model_set_incremental (theirs, TRUE);
  return G_LIST_MODEL (gtk_slice_list_model_new (G_LIST_MODEL (theirs), 0, HISTORY_LENGTH));
}
