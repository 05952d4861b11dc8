/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/window.h"

#include "inbox/channels-dialog.h"
#include "inbox/new-channel-dialog.h"
#include "inbox/people-dialog.h"
#include "search/search-dialog.h"
#include "shell/accelerators.h"
#include "shell/connection-bar.h"
#include "shell/desk-page.h"
#include "widgets/dialog.h"
#include "widgets/preferences.h"
#include "widgets/toast.h"

struct _GuicheWindow {
  AdwApplicationWindow parent_instance;

  GtkStack *pages;
  GuicheConnectionBar *connection_bar;

  GSettings *settings;       /* (owned) */
  GuicheDesk *desk;          /* (owned) (nullable) */
  GuicheDeskPage *desk_page; /* (nullable) */
  GtkWidget *welcome;        /* (nullable) */
};

G_DEFINE_FINAL_TYPE (GuicheWindow, guiche_window, ADW_TYPE_APPLICATION_WINDOW)

enum {
  PROP_CONVERSATION = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
on_opened_id (GuicheWindow *self, const char *id)
{
  guiche_window_open_conversation (self, id, 0, TRUE);
}

static void
on_hit_chosen (GuicheWindow *self, const char *conversation_id, gint64 seq)
{
  guiche_window_open_conversation (self, conversation_id, seq, FALSE);
}

static void
on_direct_opened (GObject *desk, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  if (guiche_desk_action_finish (GUICHE_DESK (desk), result, &id, &error))
    guiche_window_open_conversation (self, id, 0, TRUE);
  else
    guiche_toast_show_error (GTK_WIDGET (self), error);
}

static void
on_person_chosen (GuicheWindow *self, GuichePerson *person)
{
  guiche_desk_open_direct_async (self->desk, guiche_person_get_id (person), NULL, on_direct_opened,
                                 g_object_ref (self));
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GuicheWindow *self = GUICHE_WINDOW (widget);
  GtkWidget *dialog = guiche_search_dialog_new (self->desk);

  g_signal_connect_object (dialog, "hit-chosen", G_CALLBACK (on_hit_chosen), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "person-chosen", G_CALLBACK (on_person_chosen), self,
                           G_CONNECT_SWAPPED);
  guiche_dialog_present (GTK_WINDOW (dialog), widget);
}

static void
browse_channels_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GuicheWindow *self = GUICHE_WINDOW (widget);
  GtkWidget *dialog = guiche_channels_dialog_new (self->desk);

  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_opened_id), self, G_CONNECT_SWAPPED);
  guiche_dialog_present (GTK_WINDOW (dialog), widget);
}

static void
new_channel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GuicheWindow *self = GUICHE_WINDOW (widget);
  GtkWidget *dialog = guiche_new_channel_dialog_new (self->desk);

  g_signal_connect_object (dialog, "made", G_CALLBACK (on_opened_id), self, G_CONNECT_SWAPPED);
  guiche_dialog_present (GTK_WINDOW (dialog), widget);
}

static void
new_direct_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GuicheWindow *self = GUICHE_WINDOW (widget);
  GtkWidget *dialog = guiche_people_dialog_new (self->desk);

  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_person_chosen), self,
                           G_CONNECT_SWAPPED);
  guiche_dialog_present (GTK_WINDOW (dialog), widget);
}

static void
show_view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  guiche_desk_page_show_view (GUICHE_WINDOW (widget)->desk_page,
                              g_variant_get_string (parameter, NULL));
}

static void
step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  int direction = g_str_equal (name, "win.next-conversation") ? 1 : -1;

  guiche_desk_page_step (GUICHE_WINDOW (widget)->desk_page, direction);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  guiche_desk_page_go_back (GUICHE_WINDOW (widget)->desk_page);
}

static void
cycle_panes_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  guiche_desk_page_cycle_panes (GUICHE_WINDOW (widget)->desk_page);
}

static void
toggle_customer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  guiche_desk_page_toggle_customer (GUICHE_WINDOW (widget)->desk_page);
}

static void
show_help_overlay_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  guiche_dialog_present (GTK_WINDOW (guiche_accelerators_window_new ()), widget);
}

/* Those that act on a desk. */
static const struct {
  const char *name, *parameter_type;
  GtkWidgetActionActivateFunc activate;
} desk_actions[] = {
  { "win.search", NULL, search_action },
  { "win.browse-channels", NULL, browse_channels_action },
  { "win.new-channel", NULL, new_channel_action },
  { "win.new-direct", NULL, new_direct_action },
  { "win.show-view", "s", show_view_action },
  { "win.next-conversation", NULL, step_action },
  { "win.previous-conversation", NULL, step_action },
  { "win.back", NULL, back_action },
  { "win.cycle-panes", NULL, cycle_panes_action },
  { "win.toggle-customer", NULL, toggle_customer_action },
};

static void
update_actions (GuicheWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (desk_actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), desk_actions[i].name,
                                   self->desk_page != NULL);
}

static void
guiche_window_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, guiche_window_get_conversation (GUICHE_WINDOW (object)));
}

static void
guiche_window_dispose (GObject *object)
{
  GuicheWindow *self = GUICHE_WINDOW (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (guiche_window_parent_class)->dispose (object);
}

static void
guiche_window_class_init (GuicheWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = guiche_window_get_property;
  object_class->dispose = guiche_window_dispose;
  properties[PROP_CONVERSATION] =
      g_param_spec_object ("conversation", NULL, NULL, GUICHE_TYPE_CONVERSATION,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_type_ensure (GUICHE_TYPE_CONNECTION_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/shell/window.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, GuicheWindow, connection_bar);
  for (guint i = 0; i < G_N_ELEMENTS (desk_actions); i++)
    gtk_widget_class_install_action (widget_class, desk_actions[i].name,
                                     desk_actions[i].parameter_type, desk_actions[i].activate);
  gtk_widget_class_install_action (widget_class, "win.show-help-overlay", NULL,
                                   show_help_overlay_action);
}

static void
guiche_window_init (GuicheWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = guiche_preferences_new (NULL);
  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  update_actions (self);
}

GuicheWindow *
guiche_window_new (GtkApplication *application)
{
  return g_object_new (GUICHE_TYPE_WINDOW, "application", application, NULL);
}

static void
on_page_conversation_changed (GuicheWindow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

static void
remove_page (GuicheWindow *self, gpointer page)
{
  if (page != NULL)
    gtk_stack_remove (self->pages, page);
}

void
guiche_window_set_desk (GuicheWindow *self, GuicheDesk *desk)
{
  if (!g_set_object (&self->desk, desk))
    return;

  gtk_widget_insert_action_group (GTK_WIDGET (self), "conversation", NULL);
  remove_page (self, g_steal_pointer (&self->desk_page));
  guiche_connection_bar_set_desk (self->connection_bar, desk);
  if (desk != NULL) {
    self->desk_page = GUICHE_DESK_PAGE (guiche_desk_page_new (desk));
    gtk_widget_insert_action_group (GTK_WIDGET (self), "conversation",
                                    guiche_desk_page_get_conversation_actions (self->desk_page));
    gtk_stack_add_child (self->pages, GTK_WIDGET (self->desk_page));
    gtk_stack_set_visible_child (self->pages, GTK_WIDGET (self->desk_page));
    g_signal_connect_swapped (self->desk_page, "notify::conversation",
                              G_CALLBACK (on_page_conversation_changed), self);
    remove_page (self, g_steal_pointer (&self->welcome));
  }
  update_actions (self);
  on_page_conversation_changed (self);
}

GuicheDesk *
guiche_window_get_desk (GuicheWindow *self)
{
  return self->desk;
}

void
guiche_window_set_welcome (GuicheWindow *self, GtkWidget *page)
{
  guiche_window_set_desk (self, NULL);
  remove_page (self, g_steal_pointer (&self->welcome));
  self->welcome = page;
  gtk_stack_add_child (self->pages, page);
  gtk_stack_set_visible_child (self->pages, page);
}

GuicheConversation *
guiche_window_get_conversation (GuicheWindow *self)
{
  return self->desk_page != NULL ? guiche_desk_page_get_conversation (self->desk_page) : NULL;
}

void
guiche_window_open_conversation (GuicheWindow *self,
                                 const char *id,
                                 gint64 seq,
                                 gboolean focus_composer)
{
  if (self->desk_page != NULL)
    guiche_desk_page_open_id (self->desk_page, id, seq, focus_composer);
}
