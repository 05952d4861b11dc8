/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/message-text-view.h"

#include <string.h>

/* A longer text is wider than any bubble: nobody needs its natural width. */
#define SURELY_WIDE_CHARACTERS 110
#define WIDE 4096
#define MINIMUM_WIDTH 24

struct _GuicheMessageTextView {
  GtkWidget parent_instance;
  PangoLayout *layout;       /* (owned) (nullable): made when first measured */
  char *text;                /* (owned) */
  PangoAttrList *attributes; /* (owned) (nullable) */
  PangoAlignment alignment;
  int natural_width;   /* 0: not known yet */
  int width_of_layout; /* pixels, -1: unwrapped */
  int anchor, cursor;  /* the selection, in bytes; the same: none */
};

G_DEFINE_FINAL_TYPE (GuicheMessageTextView, guiche_message_text_view, GTK_TYPE_WIDGET)

/* --- the layout ---------------------------------------------------------------------------------
 */

static PangoLayout *
layout_for (GuicheMessageTextView *self, int width)
{
  if (!self->layout) {
    self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->text);
    pango_layout_set_wrap (self->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_attributes (self->layout, self->attributes);
    pango_layout_set_alignment (self->layout, self->alignment);
    self->width_of_layout = -1;
  }
  if (width != self->width_of_layout) {
    pango_layout_set_width (self->layout, width < 0 ? -1 : width * PANGO_SCALE);
    self->width_of_layout = width;
  }
  return self->layout;
}

static int
natural_width (GuicheMessageTextView *self)
{
  if (self->natural_width == 0 && g_utf8_strlen (self->text, -1) > SURELY_WIDE_CHARACTERS)
    self->natural_width = WIDE;
  if (self->natural_width == 0) {
    PangoRectangle logical;

    pango_layout_get_extents (layout_for (self, -1), NULL, &logical);
    self->natural_width = MAX (PANGO_PIXELS_CEIL (logical.width), 1);
  }
  return self->natural_width;
}

/* Nothing is wrapped where there is room: the unwrapped layout is kept, unless lines are aligned
 * within the width. */
static PangoLayout *
layout_within (GuicheMessageTextView *self, int width)
{
  if (width < 0 || (natural_width (self) <= width && self->alignment == PANGO_ALIGN_LEFT))
    return layout_for (self, -1);
  return layout_for (self, MAX (width, MINIMUM_WIDTH));
}

static void
forget_layout (GuicheMessageTextView *self)
{
  g_clear_object (&self->layout);
  self->natural_width = 0;
}

static void
guiche_message_text_view_measure (GtkWidget *widget,
                                  GtkOrientation orientation,
                                  int for_size,
                                  int *minimum,
                                  int *natural,
                                  int *minimum_baseline,
                                  int *natural_baseline)
{
  GuicheMessageTextView *self = GUICHE_MESSAGE_TEXT_VIEW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *natural = natural_width (self);
    *minimum = MIN (*natural, MINIMUM_WIDTH);
    return;
  }
  pango_layout_get_pixel_size (layout_within (self, for_size), NULL, minimum);
  *natural = *minimum;
}

static GtkSizeRequestMode
guiche_message_text_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
snapshot_selection (GuicheMessageTextView *self, GtkSnapshot *snapshot, PangoLayout *layout)
{
  int range[2] = { MIN (self->anchor, self->cursor), MAX (self->anchor, self->cursor) };
  cairo_region_t *region = gdk_pango_layout_get_clip_region (layout, 0, 0, range, 1);
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  color.alpha *= 0.25f;
  for (int i = 0; i < cairo_region_num_rectangles (region); i++) {
    cairo_rectangle_int_t part;

    cairo_region_get_rectangle (region, i, &part);
    gtk_snapshot_append_color (snapshot, &color,
                               &GRAPHENE_RECT_INIT (part.x, part.y, part.width, part.height));
  }
  cairo_region_destroy (region);
}

static void
guiche_message_text_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GuicheMessageTextView *self = GUICHE_MESSAGE_TEXT_VIEW (widget);
  PangoLayout *layout = layout_within (self, gtk_widget_get_width (widget));

  if (self->anchor != self->cursor)
    snapshot_selection (self, snapshot, layout);
  gtk_snapshot_render_layout (snapshot, gtk_widget_get_style_context (widget), 0, 0, layout);
}

/* --- selecting
 * ------------------------------------------------------------------------------------ */

static int
nearest_index (GuicheMessageTextView *self, double x, double y)
{
  PangoLayout *layout = layout_within (self, gtk_widget_get_width (GTK_WIDGET (self)));
  int index, trailing;

  pango_layout_xy_to_index (layout, (int) (x * PANGO_SCALE), (int) (y * PANGO_SCALE), &index,
                            &trailing);
  while (trailing-- > 0 && self->text[index])
    index = (int) (g_utf8_next_char (self->text + index) - self->text);
  return index;
}

static void
select_range (GuicheMessageTextView *self, int anchor, int cursor)
{
  self->anchor = anchor;
  self->cursor = cursor;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
select_word (GuicheMessageTextView *self, int index)
{
  const char *start = self->text + index, *end = start;

  while (start > self->text) {
    const char *before = g_utf8_prev_char (start);

    if (!g_unichar_isalnum (g_utf8_get_char (before)))
      break;
    start = before;
  }
  while (*end && g_unichar_isalnum (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  select_range (self, (int) (start - self->text), (int) (end - self->text));
}

static void
on_pressed (GuicheMessageTextView *self, int n_press, double x, double y)
{
  int index = nearest_index (self, x, y);

  if (n_press == 2)
    select_word (self, index);
  else if (n_press == 3)
    select_range (self, 0, (int) strlen (self->text));
  else
    select_range (self, index, index);
}

static void
on_drag_update (GuicheMessageTextView *self, double by_x, double by_y, GtkGestureDrag *drag)
{
  double x, y;

  if (!gtk_gesture_drag_get_start_point (drag, &x, &y) || (by_x == 0 && by_y == 0))
    return;
  select_range (self, self->anchor, nearest_index (self, x + by_x, y + by_y));
  if (self->anchor != self->cursor)
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

static gboolean
copy_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  g_autofree char *text =
      guiche_message_text_view_dup_selection (GUICHE_MESSAGE_TEXT_VIEW (widget));

  if (!text)
    return FALSE;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  return TRUE;
}

static gboolean
select_all_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  GuicheMessageTextView *self = GUICHE_MESSAGE_TEXT_VIEW (widget);

  select_range (self, 0, (int) strlen (self->text));
  return TRUE;
}

/* One selection at a time. */
static void
on_focus_left (GuicheMessageTextView *self)
{
  select_range (self, 0, 0);
}

/* --- the object
 * ------------------------------------------------------------------------------------- */

static void
guiche_message_text_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (guiche_message_text_view_parent_class)->css_changed (widget, change);
  forget_layout (GUICHE_MESSAGE_TEXT_VIEW (widget));
}

static void
guiche_message_text_view_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (guiche_message_text_view_parent_class)
      ->system_setting_changed (widget, setting);
  forget_layout (GUICHE_MESSAGE_TEXT_VIEW (widget));
  gtk_widget_queue_resize (widget);
}

static void
guiche_message_text_view_finalize (GObject *object)
{
  GuicheMessageTextView *self = GUICHE_MESSAGE_TEXT_VIEW (object);

  g_clear_object (&self->layout);
  g_clear_pointer (&self->attributes, pango_attr_list_unref);
  g_free (self->text);
  G_OBJECT_CLASS (guiche_message_text_view_parent_class)->finalize (object);
}

static void
guiche_message_text_view_class_init (GuicheMessageTextViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = guiche_message_text_view_finalize;
  widget_class->measure = guiche_message_text_view_measure;
  widget_class->get_request_mode = guiche_message_text_view_get_request_mode;
  widget_class->snapshot = guiche_message_text_view_snapshot;
  widget_class->css_changed = guiche_message_text_view_css_changed;
  widget_class->system_setting_changed = guiche_message_text_view_system_setting_changed;
  gtk_widget_class_set_css_name (widget_class, "messagetext");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, copy_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Insert, GDK_CONTROL_MASK, copy_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_a, GDK_CONTROL_MASK, select_all_cb, NULL);
}

static void
guiche_message_text_view_init (GuicheMessageTextView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->text = g_strdup ("");
  self->width_of_layout = -1;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_focus_on_click (widget, FALSE);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (on_focus_left), self);
  gtk_gesture_group (click, drag);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, focus);
}

GtkWidget *
guiche_message_text_view_new (void)
{
  return g_object_new (GUICHE_TYPE_MESSAGE_TEXT_VIEW, NULL);
}

void
guiche_message_text_view_set (GuicheMessageTextView *self,
                              const char *text,
                              PangoAttrList *attributes,
                              PangoAlignment alignment)
{
  if (g_str_equal (self->text, text) && !attributes && !self->attributes &&
      alignment == self->alignment)
    return;
  g_free (self->text);
  self->text = g_strdup (text);
  g_clear_pointer (&self->attributes, pango_attr_list_unref);
  self->attributes = attributes ? pango_attr_list_ref (attributes) : NULL;
  self->alignment = alignment;
  self->anchor = self->cursor = 0;
  forget_layout (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

int
guiche_message_text_view_index_at (GuicheMessageTextView *self, double x, double y)
{
  PangoLayout *layout = layout_within (self, gtk_widget_get_width (GTK_WIDGET (self)));
  int index, trailing;

  if (!pango_layout_xy_to_index (layout, (int) (x * PANGO_SCALE), (int) (y * PANGO_SCALE), &index,
                                 &trailing))
    return -1;
  return index;
}

char *
guiche_message_text_view_dup_selection (GuicheMessageTextView *self)
{
  int start = MIN (self->anchor, self->cursor), end = MAX (self->anchor, self->cursor);

  return start == end ? NULL : g_strndup (self->text + start, (gsize) (end - start));
}
