/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/file-card.h"

#include "base/text.h"

#include <glib/gi18n.h>

struct _GuicheFileCard {
  GtkBox parent_instance;
  GtkImage *icon;
  GtkLabel *name_label;
  GtkLabel *size_label;
  GtkProgressBar *progress_bar;
  GtkWidget *open_button;
  GtkWidget *save_button;
  GuicheAttachments *attachments; /* (owned) */
  GuicheAttachment *attachment;   /* (owned) (nullable) */
  gulong progress_handler;
};

G_DEFINE_FINAL_TYPE (GuicheFileCard, guiche_file_card, GTK_TYPE_BOX)

static void
show_progress (GuicheFileCard *self)
{
  double progress;
  gboolean is_uploading;

  g_object_get (self->attachment, "progress", &progress, NULL);
  is_uploading = progress > 0 && progress < 1;
  gtk_progress_bar_set_fraction (self->progress_bar, CLAMP (progress, 0, 1));
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), is_uploading);
}

static void
on_open_clicked (GuicheFileCard *self)
{
  guiche_attachments_open (self->attachments, self->attachment, GTK_WIDGET (self));
}

static void
on_save_clicked (GuicheFileCard *self)
{
  guiche_attachments_save_as (self->attachments, self->attachment, GTK_WIDGET (self));
}

/* Only what is already here can be dragged out: a drag cannot wait for the network. */
static GdkContentProvider *
on_drag_prepare (GuicheFileCard *self)
{
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;

  g_object_get (self->attachment, "local-path", &path, NULL);
  if (!path)
    return NULL;
  file = g_file_new_for_path (path);
  return gdk_content_provider_new_typed (G_TYPE_FILE, file);
}

static void
guiche_file_card_dispose (GObject *object)
{
  GuicheFileCard *self = GUICHE_FILE_CARD (object);

  if (self->attachment)
    g_clear_signal_handler (&self->progress_handler, self->attachment);
  g_clear_object (&self->attachment);
  g_clear_object (&self->attachments);
  G_OBJECT_CLASS (guiche_file_card_parent_class)->dispose (object);
}

static void
guiche_file_card_class_init (GuicheFileCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_file_card_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/chat/file-card.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheFileCard, icon);
  gtk_widget_class_bind_template_child (widget_class, GuicheFileCard, name_label);
  gtk_widget_class_bind_template_child (widget_class, GuicheFileCard, size_label);
  gtk_widget_class_bind_template_child (widget_class, GuicheFileCard, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, GuicheFileCard, open_button);
  gtk_widget_class_bind_template_child (widget_class, GuicheFileCard, save_button);
  gtk_widget_class_bind_template_callback (widget_class, on_open_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked);
}

static void
guiche_file_card_init (GuicheFileCard *self)
{
  GtkDragSource *drag = gtk_drag_source_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (drag, "prepare", G_CALLBACK (on_drag_prepare), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

GtkWidget *
guiche_file_card_new (GuicheAttachments *attachments)
{
  GuicheFileCard *self = g_object_new (GUICHE_TYPE_FILE_CARD, NULL);

  self->attachments = g_object_ref (attachments);
  return GTK_WIDGET (self);
}

void
guiche_file_card_set (GuicheFileCard *self, GuicheAttachment *attachment)
{
  g_autofree char *name = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *type = NULL;
  g_autofree char *size_text = NULL;
  g_autoptr (GIcon) icon = NULL;
  gint64 size;

  if (self->attachment)
    g_clear_signal_handler (&self->progress_handler, self->attachment);
  g_set_object (&self->attachment, attachment);
  g_object_get (attachment, "name", &name, "size", &size, NULL);
  shown = guiche_text_file_name (name ? name : "");
  type = g_content_type_guess (shown, NULL, 0, NULL);
  icon = g_content_type_get_icon (type);
  size_text = g_format_size ((guint64) MAX (size, 0));
  gtk_image_set_from_gicon (self->icon, icon);
  gtk_label_set_text (self->name_label, shown);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name_label), shown);
  gtk_label_set_text (self->size_label, size_text);
  self->progress_handler =
      g_signal_connect_swapped (attachment, "notify::progress", G_CALLBACK (show_progress), self);
  show_progress (self);
}
