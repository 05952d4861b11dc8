/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/desk-page.h"

#include "chat/chat-view.h"
#include "customers/customer-panel.h"
#include "inbox/conversation-actions.h"
#include "inbox/conversation-header.h"
#include "inbox/conversation-list.h"
#include "inbox/sidebar.h"
#include "widgets/preferences.h"
#include "widgets/toast.h"

struct _GuicheDeskPage {
  AdwBin parent_instance;

  AdwLeaflet *outer, *inner;
  AdwBin *sidebar_bin, *list_bin, *header_bin, *chat_bin, *panel_bin;
  AdwFlap *flap;
  GtkStack *content_stack;

  GuicheSidebar *sidebar;
  GuicheConversationList *list;
  GuicheConversationHeader *header;
  GuicheChatView *chat;       /* (nullable): made with the first conversation */
  GuicheCustomerPanel *panel; /* (nullable): made when first revealed */

  GuicheDesk *desk;                   /* (owned) */
  GSettings *settings;                /* (owned) */
  GuicheConversationActions *actions; /* (owned) */
  GuicheConversation *conversation;   /* (owned) (nullable) */
  GCancellable *opening;              /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (GuicheDeskPage, guiche_desk_page, ADW_TYPE_BIN)

enum {
  PROP_CONVERSATION = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
ensure_chat (GuicheDeskPage *self)
{
  if (self->chat != NULL)
    return;

  self->chat = guiche_chat_view_new (self->desk);
  adw_bin_set_child (self->chat_bin, GTK_WIDGET (self->chat));
  guiche_conversation_header_set_menu_section (self->header,
                                               guiche_chat_view_get_menu (self->chat));
}

static gboolean
wants_panel (GuicheDeskPage *self)
{
  gboolean is_wanted = FALSE;

  g_object_get (self->header, "show-panel", &is_wanted, NULL);
  return is_wanted && self->conversation != NULL &&
         guiche_conversation_get_customer (self->conversation) != NULL;
}

static void
on_previous_activated (GuicheDeskPage *self, GuicheConversation *conversation)
{
  guiche_desk_page_open (self, conversation, 0, FALSE);
}

static void
update_panel (GuicheDeskPage *self)
{
  gboolean is_wanted = wants_panel (self);

  if (is_wanted && self->panel == NULL) {
    self->panel = GUICHE_CUSTOMER_PANEL (guiche_customer_panel_new (self->desk));
    adw_bin_set_child (self->panel_bin, GTK_WIDGET (self->panel));
    g_signal_connect_swapped (self->panel, "conversation-activated",
                              G_CALLBACK (on_previous_activated), self);
  }
  if (self->panel != NULL)
    guiche_customer_panel_set_customer (
        self->panel,
        self->conversation != NULL ? guiche_conversation_get_customer (self->conversation) : NULL,
        self->conversation);
  adw_flap_set_reveal_flap (self->flap, is_wanted);
}

static void
show_conversation (GuicheDeskPage *self, GuicheConversation *conversation)
{
  if (!g_set_object (&self->conversation, conversation))
    return;

  guiche_conversation_actions_set_conversation (self->actions, conversation);
  guiche_conversation_header_set_conversation (self->header, conversation);
  if (conversation != NULL) {
    guiche_desk_want_customer (self->desk, guiche_conversation_get_customer (conversation));
    ensure_chat (self);
    guiche_chat_view_set_conversation (self->chat, conversation);
  } else if (self->chat != NULL) {
    guiche_chat_view_set_conversation (self->chat, NULL);
  }
  gtk_stack_set_visible_child_name (self->content_stack, conversation != NULL ? "chat" : "nothing");
  update_panel (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

/* Where the buttons of the window and the way back are, for what is folded at present. */
static void
on_fold_changed_cb (GuicheDeskPage *self)
{
  gboolean outer_is_folded, inner_is_folded;

  if (self->list == NULL)
    return;

  outer_is_folded = adw_leaflet_get_folded (self->outer);
  inner_is_folded = adw_leaflet_get_folded (self->inner);
  adw_header_bar_set_show_end_title_buttons (guiche_sidebar_get_header (self->sidebar),
                                             outer_is_folded && inner_is_folded);
  adw_header_bar_set_show_start_title_buttons (guiche_conversation_list_get_header (self->list),
                                               inner_is_folded);
  adw_header_bar_set_show_end_title_buttons (guiche_conversation_list_get_header (self->list),
                                             outer_is_folded);
  adw_header_bar_set_show_start_title_buttons (guiche_conversation_header_get_header (self->header),
                                               outer_is_folded);
  guiche_conversation_list_set_can_go_back (self->list, inner_is_folded);
  guiche_conversation_header_set_can_go_back (self->header, outer_is_folded);
}

static void
on_sidebar_item_changed (GuicheDeskPage *self)
{
  GuicheSidebarItem *item = guiche_sidebar_get_item (self->sidebar);

  guiche_conversation_list_set_item (self->list, item);
  g_settings_set_string (self->settings, "view", guiche_sidebar_item_get_id (item));
}

static void
on_sidebar_activated (GuicheDeskPage *self)
{
  adw_leaflet_set_visible_child_name (self->inner, "list");
}

static void
on_list_conversation_changed (GuicheDeskPage *self)
{
  show_conversation (self, guiche_conversation_list_get_conversation (self->list));
}

static void
on_list_activated (GuicheDeskPage *self)
{
  adw_leaflet_set_visible_child_name (self->outer, "conversation");
}

static void
on_direct_opened (GObject *desk, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheDeskPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  if (!guiche_desk_action_finish (GUICHE_DESK (desk), result, &id, &error)) {
    guiche_toast_show_error (GTK_WIDGET (self), error);
    return;
  }
  guiche_desk_page_open_id (self, id, 0, TRUE);
}

static void
on_person_activated (GuicheDeskPage *self, GuichePerson *person)
{
  guiche_desk_open_direct_async (self->desk, guiche_person_get_id (person), NULL, on_direct_opened,
                                 g_object_ref (self));
}

static void
on_left (GuicheDeskPage *self, const char *id)
{
  if (self->conversation == NULL ||
      g_strcmp0 (guiche_conversation_get_id (self->conversation), id) != 0)
    return;
  guiche_conversation_list_set_conversation (self->list, NULL);
  adw_leaflet_set_visible_child_name (self->outer, "lists");
}

static void
guiche_desk_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, GUICHE_DESK_PAGE (object)->conversation);
}

static void
guiche_desk_page_dispose (GObject *object)
{
  GuicheDeskPage *self = GUICHE_DESK_PAGE (object);

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  g_clear_object (&self->actions);
  g_clear_object (&self->conversation);
  g_clear_object (&self->settings);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (guiche_desk_page_parent_class)->dispose (object);
}

static void
guiche_desk_page_class_init (GuicheDeskPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = guiche_desk_page_get_property;
  object_class->dispose = guiche_desk_page_dispose;
  properties[PROP_CONVERSATION] =
      g_param_spec_object ("conversation", NULL, NULL, GUICHE_TYPE_CONVERSATION,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/shell/desk-page.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheDeskPage, outer);
  gtk_widget_class_bind_template_child (widget_class, GuicheDeskPage, inner);
  gtk_widget_class_bind_template_child (widget_class, GuicheDeskPage, sidebar_bin);
  gtk_widget_class_bind_template_child (widget_class, GuicheDeskPage, list_bin);
  gtk_widget_class_bind_template_child (widget_class, GuicheDeskPage, header_bin);
  gtk_widget_class_bind_template_child (widget_class, GuicheDeskPage, chat_bin);
  gtk_widget_class_bind_template_child (widget_class, GuicheDeskPage, panel_bin);
  gtk_widget_class_bind_template_child (widget_class, GuicheDeskPage, flap);
  gtk_widget_class_bind_template_child (widget_class, GuicheDeskPage, content_stack);
  gtk_widget_class_bind_template_callback (widget_class, on_fold_changed_cb);
}

static void
guiche_desk_page_init (GuicheDeskPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = guiche_preferences_new (NULL);
}

static void
on_show_panel_changed (GuicheDeskPage *self)
{
  gboolean is_shown = FALSE;

  g_object_get (self->header, "show-panel", &is_shown, NULL);
  /* over the conversation it is a glance, beside it a choice */
  if (!adw_flap_get_folded (self->flap))
    g_settings_set_boolean (self->settings, "show-customer", is_shown);
  update_panel (self);
}

static void
on_flap_folded (GuicheDeskPage *self)
{
  gboolean is_shown =
      !adw_flap_get_folded (self->flap) && g_settings_get_boolean (self->settings, "show-customer");

  g_object_set (self->header, "show-panel", is_shown, NULL);
}

static void
on_flap_revealed (GuicheDeskPage *self)
{
  /* closed by a swipe or a click beside it while folded */
  if (!adw_flap_get_reveal_flap (self->flap) && wants_panel (self))
    g_object_set (self->header, "show-panel", FALSE, NULL);
}

static void
build_lists (GuicheDeskPage *self)
{
  self->sidebar = GUICHE_SIDEBAR (guiche_sidebar_new (self->desk));
  self->list = GUICHE_CONVERSATION_LIST (guiche_conversation_list_new (self->desk));
  adw_bin_set_child (self->sidebar_bin, GTK_WIDGET (self->sidebar));
  adw_bin_set_child (self->list_bin, GTK_WIDGET (self->list));
  g_signal_connect_swapped (self->sidebar, "notify::item", G_CALLBACK (on_sidebar_item_changed),
                            self);
  g_signal_connect_swapped (self->sidebar, "activated", G_CALLBACK (on_sidebar_activated), self);
  g_signal_connect_swapped (self->sidebar, "person-activated", G_CALLBACK (on_person_activated),
                            self);
  g_signal_connect_swapped (self->list, "notify::conversation",
                            G_CALLBACK (on_list_conversation_changed), self);
  g_signal_connect_swapped (self->list, "activated", G_CALLBACK (on_list_activated), self);
}

static void
build_conversation (GuicheDeskPage *self)
{
  self->header = GUICHE_CONVERSATION_HEADER (guiche_conversation_header_new ());
  adw_bin_set_child (self->header_bin, GTK_WIDGET (self->header));
  self->actions = guiche_conversation_actions_new (self->desk, GTK_WIDGET (self));
  g_signal_connect_object (self->actions, "left", G_CALLBACK (on_left), self, G_CONNECT_SWAPPED);
  g_object_set (self->header, "show-panel",
                g_settings_get_boolean (self->settings, "show-customer"), NULL);
  g_signal_connect_swapped (self->header, "notify::show-panel", G_CALLBACK (on_show_panel_changed),
                            self);
  g_signal_connect_swapped (self->flap, "notify::folded", G_CALLBACK (on_flap_folded), self);
  g_signal_connect_swapped (self->flap, "notify::reveal-flap", G_CALLBACK (on_flap_revealed), self);
}

GtkWidget *
guiche_desk_page_new (GuicheDesk *desk)
{
  GuicheDeskPage *self = g_object_new (GUICHE_TYPE_DESK_PAGE, NULL);
  g_autofree char *view = g_settings_get_string (self->settings, "view");

  self->desk = g_object_ref (desk);
  build_lists (self);
  build_conversation (self);
  if (!guiche_sidebar_select (self->sidebar, view))
    guiche_sidebar_select (self->sidebar, "mine");
  if (guiche_sidebar_get_item (self->sidebar) != NULL)
    on_sidebar_item_changed (self);
  adw_leaflet_set_visible_child_name (self->inner, "list");
  on_fold_changed_cb (self);
  return GTK_WIDGET (self);
}

GuicheConversation *
guiche_desk_page_get_conversation (GuicheDeskPage *self)
{
  return self->conversation;
}

void
guiche_desk_page_open (GuicheDeskPage *self,
                       GuicheConversation *conversation,
                       gint64 seq,
                       gboolean focus_composer)
{
  if (g_strcmp0 (guiche_conversation_get_kind (conversation), "customer") != 0)
    guiche_sidebar_select (self->sidebar, "channels");
  guiche_conversation_list_set_conversation (self->list, conversation);
  adw_leaflet_set_visible_child_name (self->outer, "conversation");
  if (seq > 0)
    guiche_chat_view_show_message (self->chat, seq);
  if (focus_composer)
    guiche_chat_view_focus_composer (self->chat);
}

typedef struct {
  GuicheDeskPage *page; /* (owned) */
  gint64 seq;
  gboolean focus_composer;
} Opening;

static void
on_conversation_loaded (GObject *desk, GAsyncResult *result, gpointer user_data)
{
  g_autofree Opening *opening = user_data;
  g_autoptr (GuicheDeskPage) page = opening->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheConversation) conversation =
                 guiche_desk_load_conversation_finish (GUICHE_DESK (desk), result, &error);

  if (conversation != NULL)
    guiche_desk_page_open (page, conversation, opening->seq, opening->focus_composer);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    guiche_toast_show_error (GTK_WIDGET (page), error);
}

void
guiche_desk_page_open_id (GuicheDeskPage *self,
                          const char *conversation_id,
                          gint64 seq,
                          gboolean focus_composer)
{
  GuicheConversation *known = guiche_desk_find_conversation (self->desk, conversation_id);
  Opening *opening;

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  if (known != NULL) {
    guiche_desk_page_open (self, known, seq, focus_composer);
    return;
  }

  self->opening = g_cancellable_new ();
  opening = g_new (Opening, 1);
  *opening = (Opening){ g_object_ref (self), seq, focus_composer };
  guiche_desk_load_conversation_async (self->desk, conversation_id, self->opening,
                                       on_conversation_loaded, opening);
}

GActionGroup *
guiche_desk_page_get_conversation_actions (GuicheDeskPage *self)
{
  return guiche_conversation_actions_get_group (self->actions);
}

gboolean
guiche_desk_page_show_view (GuicheDeskPage *self, const char *view_id)
{
  if (!guiche_sidebar_select (self->sidebar, view_id))
    return FALSE;

  adw_leaflet_set_visible_child_name (self->outer, "lists");
  adw_leaflet_set_visible_child_name (self->inner, "list");
  return TRUE;
}

void
guiche_desk_page_go_back (GuicheDeskPage *self)
{
  if (adw_leaflet_get_folded (self->outer) &&
      g_strcmp0 (adw_leaflet_get_visible_child_name (self->outer), "conversation") == 0)
    adw_leaflet_set_visible_child_name (self->outer, "lists");
  else if (adw_leaflet_get_folded (self->inner))
    adw_leaflet_set_visible_child_name (self->inner, "sidebar");
}

void
guiche_desk_page_step (GuicheDeskPage *self, int direction)
{
  guiche_conversation_list_step (self->list, direction);
}

void
guiche_desk_page_cycle_panes (GuicheDeskPage *self)
{
  GtkWidget *panes[] = { GTK_WIDGET (self->sidebar), GTK_WIDGET (self->list),
                         GTK_WIDGET (self->content_stack), GTK_WIDGET (self->panel_bin) };
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  guint present = 0;

  for (guint i = 0; i < G_N_ELEMENTS (panes); i++) {
    if (focus != NULL && gtk_widget_is_ancestor (focus, panes[i]))
      present = i;
  }
  for (guint i = 1; i <= G_N_ELEMENTS (panes); i++) {
    GtkWidget *next = panes[(present + i) % G_N_ELEMENTS (panes)];

    if (gtk_widget_get_mapped (next) && gtk_widget_child_focus (next, GTK_DIR_TAB_FORWARD))
      return;
  }
}

void
guiche_desk_page_toggle_customer (GuicheDeskPage *self)
{
  gboolean is_shown = FALSE;

  g_object_get (self->header, "show-panel", &is_shown, NULL);
  g_object_set (self->header, "show-panel", !is_shown, NULL);
}
