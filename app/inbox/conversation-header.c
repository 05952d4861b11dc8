/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/conversation-header.h"

#include "inbox/conversation-text.h"
#include "widgets/accessible.h"

struct _GuicheConversationHeader {
  AdwBin parent_instance;

  AdwHeaderBar *header;
  AdwWindowTitle *window_title;
  GtkWidget *back, *accept, *reopen, *panel_button, *squeezer;
  GtkMenuButton *menu_button;
  GMenuModel *conversation_menu;

  GuicheConversation *conversation; /* (owned) (nullable) */
  GSignalGroup *signals;            /* (owned) */
  gboolean show_panel, can_go_back;
};

G_DEFINE_FINAL_TYPE (GuicheConversationHeader, guiche_conversation_header, ADW_TYPE_BIN)

enum {
  PROP_SHOW_PANEL = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
refresh (GuicheConversationHeader *self)
{
  GuicheConversation *conversation = self->conversation;
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  const char *state;
  gboolean is_customer;

  gtk_widget_set_visible (GTK_WIDGET (self->menu_button), conversation != NULL);
  if (conversation == NULL) {
    adw_window_title_set_title (self->window_title, "");
    adw_window_title_set_subtitle (self->window_title, "");
    gtk_widget_set_visible (self->accept, FALSE);
    gtk_widget_set_visible (self->reopen, FALSE);
    gtk_widget_set_visible (self->squeezer, FALSE);
    gtk_widget_set_visible (self->panel_button, FALSE);
    return;
  }

  title = guiche_conversation_text_title (conversation);
  subtitle = guiche_conversation_text_subtitle (conversation);
  state = guiche_conversation_get_state (conversation);
  is_customer = g_strcmp0 (guiche_conversation_get_kind (conversation), "customer") == 0;
  adw_window_title_set_title (self->window_title, title);
  adw_window_title_set_subtitle (self->window_title, subtitle);
  gtk_widget_set_visible (self->accept,
                          is_customer && g_strcmp0 (state, "closed") != 0 &&
                              (g_strcmp0 (state, "waiting") == 0 ||
                               guiche_conversation_get_assignee (conversation) == NULL));
  /* folded, the bar has room for neither of the two: they are in the menu */
  gtk_widget_set_visible (
      self->reopen, is_customer && !self->can_go_back &&
                        (g_strcmp0 (state, "closed") == 0 || g_strcmp0 (state, "snoozed") == 0));
  gtk_widget_set_visible (self->squeezer, is_customer && g_strcmp0 (state, "closed") != 0);
  gtk_widget_set_visible (self->panel_button, is_customer && !self->can_go_back);
}

static void
guiche_conversation_header_get_property (GObject *object,
                                         guint prop_id,
                                         GValue *value,
                                         GParamSpec *pspec)
{
  g_value_set_boolean (value, GUICHE_CONVERSATION_HEADER (object)->show_panel);
}

static void
guiche_conversation_header_set_property (GObject *object,
                                         guint prop_id,
                                         const GValue *value,
                                         GParamSpec *pspec)
{
  GuicheConversationHeader *self = GUICHE_CONVERSATION_HEADER (object);

  if (self->show_panel == g_value_get_boolean (value))
    return;
  self->show_panel = g_value_get_boolean (value);
  g_object_notify_by_pspec (object, pspec);
}

static void
guiche_conversation_header_dispose (GObject *object)
{
  GuicheConversationHeader *self = GUICHE_CONVERSATION_HEADER (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->conversation);
  G_OBJECT_CLASS (guiche_conversation_header_parent_class)->dispose (object);
}

static void
guiche_conversation_header_class_init (GuicheConversationHeaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = guiche_conversation_header_dispose;
  object_class->get_property = guiche_conversation_header_get_property;
  object_class->set_property = guiche_conversation_header_set_property;
  properties[PROP_SHOW_PANEL] =
      g_param_spec_boolean ("show-panel", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/guiche/Guiche/inbox/conversation-header.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationHeader, header);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationHeader, window_title);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationHeader, back);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationHeader, accept);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationHeader, reopen);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationHeader, panel_button);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationHeader, squeezer);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationHeader, menu_button);
  gtk_widget_class_bind_template_child (widget_class, GuicheConversationHeader, conversation_menu);
}

static void
guiche_conversation_header_init (GuicheConversationHeader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  guiche_accessible_clean_buttons (GTK_WIDGET (self));
  gtk_menu_button_set_menu_model (self->menu_button, self->conversation_menu);
  g_object_bind_property (self, "show-panel", self->panel_button, "active",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  self->signals = g_signal_group_new (GUICHE_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (refresh), self);
  refresh (self);
}

GtkWidget *
guiche_conversation_header_new (void)
{
  return g_object_new (GUICHE_TYPE_CONVERSATION_HEADER, NULL);
}

void
guiche_conversation_header_set_conversation (GuicheConversationHeader *self,
                                             GuicheConversation *conversation)
{
  if (!g_set_object (&self->conversation, conversation))
    return;

  g_signal_group_set_target (self->signals, conversation);
  refresh (self);
}

void
guiche_conversation_header_set_menu_section (GuicheConversationHeader *self, GMenuModel *section)
{
  g_autoptr (GMenu) menu = g_menu_new ();

  g_menu_append_section (menu, NULL, self->conversation_menu);
  if (section != NULL)
    g_menu_append_section (menu, NULL, section);
  gtk_menu_button_set_menu_model (self->menu_button, G_MENU_MODEL (menu));
}

AdwHeaderBar *
guiche_conversation_header_get_header (GuicheConversationHeader *self)
{
  return self->header;
}

void
guiche_conversation_header_set_can_go_back (GuicheConversationHeader *self, gboolean can_go_back)
{
  self->can_go_back = can_go_back;
  gtk_widget_set_visible (self->back, can_go_back);
  if (can_go_back)
    gtk_widget_add_css_class (self->accept, "narrow");
  else
    gtk_widget_remove_css_class (self->accept, "narrow");
  refresh (self);
}
