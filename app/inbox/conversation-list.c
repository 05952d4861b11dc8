/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/conversation-list.h"

#include "inbox/conversation-actions.h"
#include "inbox/conversation-row.h"
#include "inbox/gradual-list.h"
#include "inbox/row-menu.h"

#include <glib/gi18n.h>

/* How often the times of the rows are told anew. */
#define REFRESH_SECONDS 30

struct _GuicheConversationList {
  AdwBin parent_instance;

  AdwHeaderBar *header;
  AdwWindowTitle *window_title;
  GtkWidget *back, *new_button;
  GtkStack *stack;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  AdwStatusPage *empty;
  GMenuModel *row_menu;

  GuicheDesk *desk;                 /* (owned) */
  GuicheSidebarItem *item;          /* (owned) (nullable) */
  GtkSingleSelection *selection;    /* (owned) */
  GtkSliceListModel *shown;         /* (owned) (nullable): what the selection is made of */
  GuicheConversation *conversation; /* (owned) (nullable) */
  GuicheRowMenu *menu;              /* (owned) */
  GSignalGroup *item_signals;       /* (owned) */
  guint refresh_id;
};

G_DEFINE_FINAL_TYPE (GuicheConversationList, guiche_conversation_list, ADW_TYPE_BIN)

enum {
  PROP_CONVERSATION = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint activated_signal;

static void
choose (GuicheConversationList *self, GuicheConversation *conversation)
{
  if (g_set_object (&self->conversation, conversation))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

/* What is chosen by the person goes on; what is unchosen because the list changed does not. */
static void
on_selected_item_changed (GuicheConversationList *self)
{
  GuicheConversation *selected = gtk_single_selection_get_selected_item (self->selection);

  if (selected != NULL)
    choose (self, selected);
}

static guint
find_position (GuicheConversationList *self, guint from, guint n)
{
  for (guint i = from; i < from + n; i++) {
    g_autoptr (GuicheConversation) found =
                   g_list_model_get_item (G_LIST_MODEL (self->selection), i);

    if (found == self->conversation)
      return i;
  }
  return GTK_INVALID_LIST_POSITION;
}

static void
show_page (GuicheConversationList *self)
{
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0;

  gtk_stack_set_visible_child_name (self->stack, is_empty ? "empty" : "list");
}

/* A list view keeps its rows in place when others come above them; at the top, what is new has to
 * be seen. */
static void
keep_top (GuicheConversationList *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  if (gtk_adjustment_get_value (adjustment) < 1.0 &&
      g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0);
}

static void
on_items_changed (GuicheConversationList *self, guint position, guint removed, guint added)
{
  show_page (self);
  keep_top (self);
  if (added == 0 || self->conversation == NULL ||
      gtk_single_selection_get_selected (self->selection) != GTK_INVALID_LIST_POSITION)
    return;

  gtk_single_selection_set_selected (self->selection, find_position (self, position, added));
}

static void
on_list_activate_cb (GuicheConversationList *self, guint position)
{
  g_signal_emit (self, activated_signal, 0);
}

static void
load_closed (GuicheConversationList *self)
{
  if (self->item != NULL && g_str_equal (guiche_sidebar_item_get_id (self->item), "closed"))
    guiche_desk_load_closed_async (self->desk, NULL, NULL, NULL);
}

static void
on_edge_reached_cb (GuicheConversationList *self, GtkPositionType position)
{
  if (position == GTK_POS_BOTTOM)
    load_closed (self);
}

static void
on_row_released (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  GtkWidget *self = gtk_widget_get_ancestor (row, GUICHE_TYPE_CONVERSATION_LIST);

  if (self != NULL)
    g_signal_emit (self, activated_signal, 0);
}

static void
on_factory_setup (GuicheConversationList *self, GtkListItem *list_item)
{
  GtkWidget *row = guiche_conversation_row_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect (click, "released", G_CALLBACK (on_row_released), NULL);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  guiche_row_menu_add_row (self->menu, row);
  gtk_list_item_set_child (list_item, row);
}

static void
on_factory_bind (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *row = gtk_list_item_get_child (list_item);

  guiche_conversation_row_set_conversation (GUICHE_CONVERSATION_ROW (row),
                                            gtk_list_item_get_item (list_item));
}

static void
on_factory_unbind (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *row = gtk_list_item_get_child (list_item);

  guiche_conversation_row_set_conversation (GUICHE_CONVERSATION_ROW (row), NULL);
}

static gboolean
on_refresh_timeout (gpointer user_data)
{
  GuicheConversationList *self = user_data;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->list)); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *row = gtk_widget_get_first_child (child);

    if (GUICHE_IS_CONVERSATION_ROW (row))
      guiche_conversation_row_refresh (GUICHE_CONVERSATION_ROW (row));
  }
  return G_SOURCE_CONTINUE;
}

static void
update_title (GuicheConversationList *self)
{
  const char *title = self->item != NULL ? guiche_sidebar_item_get_title (self->item) : "";

  adw_window_title_set_title (self->window_title, title);
}

static void
guiche_conversation_list_map (GtkWidget *widget)
{
  GuicheConversationList *self = GUICHE_CONVERSATION_LIST (widget);

  GTK_WIDGET_CLASS (guiche_conversation_list_parent_class)->map (widget);
  self->refresh_id = g_timeout_add_seconds (REFRESH_SECONDS, on_refresh_timeout, self);
}

static void
guiche_conversation_list_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&GUICHE_CONVERSATION_LIST (widget)->refresh_id, g_source_remove);
  GTK_WIDGET_CLASS (guiche_conversation_list_parent_class)->unmap (widget);
}

static void
guiche_conversation_list_get_property (GObject *object,
                                       guint prop_id,
                                       GValue *value,
                                       GParamSpec *pspec)
{
  g_value_set_object (value, GUICHE_CONVERSATION_LIST (object)->conversation);
}

static void
guiche_conversation_list_dispose (GObject *object)
{
  GuicheConversationList *self = GUICHE_CONVERSATION_LIST (object);

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  g_clear_pointer (&self->menu, guiche_row_menu_free);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->selection);
  g_clear_object (&self->shown);
  g_clear_object (&self->conversation);
  g_clear_object (&self->item);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (guiche_conversation_list_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/guiche/Guiche/inbox/conversation-list.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationList, header);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationList, window_title);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationList, back);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationList, new_button);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationList, stack);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationList, scroller);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationList, list);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationList, empty);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationList, row_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_list_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_edge_reached_cb);
}

static void
guiche_conversation_list_class_init (GuicheConversationListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = guiche_conversation_list_get_property;
  object_class->dispose = guiche_conversation_list_dispose;
  widget_class->map = guiche_conversation_list_map;
  widget_class->unmap = guiche_conversation_list_unmap;
  properties[PROP_CONVERSATION] =
      g_param_spec_object ("conversation", NULL, NULL, GUICHE_TYPE_CONVERSATION,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  activated_signal = g_signal_new ("activated", GUICHE_TYPE_CONVERSATION_LIST, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  bind_template (widget_class);
}

static void
guiche_conversation_list_init (GuicheConversationList *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (factory, "setup", G_CALLBACK (on_factory_setup), self);
  g_signal_connect (factory, "bind", G_CALLBACK (on_factory_bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_factory_unbind), NULL);
  gtk_list_view_set_factory (self->list, factory);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (on_selected_item_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  self->item_signals = g_signal_group_new (GUICHE_TYPE_SIDEBAR_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "notify::title", G_CALLBACK (update_title),
                                  self);
}

GtkWidget *
guiche_conversation_list_new (GuicheDesk *desk)
{
  GuicheConversationList *self = g_object_new (GUICHE_TYPE_CONVERSATION_LIST, NULL);

  self->desk = g_object_ref (desk);
  self->menu =
      guiche_row_menu_new (desk, GTK_WIDGET (self), GTK_WIDGET (self->list), self->row_menu);
  return GTK_WIDGET (self);
}

void
guiche_conversation_list_set_item (GuicheConversationList *self, GuicheSidebarItem *item)
{
  GListModel *conversations = guiche_sidebar_item_get_conversations (item);

  if (!g_set_object (&self->item, item))
    return;

  g_signal_group_set_target (self->item_signals, item);
  gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->shown);
  self->shown = guiche_gradual_list_new (conversations, GTK_WIDGET (self->list));
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->shown));
  gtk_single_selection_set_selected (
      self->selection,
      find_position (self, 0, g_list_model_get_n_items (G_LIST_MODEL (self->shown))));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  adw_status_page_set_icon_name (self->empty, guiche_sidebar_item_get_icon_name (item) != NULL
                                                  ? guiche_sidebar_item_get_icon_name (item)
                                                  : "guiche-queue-symbolic");
  adw_status_page_set_title (self->empty, guiche_sidebar_item_get_empty_title (item));
  adw_status_page_set_description (self->empty, guiche_sidebar_item_get_empty_description (item));
  gtk_widget_set_visible (self->new_button,
                          g_strcmp0 (guiche_sidebar_item_get_id (item), "channels") == 0);
  update_title (self);
  show_page (self);
  load_closed (self);
}

GuicheConversation *
guiche_conversation_list_get_conversation (GuicheConversationList *self)
{
  return self->conversation;
}

void
guiche_conversation_list_set_conversation (GuicheConversationList *self,
                                           GuicheConversation *conversation)
{
  guint position;

  choose (self, conversation);
  if (self->shown != NULL)
    guiche_gradual_list_complete (self->shown);
  position =
      conversation != NULL
          ? find_position (self, 0, g_list_model_get_n_items (G_LIST_MODEL (self->selection)))
          : GTK_INVALID_LIST_POSITION;
  gtk_single_selection_set_selected (self->selection, position);
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
}

void
guiche_conversation_list_step (GuicheConversationList *self, int direction)
{
  guint selected = gtk_single_selection_get_selected (self->selection);
  guint position = 0;
  guint n;

  if (self->shown != NULL)
    guiche_gradual_list_complete (self->shown);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  if (n == 0)
    return;
  if (selected != GTK_INVALID_LIST_POSITION)
    position = (guint) CLAMP ((gint64) selected + direction, 0, (gint64) n - 1);
  gtk_single_selection_set_selected (self->selection, position);
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
}

AdwHeaderBar *
guiche_conversation_list_get_header (GuicheConversationList *self)
{
  return self->header;
}

void
guiche_conversation_list_set_can_go_back (GuicheConversationList *self, gboolean can_go_back)
{
  gtk_widget_set_visible (self->back, can_go_back);
}
