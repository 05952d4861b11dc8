/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/row-menu.h"

#include "inbox/conversation-actions.h"
#include "inbox/conversation-row.h"

struct _GuicheRowMenu {
  GtkWidget *owner;                   /* (not owned) */
  GtkWidget *list;                    /* (not owned) */
  GtkWidget *popover;                 /* (not owned): child of the owner, until freed */
  GMenuModel *model;                  /* (owned) */
  GuicheConversationActions *actions; /* (owned) */
};

static void
popup_at (GuicheRowMenu *self, GtkWidget *row, double x, double y)
{
  GuicheConversation *conversation =
      guiche_conversation_row_get_conversation (GUICHE_CONVERSATION_ROW (row));
  GdkRectangle at = { 0, 0, 1, 1 };
  double owner_x, owner_y;

  if (conversation == NULL ||
      g_strcmp0 (guiche_conversation_get_kind (conversation), "customer") != 0 ||
      !gtk_widget_translate_coordinates (row, self->owner, x, y, &owner_x, &owner_y))
    return;

  if (self->popover == NULL) {
    self->popover = gtk_popover_menu_new_from_model (self->model);
    gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
    gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
    gtk_widget_set_parent (self->popover, self->owner);
  }
  guiche_conversation_actions_set_conversation (self->actions, conversation);
  at.x = owner_x;
  at.y = owner_y;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &at);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
on_row_pressed (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  popup_at (user_data, gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture)), x, y);
}

static void
on_row_long_pressed (GtkGestureLongPress *gesture, double x, double y, gpointer user_data)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  popup_at (user_data, gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture)), x, y);
}

void
guiche_row_menu_add_row (GuicheRowMenu *self, GtkWidget *row)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (on_row_pressed), self);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect (press, "pressed", G_CALLBACK (on_row_long_pressed), self);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (press));
}

static gboolean
on_menu_key (GtkWidget *list, GVariant *args, gpointer user_data)
{
  GtkWidget *focus = gtk_widget_get_focus_child (list);
  GtkWidget *row = focus != NULL ? gtk_widget_get_first_child (focus) : NULL;

  if (!GUICHE_IS_CONVERSATION_ROW (row))
    return FALSE;

  popup_at (user_data, row, gtk_widget_get_width (row) / 2.0, gtk_widget_get_height (row) / 2.0);
  return TRUE;
}

GuicheRowMenu *
guiche_row_menu_new (GuicheDesk *desk, GtkWidget *owner, GtkWidget *list, GMenuModel *model)
{
  GuicheRowMenu *self = g_new0 (GuicheRowMenu, 1);
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  self->owner = owner;
  self->list = list;
  self->model = g_object_ref (model);
  self->actions = guiche_conversation_actions_new (desk, owner);
  gtk_widget_insert_action_group (owner, "row",
                                  guiche_conversation_actions_get_group (self->actions));
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (shortcuts),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Menu|<Shift>F10"),
                        gtk_callback_action_new (on_menu_key, self, NULL)));
  gtk_widget_add_controller (list, shortcuts);
  return self;
}

void
guiche_row_menu_free (GuicheRowMenu *self)
{
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  gtk_widget_insert_action_group (self->owner, "row", NULL);
  g_clear_object (&self->actions);
  g_clear_object (&self->model);
  g_free (self);
}
