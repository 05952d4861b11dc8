/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/sidebar.h"

#include "inbox/gradual-list.h"
#include "inbox/sidebar-row.h"
#include "widgets/avatar.h"

#include <glib/gi18n.h>

struct _GuicheSidebar {
  AdwBin parent_instance;

  AdwHeaderBar *header;
  GuicheAvatar *my_avatar;
  GtkListView *list;

  GuicheDesk *desk;              /* (owned) */
  GtkSingleSelection *selection; /* (owned) */
  GtkSliceListModel *shown;      /* (owned) */
  GuicheSidebarItem *item;       /* (owned) (nullable): the last view or queue chosen */
};

G_DEFINE_FINAL_TYPE (GuicheSidebar, guiche_sidebar, ADW_TYPE_BIN)

enum {
  PROP_ITEM = 1,
  N_PROPS
};

enum {
  SIGNAL_ACTIVATED,
  SIGNAL_PERSON_ACTIVATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
on_selected_changed (GuicheSidebar *self)
{
  GuicheSidebarItem *item = gtk_single_selection_get_selected_item (self->selection);
  GuicheSidebarKind kind;

  if (item == NULL)
    return;

  kind = guiche_sidebar_item_get_kind (item);
  if (kind != GUICHE_SIDEBAR_VIEW && kind != GUICHE_SIDEBAR_QUEUE)
    return;
  if (g_set_object (&self->item, item))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

static void
activate_item (GuicheSidebar *self, GuicheSidebarItem *item)
{
  switch (guiche_sidebar_item_get_kind (item)) {
  case GUICHE_SIDEBAR_VIEW:
  case GUICHE_SIDEBAR_QUEUE:
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
    break;
  case GUICHE_SIDEBAR_PERSON:
    g_signal_emit (self, signals[SIGNAL_PERSON_ACTIVATED], 0,
                   guiche_sidebar_item_get_person (item));
    break;
  case GUICHE_SIDEBAR_HEADING:
  default:
    break;
  }
}

static void
on_list_activate_cb (GuicheSidebar *self, guint position)
{
  g_autoptr (GuicheSidebarItem) item =
                 g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item != NULL)
    activate_item (self, item);
}

static void
on_row_released (GtkGestureClick *gesture, int n_press, double x, double y, GtkListItem *list_item)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  GtkWidget *self = gtk_widget_get_ancestor (row, GUICHE_TYPE_SIDEBAR);
  GuicheSidebarItem *item = gtk_list_item_get_item (list_item);

  if (self != NULL && item != NULL)
    activate_item (GUICHE_SIDEBAR (self), item);
}

static void
on_factory_setup (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *row = guiche_sidebar_row_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_object (click, "released", G_CALLBACK (on_row_released), list_item, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  gtk_list_item_set_child (list_item, row);
}

static void
on_factory_bind (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GuicheSidebarItem *item = gtk_list_item_get_item (list_item);
  GuicheSidebarKind kind = guiche_sidebar_item_get_kind (item);

  /* A colleague is activated, not selected: what the list shows stays chosen. */
  gtk_list_item_set_selectable (list_item,
                                kind == GUICHE_SIDEBAR_VIEW || kind == GUICHE_SIDEBAR_QUEUE);
  gtk_list_item_set_activatable (list_item, kind != GUICHE_SIDEBAR_HEADING);
  guiche_sidebar_row_set_item (GUICHE_SIDEBAR_ROW (gtk_list_item_get_child (list_item)), item);
}

static void
on_factory_unbind (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  guiche_sidebar_row_set_item (GUICHE_SIDEBAR_ROW (gtk_list_item_get_child (list_item)), NULL);
}

static void
guiche_sidebar_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, GUICHE_SIDEBAR (object)->item);
}

static void
guiche_sidebar_dispose (GObject *object)
{
  GuicheSidebar *self = GUICHE_SIDEBAR (object);

  g_clear_object (&self->selection);
  g_clear_object (&self->shown);
  g_clear_object (&self->item);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (guiche_sidebar_parent_class)->dispose (object);
}

static void
guiche_sidebar_class_init (GuicheSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = guiche_sidebar_get_property;
  object_class->dispose = guiche_sidebar_dispose;
  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, GUICHE_TYPE_SIDEBAR_ITEM,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", GUICHE_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_PERSON_ACTIVATED] =
      g_signal_new ("person-activated", GUICHE_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, GUICHE_TYPE_PERSON);
  g_type_ensure (GUICHE_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/inbox/sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheSidebar, header);
  gtk_widget_class_bind_template_child (widget_class, GuicheSidebar, my_avatar);
  gtk_widget_class_bind_template_child (widget_class, GuicheSidebar, list);
  gtk_widget_class_bind_template_callback (widget_class, on_list_activate_cb);
}

static void
guiche_sidebar_init (GuicheSidebar *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (on_factory_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_factory_bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_factory_unbind), NULL);
  gtk_list_view_set_factory (self->list, factory);
}

static gpointer
map_queue (gpointer queue, gpointer desk)
{
  GuicheSidebarItem *item = guiche_sidebar_item_new_queue (desk, queue);

  g_object_unref (queue);
  return item;
}

static gpointer
map_person (gpointer person, gpointer unused)
{
  GuicheSidebarItem *item = guiche_sidebar_item_new_person (person);

  g_object_unref (person);
  return item;
}

static gboolean
is_colleague (gpointer person, gpointer unused)
{
  gboolean is_me = FALSE;

  g_object_get (person, "is-me", &is_me, NULL);
  return !is_me;
}

static void
append_heading (GListStore *store, const char *title)
{
  g_autoptr (GuicheSidebarItem) heading = guiche_sidebar_item_new_heading (title);
  g_autoptr (GListStore) one = g_list_store_new (GUICHE_TYPE_SIDEBAR_ITEM);

  g_list_store_append (one, heading);
  g_list_store_append (store, one);
}

static GListModel *
views_new (GuicheDesk *desk)
{
  GListStore *views = g_list_store_new (GUICHE_TYPE_SIDEBAR_ITEM);

  for (GuicheView view = 0; view < GUICHE_N_VIEWS; view++) {
    g_autoptr (GuicheSidebarItem) item = guiche_sidebar_item_new_view (desk, view);

    g_list_store_append (views, item);
  }
  return G_LIST_MODEL (views);
}

static GListModel *
items_new (GuicheDesk *desk)
{
  GListStore *store = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GListModel) views = views_new (desk);
  g_autoptr (GtkMapListModel) queues = gtk_map_list_model_new (
      g_object_ref (guiche_desk_get_queues (desk)), map_queue, g_object_ref (desk), g_object_unref);
  GtkFilter *colleagues = GTK_FILTER (gtk_custom_filter_new (is_colleague, NULL, NULL));
  GListModel *others = G_LIST_MODEL (
      gtk_filter_list_model_new (g_object_ref (guiche_desk_get_people (desk)), colleagues));
  g_autoptr (GtkMapListModel) people = gtk_map_list_model_new (others, map_person, NULL, NULL);

  g_list_store_append (store, views);
  append_heading (store, _ ("Queues"));
  g_list_store_append (store, queues);
  append_heading (store, _ ("Colleagues"));
  g_list_store_append (store, people);
  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (store)));
}

static void
update_me (GuicheSidebar *self)
{
  GuichePerson *me = guiche_desk_get_me (self->desk);

  if (me == NULL)
    return;
  guiche_avatar_set_text (self->my_avatar, guiche_person_get_name (me));
  guiche_avatar_set_presence (self->my_avatar, guiche_person_get_presence (me));
}

static void
on_me_changed (GuicheSidebar *self)
{
  GuichePerson *me = guiche_desk_get_me (self->desk);

  if (me != NULL)
    g_signal_connect_object (me, "notify", G_CALLBACK (update_me), self, G_CONNECT_SWAPPED);
  update_me (self);
}

GtkWidget *
guiche_sidebar_new (GuicheDesk *desk)
{
  GuicheSidebar *self = g_object_new (GUICHE_TYPE_SIDEBAR, NULL);
  g_autoptr (GListModel) items = NULL;

  self->desk = g_object_ref (desk);
  items = items_new (desk);
  self->shown = guiche_gradual_list_new (items, GTK_WIDGET (self->list));
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->shown)));
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (on_selected_changed), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (desk, "notify::me", G_CALLBACK (on_me_changed), self, G_CONNECT_SWAPPED);
  on_me_changed (self);
  on_selected_changed (self);
  return GTK_WIDGET (self);
}

GuicheSidebarItem *
guiche_sidebar_get_item (GuicheSidebar *self)
{
  return self->item;
}

static guint
find_position (GuicheSidebar *self, const char *id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  for (guint i = 0; i < n; i++) {
    g_autoptr (GuicheSidebarItem) item = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

    if (g_strcmp0 (guiche_sidebar_item_get_id (item), id) == 0)
      return i;
  }
  return GTK_INVALID_LIST_POSITION;
}

gboolean
guiche_sidebar_select (GuicheSidebar *self, const char *id)
{
  guint position = find_position (self, id);

  if (position == GTK_INVALID_LIST_POSITION) {
    guiche_gradual_list_complete (self->shown);
    position = find_position (self, id);
  }
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_single_selection_set_selected (self->selection, position);
  return position != GTK_INVALID_LIST_POSITION;
}

AdwHeaderBar *
guiche_sidebar_get_header (GuicheSidebar *self)
{
  return self->header;
}
