/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/avatar.h"

#include "widgets/presence.h"

struct _GuicheAvatar {
  GtkWidget parent_instance;
  GtkOverlay *overlay;
  AdwAvatar *avatar;
  GtkImage *mark;
  char *presence; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (GuicheAvatar, guiche_avatar, GTK_TYPE_WIDGET)

enum {
  PROP_TEXT = 1,
  PROP_SIZE,
  PROP_ICON_NAME,
  PROP_PRESENCE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
guiche_avatar_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  GuicheAvatar *self = GUICHE_AVATAR (object);

  switch (prop_id) {
  case PROP_TEXT:
    guiche_avatar_set_text (self, g_value_get_string (value));
    break;
  case PROP_SIZE:
    adw_avatar_set_size (self->avatar, g_value_get_int (value));
    gtk_image_set_pixel_size (self->mark, g_value_get_int (value) >= 48 ? 16 : 10);
    break;
  case PROP_ICON_NAME:
    guiche_avatar_set_icon_name (self, g_value_get_string (value));
    break;
  case PROP_PRESENCE:
    guiche_avatar_set_presence (self, g_value_get_string (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
guiche_avatar_dispose (GObject *object)
{
  GuicheAvatar *self = GUICHE_AVATAR (object);

  if (self->overlay != NULL) {
    gtk_widget_unparent (GTK_WIDGET (self->overlay));
    self->overlay = NULL;
  }
  g_clear_pointer (&self->presence, g_free);
  G_OBJECT_CLASS (guiche_avatar_parent_class)->dispose (object);
}

static void
guiche_avatar_class_init (GuicheAvatarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->set_property = guiche_avatar_set_property;
  object_class->dispose = guiche_avatar_dispose;
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_SIZE] = g_param_spec_int ("size", NULL, NULL, 8, 256, 40, flags);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  properties[PROP_PRESENCE] = g_param_spec_string ("presence", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
guiche_avatar_init (GuicheAvatar *self)
{
  self->overlay = GTK_OVERLAY (gtk_overlay_new ());
  self->avatar = ADW_AVATAR (adw_avatar_new (40, NULL, TRUE));
  self->mark = GTK_IMAGE (g_object_new (GTK_TYPE_IMAGE, "halign", GTK_ALIGN_END, "valign",
                                        GTK_ALIGN_END, "visible", FALSE, "pixel-size", 12, NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->mark), "presence-mark");
  gtk_overlay_set_child (self->overlay, GTK_WIDGET (self->avatar));
  gtk_overlay_add_overlay (self->overlay, GTK_WIDGET (self->mark));
  gtk_widget_set_parent (GTK_WIDGET (self->overlay), GTK_WIDGET (self));
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
guiche_avatar_new (int size)
{
  return g_object_new (GUICHE_TYPE_AVATAR, "size", size, NULL);
}

void
guiche_avatar_set_text (GuicheAvatar *self, const char *text)
{
  adw_avatar_set_text (self->avatar, text);
}

void
guiche_avatar_set_icon_name (GuicheAvatar *self, const char *icon_name)
{
  adw_avatar_set_icon_name (self->avatar, icon_name);
  adw_avatar_set_show_initials (self->avatar, icon_name == NULL);
}

void
guiche_avatar_set_presence (GuicheAvatar *self, const char *presence)
{
  if (g_strcmp0 (self->presence, presence) == 0)
    return;

  if (self->presence != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->mark),
                                 guiche_presence_css_class (self->presence));
  g_free (self->presence);
  self->presence = g_strdup (presence);
  gtk_widget_set_visible (GTK_WIDGET (self->mark), presence != NULL);
  if (presence == NULL)
    return;

  gtk_widget_add_css_class (GTK_WIDGET (self->mark), guiche_presence_css_class (presence));
  gtk_image_set_from_icon_name (self->mark, guiche_presence_icon_name (presence));
}
