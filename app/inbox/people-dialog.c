/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/people-dialog.h"

#include "base/text.h"
#include "inbox/sidebar-row.h"

struct _GuichePeopleDialog {
  AdwWindow parent_instance;

  GtkEditable *search;
  GtkStack *stack;
  GtkListView *list;

  GtkCustomFilter *filter;       /* (owned) */
  GtkSingleSelection *selection; /* (owned) */
  char *wanted;                  /* (owned): folded */
};

G_DEFINE_FINAL_TYPE (GuichePeopleDialog, guiche_people_dialog, ADW_TYPE_WINDOW)

static guint chosen_signal;

static gboolean
is_wanted (gpointer person, gpointer user_data)
{
  GuichePeopleDialog *self = user_data;
  g_autofree char *name = guiche_text_fold (guiche_person_get_name (person));
  gboolean is_me = FALSE;

  g_object_get (person, "is-me", &is_me, NULL);
  return !is_me && (self->wanted == NULL || strstr (name, self->wanted) != NULL);
}

static void
on_search_changed_cb (GuichePeopleDialog *self)
{
  g_free (self->wanted);
  self->wanted = guiche_text_fold (gtk_editable_get_text (self->search));
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  gtk_stack_set_visible_child_name (
      self->stack,
      g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0 ? "list" : "empty");
}

static void
choose_at (GuichePeopleDialog *self, guint position)
{
  g_autoptr (GuicheSidebarItem) item =
                 g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item == NULL)
    return;
  g_signal_emit (self, chosen_signal, 0, guiche_sidebar_item_get_person (item));
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_search_activate_cb (GuichePeopleDialog *self)
{
  choose_at (self, gtk_single_selection_get_selected (self->selection));
}

static void
on_stop_search_cb (GuichePeopleDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_list_activate_cb (GuichePeopleDialog *self, guint position)
{
  choose_at (self, position);
}

static void
on_factory_setup (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, guiche_sidebar_row_new ());
}

static void
on_factory_bind (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  guiche_sidebar_row_set_item (GUICHE_SIDEBAR_ROW (gtk_list_item_get_child (list_item)),
                               gtk_list_item_get_item (list_item));
}

static void
on_factory_unbind (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  guiche_sidebar_row_set_item (GUICHE_SIDEBAR_ROW (gtk_list_item_get_child (list_item)), NULL);
}

static void
guiche_people_dialog_dispose (GObject *object)
{
  GuichePeopleDialog *self = GUICHE_PEOPLE_DIALOG (object);

  g_clear_object (&self->filter);
  g_clear_object (&self->selection);
  G_OBJECT_CLASS (guiche_people_dialog_parent_class)->dispose (object);
}

static void
guiche_people_dialog_finalize (GObject *object)
{
  g_free (GUICHE_PEOPLE_DIALOG (object)->wanted);
  G_OBJECT_CLASS (guiche_people_dialog_parent_class)->finalize (object);
}

static void
guiche_people_dialog_class_init (GuichePeopleDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_people_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = guiche_people_dialog_finalize;
  chosen_signal = g_signal_new ("chosen", GUICHE_TYPE_PEOPLE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, GUICHE_TYPE_PERSON);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/inbox/people-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, GuichePeopleDialog, search);
  gtk_widget_class_bind_template_child (widget_class, GuichePeopleDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, GuichePeopleDialog, list);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_list_activate_cb);
}

static void
guiche_people_dialog_init (GuichePeopleDialog *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (on_factory_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_factory_bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_factory_unbind), NULL);
  gtk_list_view_set_factory (self->list, factory);
  gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (self->search), GTK_WIDGET (self));
  self->filter = gtk_custom_filter_new (is_wanted, self, NULL);
}

static gpointer
map_person (gpointer person, gpointer unused)
{
  GuicheSidebarItem *item = guiche_sidebar_item_new_person (person);

  g_object_unref (person);
  return item;
}

GtkWidget *
guiche_people_dialog_new (GuicheDesk *desk)
{
  GuichePeopleDialog *self = g_object_new (GUICHE_TYPE_PEOPLE_DIALOG, NULL);
  GListModel *people = g_object_ref (guiche_desk_get_people (desk));
  GtkFilterListModel *wanted =
      gtk_filter_list_model_new (people, g_object_ref (GTK_FILTER (self->filter)));
  GtkMapListModel *items = gtk_map_list_model_new (G_LIST_MODEL (wanted), map_person, NULL, NULL);

  self->selection = gtk_single_selection_new (G_LIST_MODEL (items));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  return GTK_WIDGET (self);
}
