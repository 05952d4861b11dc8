/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/message-footer.h"

#define ICON_SIZE 14
#define GAP 4

struct _GuicheMessageFooter {
  GtkWidget parent_instance;
  PangoLayout *layout;    /* (owned) (nullable) */
  char *text;             /* (owned) */
  const char *icon_name;  /* (nullable): static */
  const char *state;      /* (nullable): static */
  GtkIconPaintable *icon; /* (owned) (nullable): looked up when first drawn */
};

G_DEFINE_FINAL_TYPE (GuicheMessageFooter, guiche_message_footer, GTK_TYPE_WIDGET)

static PangoLayout *
layout_of (GuicheMessageFooter *self)
{
  if (!self->layout)
    self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->text);
  return self->layout;
}

static void
guiche_message_footer_measure (GtkWidget *widget,
                               GtkOrientation orientation,
                               int for_size,
                               int *minimum,
                               int *natural,
                               int *minimum_baseline,
                               int *natural_baseline)
{
  GuicheMessageFooter *self = GUICHE_MESSAGE_FOOTER (widget);
  int width, height;

  pango_layout_get_pixel_size (layout_of (self), &width, &height);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = width + (self->icon_name ? GAP + ICON_SIZE : 0);
  else
    *minimum = *natural = MAX (height, ICON_SIZE);
}

static void
snapshot_icon (GuicheMessageFooter *self, GtkSnapshot *snapshot, double x, double y)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GdkRGBA color;

  if (!self->icon)
    self->icon = gtk_icon_theme_lookup_icon (
        gtk_icon_theme_get_for_display (gtk_widget_get_display (widget)), self->icon_name, NULL,
        ICON_SIZE, gtk_widget_get_scale_factor (widget), gtk_widget_get_direction (widget),
        GTK_ICON_LOOKUP_FORCE_SYMBOLIC);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (self->icon), snapshot,
                                            ICON_SIZE, ICON_SIZE, &color, 1);
  gtk_snapshot_restore (snapshot);
}

static void
guiche_message_footer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GuicheMessageFooter *self = GUICHE_MESSAGE_FOOTER (widget);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  int text_width, text_height;

  pango_layout_get_pixel_size (layout_of (self), &text_width, &text_height);
  gtk_snapshot_render_layout (snapshot, gtk_widget_get_style_context (widget),
                              is_rtl ? width - text_width : 0, (height - text_height) / 2,
                              layout_of (self));
  if (self->icon_name)
    snapshot_icon (self, snapshot, is_rtl ? 0 : width - ICON_SIZE, (height - ICON_SIZE) / 2);
}

static gboolean
guiche_message_footer_query_tooltip (GtkWidget *widget,
                                     int x,
                                     int y,
                                     gboolean is_keyboard,
                                     GtkTooltip *tooltip)
{
  GuicheMessageFooter *self = GUICHE_MESSAGE_FOOTER (widget);

  if (!self->state)
    return FALSE;
  gtk_tooltip_set_text (tooltip, self->state);
  return TRUE;
}

static void
guiche_message_footer_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (guiche_message_footer_parent_class)->css_changed (widget, change);
  g_clear_object (&GUICHE_MESSAGE_FOOTER (widget)->layout);
}

static void
guiche_message_footer_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GuicheMessageFooter *self = GUICHE_MESSAGE_FOOTER (widget);

  GTK_WIDGET_CLASS (guiche_message_footer_parent_class)->system_setting_changed (widget, setting);
  g_clear_object (&self->layout);
  g_clear_object (&self->icon);
  gtk_widget_queue_resize (widget);
}

static void
guiche_message_footer_finalize (GObject *object)
{
  GuicheMessageFooter *self = GUICHE_MESSAGE_FOOTER (object);

  g_clear_object (&self->layout);
  g_clear_object (&self->icon);
  g_free (self->text);
  G_OBJECT_CLASS (guiche_message_footer_parent_class)->finalize (object);
}

static void
guiche_message_footer_class_init (GuicheMessageFooterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = guiche_message_footer_finalize;
  widget_class->measure = guiche_message_footer_measure;
  widget_class->snapshot = guiche_message_footer_snapshot;
  widget_class->query_tooltip = guiche_message_footer_query_tooltip;
  widget_class->css_changed = guiche_message_footer_css_changed;
  widget_class->system_setting_changed = guiche_message_footer_system_setting_changed;
  gtk_widget_class_set_css_name (widget_class, "messagefooter");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
guiche_message_footer_init (GuicheMessageFooter *self)
{
  self->text = g_strdup ("");
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

GtkWidget *
guiche_message_footer_new (void)
{
  return g_object_new (GUICHE_TYPE_MESSAGE_FOOTER, NULL);
}

void
guiche_message_footer_set (GuicheMessageFooter *self,
                           const char *text,
                           const char *icon_name,
                           const char *state)
{
  if (self->icon_name != icon_name)
    g_clear_object (&self->icon);
  self->icon_name = icon_name;
  self->state = state;
  if (!g_str_equal (self->text, text)) {
    g_free (self->text);
    self->text = g_strdup (text);
    g_clear_object (&self->layout);
  }
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
