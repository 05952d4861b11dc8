/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/message-menu.h"

#include "chat/message-actions.h"
#include "chat/message-text.h"
#include "chat/message-view-private.h"

#include <glib/gi18n.h>

#define MAX_LINKS_SHOWN 5

/* --- the menu and links
 * -------------------------------------------------------------------------------- */

/* (nullable) */
static GuicheMessageRow *
row_at (GuicheMessageView *self, double x, double y)
{
  GtkWidget *widget = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  GtkWidget *row = widget ? gtk_widget_get_ancestor (widget, GUICHE_TYPE_MESSAGE_ROW) : NULL;

  return row ? GUICHE_MESSAGE_ROW (row) : NULL;
}

/* (nullable) (transfer full) */
static char *
link_at (GuicheMessageView *self, double x, double y)
{
  GuicheMessageRow *row = row_at (self, x, y);
  double row_x, row_y;

  if (!row ||
      !gtk_widget_translate_coordinates (GTK_WIDGET (self), GTK_WIDGET (row), x, y, &row_x, &row_y))
    return NULL;
  return guiche_message_row_link_at (row, row_x, row_y);
}

static void
add_link_item (GMenu *menu, const char *label, const char *action, const char *uri)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", uri);
  g_menu_append_item (menu, item);
}

/* The message's menu with its links before it: the keyboard's way to them. */
static GMenuModel *
make_menu (GuicheMessageView *self)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) section = g_menu_new ();
  g_autoptr (GPtrArray) links = NULL;
  g_autofree char *body = NULL;

  g_object_get (self->menu_message, "body", &body, NULL);
  links = body ? guiche_message_find_links (body) : NULL;
  for (guint i = 0; links && i < MIN (links->len, MAX_LINKS_SHOWN); i++) {
    GuicheLink *link = links->pdata[i];
    g_autofree char *label = g_strdup_printf (_ ("Open %s"), link->host);

    add_link_item (section, label, "message.open-link", link->uri);
  }
  if (self->menu_link)
    add_link_item (section, _ ("Copy the Address"), "message.copy-link", self->menu_link);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  g_menu_append_section (menu, NULL, self->message_menu);
  return G_MENU_MODEL (menu);
}

static void
open_menu (GuicheMessageView *self, GuicheMessageRow *row, const GdkRectangle *at)
{
  g_autoptr (GMenuModel) menu = NULL;

  if (!guiche_message_row_get_message (row))
    return;
  g_set_object (&self->menu_message, guiche_message_row_get_message (row));
  g_set_weak_pointer (&self->menu_row, row);
  guiche_message_actions_update (self);
  menu = make_menu (self);
  if (!self->popover) {
    self->popover = gtk_popover_menu_new_from_model (NULL);
    gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
    gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
    gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  }
  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->popover), menu);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), at);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
on_secondary_pressed (GuicheMessageView *self, int n_press, double x, double y, GtkGesture *gesture)
{
  GuicheMessageRow *row = row_at (self, x, y);

  if (!row)
    return;
  g_free (self->menu_link);
  self->menu_link = link_at (self, x, y);
  open_menu (self, row, &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
on_released (GuicheMessageView *self, int n_press, double x, double y)
{
  g_autofree char *uri = n_press == 1 ? link_at (self, x, y) : NULL;
  GuicheMessageRow *row = uri ? row_at (self, x, y) : NULL;
  g_autofree char *selection = row ? guiche_message_row_dup_selection (row) : NULL;

  if (uri && (!selection || !*selection))
    gtk_widget_activate_action (GTK_WIDGET (self), "message.open-link", "s", uri);
}

static void
on_motion (GuicheMessageView *self, double x, double y)
{
  g_autofree char *uri = link_at (self, x, y);
  GuicheMessageRow *row = row_at (self, x, y);

  if (row)
    gtk_widget_set_cursor_from_name (GTK_WIDGET (row), uri ? "pointer" : NULL);
}

/* Says where a link really leads. */
static gboolean
on_query_tooltip (GuicheMessageView *self, int x, int y, gboolean is_keyboard, GtkTooltip *tooltip)
{
  g_autofree char *uri = is_keyboard ? NULL : link_at (self, x, y);
  g_autoptr (GPtrArray) links = uri ? guiche_message_find_links (uri) : NULL;

  if (!links)
    return FALSE;
  gtk_tooltip_set_text (tooltip, ((GuicheLink *) links->pdata[0])->host);
  return TRUE;
}

static gboolean
menu_shortcut_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  GuicheMessageView *self = GUICHE_MESSAGE_VIEW (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  GtkWidget *row = focus ? gtk_widget_get_ancestor (focus, GUICHE_TYPE_MESSAGE_ROW) : NULL;
  graphene_rect_t bounds;

  if (!row && focus && gtk_widget_is_ancestor (focus, widget)) /* the list item itself */
    row = gtk_widget_get_first_child (focus);
  if (!GUICHE_IS_MESSAGE_ROW (row) || !gtk_widget_compute_bounds (row, widget, &bounds))
    return FALSE;
  g_clear_pointer (&self->menu_link, g_free);
  open_menu (self, GUICHE_MESSAGE_ROW (row),
             &(GdkRectangle){ (int) (bounds.origin.x + bounds.size.width / 2),
                              (int) (bounds.origin.y + bounds.size.height / 2), 1, 1 });
  return TRUE;
}

void
guiche_message_menu_add_controllers (GuicheMessageView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *secondary = gtk_gesture_click_new ();
  GtkGesture *primary = gtk_gesture_click_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (secondary), GTK_PHASE_CAPTURE);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (primary), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (secondary, "pressed", G_CALLBACK (on_secondary_pressed), self);
  g_signal_connect_swapped (primary, "released", G_CALLBACK (on_released), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (secondary));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (primary));
  gtk_widget_add_controller (widget, motion);
  gtk_widget_set_has_tooltip (widget, TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
}

void
guiche_message_menu_add_bindings (GtkWidgetClass *widget_class)
{
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_shortcut_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_shortcut_cb, NULL);
}
