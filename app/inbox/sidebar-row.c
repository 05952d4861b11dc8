/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/sidebar-row.h"

#include "widgets/avatar.h"
#include "widgets/presence.h"

#include <glib/gi18n.h>

struct _GuicheSidebarRow {
  GtkBox parent_instance;

  GtkImage *icon;
  GuicheAvatar *avatar;
  GtkLabel *title, *count;

  GuicheSidebarItem *item; /* (owned) (nullable) */
  GSignalGroup *signals;   /* (owned) */
};

G_DEFINE_FINAL_TYPE (GuicheSidebarRow, guiche_sidebar_row, GTK_TYPE_BOX)

static void
set_css_class (gpointer widget, const char *name, gboolean is_set)
{
  if (is_set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
describe (GuicheSidebarRow *self, guint count)
{
  const char *title = guiche_sidebar_item_get_title (self->item);
  const char *presence = guiche_sidebar_item_get_presence (self->item);
  g_autofree char *text = NULL;
  /* GTK 4.8 gives no name to the item of a list */
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));

  if (presence != NULL)
    text = g_strdup_printf ("%s, %s", title, guiche_presence_label (presence));
  else if (count > 0)
    text = g_strdup_printf ("%s, %u", title, count);
  if (text == NULL)
    text = g_strdup (title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  if (item != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
refresh (GuicheSidebarRow *self)
{
  GuicheSidebarItem *item = self->item;
  guint count;
  g_autofree char *count_text = NULL;
  gboolean is_heading;

  if (item == NULL)
    return;

  count = guiche_sidebar_item_get_count (item);
  count_text = g_strdup_printf (count > 999 ? "999+" : "%u", count);
  is_heading = guiche_sidebar_item_get_kind (item) == GUICHE_SIDEBAR_HEADING;
  gtk_label_set_text (self->title, guiche_sidebar_item_get_title (item));
  set_css_class (self, "sidebar-heading", is_heading);
  gtk_label_set_text (self->count, count_text);
  gtk_widget_set_visible (GTK_WIDGET (self->count), count > 0);
  set_css_class (self->count, "quiet", guiche_sidebar_item_get_count_is_quiet (item));
  guiche_avatar_set_presence (self->avatar, guiche_sidebar_item_get_presence (item));
  describe (self, count);
}

static void
guiche_sidebar_row_dispose (GObject *object)
{
  GuicheSidebarRow *self = GUICHE_SIDEBAR_ROW (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (guiche_sidebar_row_parent_class)->dispose (object);
}

static void
guiche_sidebar_row_class_init (GuicheSidebarRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_sidebar_row_dispose;
  g_type_ensure (GUICHE_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/inbox/sidebar-row.ui");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_bind_template_child (widget_class, GuicheSidebarRow, icon);
  gtk_widget_class_bind_template_child (widget_class, GuicheSidebarRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, GuicheSidebarRow, title);
  gtk_widget_class_bind_template_child (widget_class, GuicheSidebarRow, count);
}

static void
guiche_sidebar_row_init (GuicheSidebarRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->signals = g_signal_group_new (GUICHE_TYPE_SIDEBAR_ITEM);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (refresh), self);
}

GtkWidget *
guiche_sidebar_row_new (void)
{
  return g_object_new (GUICHE_TYPE_SIDEBAR_ROW, NULL);
}

void
guiche_sidebar_row_set_item (GuicheSidebarRow *self, GuicheSidebarItem *item)
{
  const char *icon_name = item != NULL ? guiche_sidebar_item_get_icon_name (item) : NULL;
  GuichePerson *person = item != NULL ? guiche_sidebar_item_get_person (item) : NULL;

  if (!g_set_object (&self->item, item))
    return;

  g_signal_group_set_target (self->signals, item);
  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), icon_name != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->avatar), person != NULL);
  if (person != NULL)
    guiche_avatar_set_text (self->avatar, guiche_person_get_name (person));
  refresh (self);
}
