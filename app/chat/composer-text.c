/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/composer-text.h"

#include <glib/gi18n.h>
#include <string.h>

struct _GuicheComposerText {
  GtkTextView parent_instance;
  char *placeholder; /* (nullable) */
  gboolean enter_sends;
};

G_DEFINE_FINAL_TYPE (GuicheComposerText, guiche_composer_text, GTK_TYPE_TEXT_VIEW)

enum {
  PROP_ENTER_SENDS = 1,
  N_PROPS
};

enum {
  SIGNAL_SEND,
  SIGNAL_CANCEL,
  SIGNAL_EDIT_LAST,
  SIGNAL_IMAGE_PASTED,
  SIGNAL_FILES_DROPPED,
  SIGNAL_KEY,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static GtkTextBuffer *
buffer_of (GuicheComposerText *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self));
}

static gboolean
is_empty (GuicheComposerText *self)
{
  return gtk_text_buffer_get_char_count (buffer_of (self)) == 0;
}

static gboolean
is_return (guint keyval)
{
  return keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter;
}

static gboolean
on_key_pressed (GuicheComposerText *self, guint keyval, guint keycode, GdkModifierType state)
{
  GdkModifierType modifiers = state & (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK);
  gboolean is_taken = FALSE;

  if (modifiers == 0)
    g_signal_emit (self, signals[SIGNAL_KEY], 0, keyval, &is_taken);
  if (is_taken)
    return TRUE;
  if (is_return (keyval) &&
      (modifiers == GDK_CONTROL_MASK || (self->enter_sends && modifiers == 0))) {
    g_signal_emit (self, signals[SIGNAL_SEND], 0);
    return TRUE;
  }
  if (keyval == GDK_KEY_Escape && modifiers == 0) {
    g_signal_emit (self, signals[SIGNAL_CANCEL], 0);
    return TRUE;
  }
  if (keyval == GDK_KEY_Up && modifiers == 0 && is_empty (self)) {
    g_signal_emit (self, signals[SIGNAL_EDIT_LAST], 0);
    return TRUE;
  }
  return FALSE;
}

static void
texture_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GuicheComposerText) self = data;
  g_autoptr (GdkTexture) texture =
                 gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (source), result, NULL);

  if (texture)
    g_signal_emit (self, signals[SIGNAL_IMAGE_PASTED], 0, texture);
}

static void
files_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GuicheComposerText) self = data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);

  if (value)
    g_signal_emit (self, signals[SIGNAL_FILES_DROPPED], 0, g_value_get_boxed (value));
}

/* Files before pictures before text: a copied file offers its name as text as well. */
static void
guiche_composer_text_paste_clipboard (GtkTextView *view)
{
  GuicheComposerText *self = GUICHE_COMPOSER_TEXT (view);
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (view));
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);

  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST) ||
      gdk_content_formats_contain_mime_type (formats, "text/uri-list"))
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL,
                                    files_read_cb, g_object_ref (self));
  else if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_TEXTURE) ||
           gdk_content_formats_contain_mime_type (formats, "image/png"))
    gdk_clipboard_read_texture_async (clipboard, NULL, texture_read_cb, g_object_ref (self));
  else
    GTK_TEXT_VIEW_CLASS (guiche_composer_text_parent_class)->paste_clipboard (view);
}

static gboolean
on_drop (GuicheComposerText *self, const GValue *value)
{
  g_signal_emit (self, signals[SIGNAL_FILES_DROPPED], 0, g_value_get_boxed (value));
  return TRUE;
}

static void
guiche_composer_text_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GuicheComposerText *self = GUICHE_COMPOSER_TEXT (widget);
  g_autoptr (PangoLayout) layout = NULL;
  GdkRGBA color;
  int x, y;

  GTK_WIDGET_CLASS (guiche_composer_text_parent_class)->snapshot (widget, snapshot);
  if (!self->placeholder || !is_empty (self))
    return;
  layout = gtk_widget_create_pango_layout (widget, self->placeholder);
  pango_layout_set_width (layout, (gtk_widget_get_width (widget) -
                                   2 * gtk_text_view_get_left_margin (GTK_TEXT_VIEW (self))) *
                                      PANGO_SCALE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha *= 0.55f;
  x = gtk_text_view_get_left_margin (GTK_TEXT_VIEW (self));
  y = gtk_text_view_get_top_margin (GTK_TEXT_VIEW (self));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

/* An empty text that was not laid out yet has no height in GTK 4.8: it always has that of a line.
 */
static void
guiche_composer_text_measure (GtkWidget *widget,
                              GtkOrientation orientation,
                              int for_size,
                              int *minimum,
                              int *natural,
                              int *minimum_baseline,
                              int *natural_baseline)
{
  g_autoptr (PangoLayout) line = NULL;
  int height;

  GTK_WIDGET_CLASS (guiche_composer_text_parent_class)
      ->measure (widget, orientation, for_size, minimum, natural, minimum_baseline,
                 natural_baseline);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  line = gtk_widget_create_pango_layout (widget, "X");
  pango_layout_get_pixel_size (line, NULL, &height);
  *minimum = MAX (*minimum, height);
  *natural = MAX (*natural, height);
}

/* GTK scrolls to the cursor by an animation that began before the entry grew, and does not mind its
 * end: a text that has room would stay scrolled. Setting the value ends the animation. */
static void
on_scrolled (GtkAdjustment *adjustment)
{
  double end =
      MAX (gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment), 0);

  if (gtk_adjustment_get_value (adjustment) > end)
    gtk_adjustment_set_value (adjustment, end);
}

static void
on_vadjustment_changed (GuicheComposerText *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self));

  if (!adjustment)
    return;
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (on_scrolled), self, 0);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (on_scrolled), self, 0);
}

/* … and leaves the scroller with the height from before. */
static void
guiche_composer_text_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (widget));

  GTK_WIDGET_CLASS (guiche_composer_text_parent_class)
      ->size_allocate (widget, width, height, baseline);
  if (adjustment && gtk_adjustment_get_page_size (adjustment) != height)
    gtk_adjustment_set_page_size (adjustment, height);
}

static void
guiche_composer_text_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, GUICHE_COMPOSER_TEXT (object)->enter_sends);
}

static void
guiche_composer_text_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  GUICHE_COMPOSER_TEXT (object)->enter_sends = g_value_get_boolean (value);
}

static void
guiche_composer_text_finalize (GObject *object)
{
  g_free (GUICHE_COMPOSER_TEXT (object)->placeholder);
  G_OBJECT_CLASS (guiche_composer_text_parent_class)->finalize (object);
}

static void
guiche_composer_text_class_init (GuicheComposerTextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->finalize = guiche_composer_text_finalize;
  object_class->get_property = guiche_composer_text_get_property;
  object_class->set_property = guiche_composer_text_set_property;
  GTK_WIDGET_CLASS (klass)->snapshot = guiche_composer_text_snapshot;
  GTK_WIDGET_CLASS (klass)->measure = guiche_composer_text_measure;
  GTK_WIDGET_CLASS (klass)->size_allocate = guiche_composer_text_size_allocate;
  GTK_TEXT_VIEW_CLASS (klass)->paste_clipboard = guiche_composer_text_paste_clipboard;
  properties[PROP_ENTER_SENDS] = g_param_spec_boolean ("enter-sends", NULL, NULL, TRUE,
                                                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_SEND] =
      g_signal_new ("send", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CANCEL] =
      g_signal_new ("cancel", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_EDIT_LAST] =
      g_signal_new ("edit-last", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_IMAGE_PASTED] = g_signal_new ("image-pasted", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                               NULL, NULL, G_TYPE_NONE, 1, GDK_TYPE_TEXTURE);
  signals[SIGNAL_FILES_DROPPED] = g_signal_new ("files-dropped", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                                NULL, NULL, G_TYPE_NONE, 1, GDK_TYPE_FILE_LIST);
  signals[SIGNAL_KEY] =
      g_signal_new ("key", type, G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_true_handled, NULL,
                    NULL, G_TYPE_BOOLEAN, 1, G_TYPE_UINT);
}

static void
guiche_composer_text_init (GuicheComposerText *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (self);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->enter_sends = TRUE;
  gtk_text_view_set_wrap_mode (view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (view, FALSE);
  gtk_text_view_set_left_margin (view, 10);
  gtk_text_view_set_right_margin (view, 10);
  gtk_text_view_set_input_hints (view, GTK_INPUT_HINT_EMOJI | GTK_INPUT_HINT_SPELLCHECK);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect (self, "notify::vadjustment", G_CALLBACK (on_vadjustment_changed), NULL);
  g_signal_connect_swapped (drop, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}

GtkWidget *
guiche_composer_text_new (void)
{
  return g_object_new (GUICHE_TYPE_COMPOSER_TEXT, NULL);
}

char *
guiche_composer_text_dup (GuicheComposerText *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer_of (self), &start, &end);
  return gtk_text_buffer_get_text (buffer_of (self), &start, &end, FALSE);
}

void
guiche_composer_text_set (GuicheComposerText *self, const char *text)
{
  gtk_text_buffer_set_text (buffer_of (self), text ? text : "", -1);
}

void
guiche_composer_text_insert (GuicheComposerText *self, const char *text)
{
  GtkTextBuffer *buffer = buffer_of (self);

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete_selection (buffer, TRUE, TRUE);
  gtk_text_buffer_insert_at_cursor (buffer, text, -1);
  gtk_text_buffer_end_user_action (buffer);
}

/* From the mark to the cursor; FALSE when no such word is being written. */
static gboolean
find_word (GuicheComposerText *self, char mark, GtkTextIter *start, GtkTextIter *end)
{
  GtkTextBuffer *buffer = buffer_of (self);

  gtk_text_buffer_get_iter_at_mark (buffer, end, gtk_text_buffer_get_insert (buffer));
  *start = *end;
  while (gtk_text_iter_backward_char (start)) {
    gunichar character = gtk_text_iter_get_char (start);
    GtkTextIter before = *start;

    if (g_unichar_isspace (character))
      return FALSE;
    if (character == (gunichar) mark)
      return !gtk_text_iter_backward_char (&before) ||
             g_unichar_isspace (gtk_text_iter_get_char (&before));
  }
  return FALSE;
}

char *
guiche_composer_text_dup_word (GuicheComposerText *self, char mark)
{
  GtkTextIter start, end;

  if (!find_word (self, mark, &start, &end))
    return NULL;
  gtk_text_iter_forward_char (&start);
  return gtk_text_buffer_get_text (buffer_of (self), &start, &end, FALSE);
}

void
guiche_composer_text_replace_word (GuicheComposerText *self, char mark, const char *text)
{
  GtkTextBuffer *buffer = buffer_of (self);
  GtkTextIter start, end;

  gtk_text_buffer_begin_user_action (buffer);
  if (find_word (self, mark, &start, &end))
    gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert_at_cursor (buffer, text, -1);
  gtk_text_buffer_end_user_action (buffer);
}

void
guiche_composer_text_set_placeholder (GuicheComposerText *self, const char *placeholder)
{
  g_free (self->placeholder);
  self->placeholder = g_strdup (placeholder);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, placeholder,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
