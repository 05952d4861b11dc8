/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/undo-bar.h"

#include <glib/gi18n.h>

struct _GuicheUndoBar {
  GtkWidget parent_instance;
  GtkRevealer *revealer;
  GtkLabel *label;
  GuicheMessage *message; /* (owned) (nullable) */
  gint64 end_us;
  guint timer_id;
};

G_DEFINE_FINAL_TYPE (GuicheUndoBar, guiche_undo_bar, GTK_TYPE_WIDGET)

static gboolean
on_second (gpointer data)
{
  GuicheUndoBar *self = data;
  gint64 left_us = self->end_us - g_get_monotonic_time ();
  guint seconds = (guint) ((MAX (left_us, 0) + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  g_autofree char *text = NULL;

  if (left_us <= 0) {
    self->timer_id = 0;
    guiche_undo_bar_stop (self);
    return G_SOURCE_REMOVE;
  }
  text = g_strdup_printf (
      g_dngettext (NULL, "Sending in %u second", "Sending in %u seconds", seconds), seconds);
  gtk_label_set_text (self->label, text);
  return G_SOURCE_CONTINUE;
}

static void
guiche_undo_bar_dispose (GObject *object)
{
  GuicheUndoBar *self = GUICHE_UNDO_BAR (object);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_object (&self->message);
  g_clear_pointer ((GtkWidget **) &self->revealer, gtk_widget_unparent);
  G_OBJECT_CLASS (guiche_undo_bar_parent_class)->dispose (object);
}

static void
guiche_undo_bar_class_init (GuicheUndoBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_undo_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/chat/undo-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheUndoBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, GuicheUndoBar, label);
}

static void
guiche_undo_bar_init (GuicheUndoBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
guiche_undo_bar_start (GuicheUndoBar *self, GuicheMessage *message, guint seconds)
{
  guiche_undo_bar_stop (self);
  self->message = g_object_ref (message);
  self->end_us = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  self->timer_id = g_timeout_add (250, on_second, self);
  on_second (self);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

GuicheMessage *
guiche_undo_bar_take (GuicheUndoBar *self)
{
  GuicheMessage *message = g_steal_pointer (&self->message);

  guiche_undo_bar_stop (self);
  return message;
}

void
guiche_undo_bar_stop (GuicheUndoBar *self)
{
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_object (&self->message);
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}
