/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/suggestions.h"

#include "base/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_SHOWN 8

struct _GuicheSuggestions {
  GtkPopover parent_instance;
  GtkListBox *list;
  GPtrArray *shown; /* (owned) (element-type GObject): in the order of the rows */
};

G_DEFINE_FINAL_TYPE (GuicheSuggestions, guiche_suggestions, GTK_TYPE_POPOVER)

static guint chosen_signal;

static void
choose (GuicheSuggestions *self, int index)
{
  g_autoptr (GObject) item = NULL;

  if (index < 0 || (guint) index >= self->shown->len)
    return;
  item = g_object_ref (self->shown->pdata[index]);
  guiche_suggestions_close (self);
  g_signal_emit (self, chosen_signal, 0, item);
}

static void
on_row_activated (GuicheSuggestions *self, GtkListBoxRow *row)
{
  choose (self, gtk_list_box_row_get_index (row));
}

static void
move (GuicheSuggestions *self, int by)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  int n = (int) self->shown->len;
  int index = row ? gtk_list_box_row_get_index (row) : -1;

  row = gtk_list_box_get_row_at_index (self->list, (index + by + n) % n);
  gtk_list_box_select_row (self->list, row);
}

static GtkWidget *
make_row (const char *title, const char *detail)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *title_label = gtk_label_new (title);
  GtkWidget *detail_label = gtk_label_new (detail);
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_label_set_xalign (GTK_LABEL (title_label), 0);
  gtk_label_set_xalign (GTK_LABEL (detail_label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title_label), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize (GTK_LABEL (detail_label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (detail_label), 36);
  gtk_widget_add_css_class (detail_label, "caption");
  gtk_widget_add_css_class (detail_label, "dim-label");
  gtk_box_append (GTK_BOX (box), title_label);
  gtk_box_append (GTK_BOX (box), detail_label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_focusable (row, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return row;
}

static char *
dup_text (GObject *item, const char *property)
{
  char *text = NULL;

  g_object_get (item, property, &text, NULL);
  return text ? text : g_strdup ("");
}

static void
offer_item (GuicheSuggestions *self,
            GObject *item,
            const GuicheSuggestionKind *kind,
            const char *word)
{
  g_autofree char *title = dup_text (item, kind->title_property);
  g_autofree char *detail = dup_text (item, kind->detail_property);
  g_autofree char *key = dup_text (item, kind->key_property);
  g_autofree char *folded_title = guiche_text_fold (title);
  g_autofree char *folded_key = guiche_text_fold (key);
  g_autofree char *line = NULL;

  if (!g_str_has_prefix (folded_key, word) && !strstr (folded_title, word))
    return;
  g_ptr_array_add (self->shown, g_object_ref (item));
  line = guiche_text_one_line (detail, 120);
  gtk_list_box_append (self->list, make_row (title, line));
}

static void
guiche_suggestions_dispose (GObject *object)
{
  g_clear_pointer (&GUICHE_SUGGESTIONS (object)->shown, g_ptr_array_unref);
  G_OBJECT_CLASS (guiche_suggestions_parent_class)->dispose (object);
}

static void
guiche_suggestions_class_init (GuicheSuggestionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guiche_suggestions_dispose;
  chosen_signal = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_OBJECT);
}

static void
guiche_suggestions_init (GuicheSuggestions *self)
{
  self->shown = g_ptr_array_new_with_free_func (g_object_unref);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_BROWSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Suggestions"), -1);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (on_row_activated), self);
  gtk_popover_set_child (GTK_POPOVER (self), GTK_WIDGET (self->list));
  gtk_popover_set_autohide (GTK_POPOVER (self), FALSE);
  gtk_popover_set_has_arrow (GTK_POPOVER (self), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self), GTK_POS_TOP);
  gtk_widget_add_css_class (GTK_WIDGET (self), "suggestions");
  gtk_widget_set_can_focus (GTK_WIDGET (self), FALSE);
}

GtkWidget *
guiche_suggestions_new (void)
{
  return g_object_new (GUICHE_TYPE_SUGGESTIONS, NULL);
}

void
guiche_suggestions_offer (GuicheSuggestions *self,
                          GListModel *items,
                          const GuicheSuggestionKind *kind,
                          const char *word)
{
  g_autofree char *folded = guiche_text_fold (word);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)))
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  g_ptr_array_set_size (self->shown, 0);
  for (guint i = 0; i < g_list_model_get_n_items (items) && self->shown->len < MAX_SHOWN; i++) {
    g_autoptr (GObject) item = g_list_model_get_item (items, i);

    offer_item (self, item, kind, folded);
  }
  if (self->shown->len == 0) {
    guiche_suggestions_close (self);
    return;
  }
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
  gtk_popover_popup (GTK_POPOVER (self));
}

gboolean
guiche_suggestions_handle_key (GuicheSuggestions *self, guint keyval)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (!guiche_suggestions_is_open (self))
    return FALSE;
  switch (keyval) {
  case GDK_KEY_Up:
    move (self, -1);
    return TRUE;
  case GDK_KEY_Down:
    move (self, 1);
    return TRUE;
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
  case GDK_KEY_Tab:
    choose (self, row ? gtk_list_box_row_get_index (row) : -1);
    return TRUE;
  case GDK_KEY_Escape:
    guiche_suggestions_close (self);
    return TRUE;
  default:
    return FALSE;
  }
}

gboolean
guiche_suggestions_is_open (GuicheSuggestions *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self));
}

void
guiche_suggestions_close (GuicheSuggestions *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
}
