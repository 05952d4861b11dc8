/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/picture-view.h"

#include "base/text.h"

#include <glib/gi18n.h>

#define SHOWN_WIDTH 320
#define SHOWN_HEIGHT 240
#define WAITING_WIDTH 200
#define WAITING_HEIGHT 150
#define SMALLEST 48

struct _GuichePictureView {
  GtkWidget parent_instance;
  GtkWidget *button;
  GtkWidget *picture;
  int width, height;              /* as shown where there is room */
  GuicheAttachments *attachments; /* (owned) */
  GuicheAttachment *attachment;   /* (owned) (nullable) */
  GCancellable *loading;          /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (GuichePictureView, guiche_picture_view, GTK_TYPE_WIDGET)

static void
set_size (GuichePictureView *self, double width, double height)
{
  double scale = MIN (1.0, MIN (SHOWN_WIDTH / width, SHOWN_HEIGHT / height));

  self->width = MAX ((int) (width * scale), SMALLEST);
  self->height = MAX ((int) (height * scale), SMALLEST);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
show_texture (GuichePictureView *self, GdkTexture *texture)
{
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
  set_size (self, gdk_texture_get_width (texture), gdk_texture_get_height (texture));
  gtk_widget_remove_css_class (GTK_WIDGET (self), "waiting");
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GuichePictureView) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = guiche_attachments_load_texture_finish (
      GUICHE_ATTACHMENTS (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (texture)
    show_texture (self, texture);
  else
    gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                                 _ ("The image cannot be shown. Open or save it instead."));
}

static void
on_pressed (GuichePictureView *self)
{
  if (self->attachment)
    guiche_attachments_open (self->attachments, self->attachment, GTK_WIDGET (self));
}

/* The size is its own, not the texture's, so that a row is as high before as after the loading of
 * most pictures. */
static void
guiche_picture_view_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  GuichePictureView *self = GUICHE_PICTURE_VIEW (widget);

  gtk_widget_measure (self->button, orientation, -1, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = MIN (self->width, SHOWN_WIDTH * 3 / 4);
    *natural = self->width;
    return;
  }
  if (for_size > 0 && for_size < self->width)
    *minimum = *natural = MAX (self->height * for_size / self->width, SMALLEST);
  else
    *minimum = *natural = self->height;
}

static void
guiche_picture_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GuichePictureView *self = GUICHE_PICTURE_VIEW (widget);

  gtk_widget_size_allocate (self->button,
                            &(GtkAllocation){ 0, 0, MIN (width, self->width), height }, -1);
}

static GtkSizeRequestMode
guiche_picture_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
guiche_picture_view_dispose (GObject *object)
{
  GuichePictureView *self = GUICHE_PICTURE_VIEW (object);

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_object (&self->attachment);
  g_clear_object (&self->attachments);
  g_clear_pointer (&self->button, gtk_widget_unparent);
  G_OBJECT_CLASS (guiche_picture_view_parent_class)->dispose (object);
}

static void
guiche_picture_view_class_init (GuichePictureViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_picture_view_dispose;
  widget_class->measure = guiche_picture_view_measure;
  widget_class->size_allocate = guiche_picture_view_size_allocate;
  widget_class->get_request_mode = guiche_picture_view_get_request_mode;
}

static void
guiche_picture_view_init (GuichePictureView *self)
{
  self->button = gtk_button_new ();
  self->picture = gtk_picture_new ();
  self->width = WAITING_WIDTH;
  self->height = WAITING_HEIGHT;
  gtk_picture_set_can_shrink (GTK_PICTURE (self->picture), TRUE);
  gtk_button_set_child (GTK_BUTTON (self->button), self->picture);
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_add_css_class (self->button, "picture-button");
  gtk_widget_set_overflow (self->button, GTK_OVERFLOW_HIDDEN);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (on_pressed), self);
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_START);
  gtk_widget_add_css_class (GTK_WIDGET (self), "picture-view");
}

GtkWidget *
guiche_picture_view_new (GuicheAttachments *attachments)
{
  GuichePictureView *self = g_object_new (GUICHE_TYPE_PICTURE_VIEW, NULL);

  self->attachments = g_object_ref (attachments);
  return GTK_WIDGET (self);
}

void
guiche_picture_view_set (GuichePictureView *self, GuicheAttachment *attachment)
{
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *name = NULL;
  g_autofree char *shown = NULL;

  if (!g_set_object (&self->attachment, attachment))
    return;
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_object_get (attachment, "name", &name, NULL);
  shown = guiche_text_file_name (name ? name : "");
  gtk_picture_set_alternative_text (GTK_PICTURE (self->picture), shown);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  shown, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), shown);
  texture = guiche_attachments_peek_texture (self->attachments, attachment);
  if (texture) {
    show_texture (self, texture);
    return;
  }
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), NULL);
  set_size (self, WAITING_WIDTH, WAITING_HEIGHT);
  gtk_widget_add_css_class (GTK_WIDGET (self), "waiting");
  self->loading = g_cancellable_new ();
  guiche_attachments_load_texture_async (self->attachments, attachment, self->loading, loaded_cb,
                                         g_object_ref (self));
}
