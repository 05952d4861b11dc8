/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/message-row.h"

#include "chat/message-row-private.h"
#include "chat/message-text.h"

#define BUBBLE_MAX_WIDTH 560
#define SIDE_MARGIN 12
#define OTHER_SIDE_MARGIN 40
#define GROUP_GAP 8
#define LINE_GAP 2

G_DEFINE_FINAL_TYPE (GuicheMessageRow, guiche_message_row, GTK_TYPE_WIDGET)

static gboolean
on_refresh_due (gpointer data)
{
  GuicheMessageRow *self = data;

  self->refresh_id = 0;
  guiche_message_row_refresh (self);
  return G_SOURCE_REMOVE;
}

/* Several properties change together: one refresh for all, before the next frame. */
static void
on_notify (GuicheMessageRow *self)
{
  if (self->refresh_id == 0)
    self->refresh_id = g_idle_add_full (GDK_PRIORITY_REDRAW - 10, on_refresh_due, self, NULL);
}

/* --- layout --------------------------------------------------------------------------------------
 */

static int
gap_above (GuicheMessageRow *self)
{
  return self->starts_group || self->is_system ? GROUP_GAP : LINE_GAP;
}

static int
bubble_width (GuicheMessageRow *self, int width)
{
  int available = width - SIDE_MARGIN - (self->is_system ? SIDE_MARGIN : OTHER_SIDE_MARGIN);
  int minimum, natural;

  gtk_widget_measure (self->bubble, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  return MAX (minimum, MIN (natural, MIN (available, BUBBLE_MAX_WIDTH)));
}

static int
line_height (GuicheMessageRow *self)
{
  int natural = 0;

  if (self->line && gtk_widget_get_visible (self->line))
    gtk_widget_measure (self->line, GTK_ORIENTATION_VERTICAL, -1, NULL, &natural, NULL, NULL);
  return natural;
}

static GtkSizeRequestMode
guiche_message_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
guiche_message_row_measure (GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  GuicheMessageRow *self = GUICHE_MESSAGE_ROW (widget);
  int height;

  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = 320;
    *natural = 600;
    return;
  }
  gtk_widget_measure (self->bubble, GTK_ORIENTATION_VERTICAL,
                      bubble_width (self, for_size < 0 ? 600 : for_size), NULL, &height, NULL,
                      NULL);
  *minimum = *natural = height + line_height (self) + gap_above (self);
}

static void
guiche_message_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GuicheMessageRow *self = GUICHE_MESSAGE_ROW (widget);
  gboolean is_at_end = self->is_mine != (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL);
  int wanted = bubble_width (self, width), above = line_height (self), x = SIDE_MARGIN;

  if (above > 0)
    gtk_widget_size_allocate (self->line, &(GtkAllocation){ 0, 0, width, above }, -1);
  above += gap_above (self);
  if (self->is_system)
    x = (width - wanted) / 2;
  else if (is_at_end)
    x = width - wanted - SIDE_MARGIN;
  gtk_widget_size_allocate (self->bubble, &(GtkAllocation){ x, above, wanted, height - above }, -1);
}

/* --- the object ----------------------------------------------------------------------------------
 */

static void
guiche_message_row_dispose (GObject *object)
{
  GuicheMessageRow *self = GUICHE_MESSAGE_ROW (object);

  guiche_message_row_set_message (self, NULL);
  g_clear_pointer (&self->line, gtk_widget_unparent);
  g_clear_pointer (&self->bubble, gtk_widget_unparent);
  g_clear_object (&self->attachments);
  G_OBJECT_CLASS (guiche_message_row_parent_class)->dispose (object);
}

static void
retry_activate (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GuicheMessageRow *self = GUICHE_MESSAGE_ROW (widget);

  guiche_desk_retry_send (guiche_attachments_get_desk (self->attachments), self->message);
}

static void
guiche_message_row_class_init (GuicheMessageRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_message_row_dispose;
  widget_class->get_request_mode = guiche_message_row_get_request_mode;
  widget_class->measure = guiche_message_row_measure;
  widget_class->size_allocate = guiche_message_row_size_allocate;
  gtk_widget_class_install_action (widget_class, "message.retry-this", NULL, retry_activate);
  gtk_widget_class_set_css_name (widget_class, "message");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
guiche_message_row_init (GuicheMessageRow *self)
{
  self->bubble = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_add_css_class (self->bubble, "bubble");
  gtk_widget_set_parent (self->bubble, GTK_WIDGET (self));
  self->body = GUICHE_MESSAGE_TEXT_VIEW (guiche_message_text_view_new ());
  self->footer = GUICHE_MESSAGE_FOOTER (guiche_message_footer_new ());
  gtk_widget_set_halign (GTK_WIDGET (self->footer), GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (self->bubble), GTK_WIDGET (self->body));
  gtk_box_append (GTK_BOX (self->bubble), GTK_WIDGET (self->footer));
}

GtkWidget *
guiche_message_row_new (GuicheAttachments *attachments)
{
  GuicheMessageRow *self = g_object_new (GUICHE_TYPE_MESSAGE_ROW, NULL);

  self->attachments = g_object_ref (attachments);
  return GTK_WIDGET (self);
}

void
guiche_message_row_set_message (GuicheMessageRow *self, GuicheMessage *message)
{
  if (self->message)
    g_clear_signal_handler (&self->notify_handler, self->message);
  g_clear_handle_id (&self->refresh_id, g_source_remove);
  self->shows_all = FALSE;
  g_set_object (&self->message, message);
  if (!message) {
    g_clear_pointer (&self->links, g_ptr_array_unref);
    return;
  }
  self->notify_handler = g_signal_connect_swapped (message, "notify", G_CALLBACK (on_notify), self);
  guiche_message_row_refresh (self);
}

GuicheMessage *
guiche_message_row_get_message (GuicheMessageRow *self)
{
  return self->message;
}

void
guiche_message_row_set_highlighted (GuicheMessageRow *self, gboolean is_highlighted)
{
  if (is_highlighted)
    gtk_widget_add_css_class (GTK_WIDGET (self), "highlighted");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "highlighted");
}

char *
guiche_message_row_link_at (GuicheMessageRow *self, double x, double y)
{
  double body_x, body_y;
  int index;

  if (!self->links || !gtk_widget_translate_coordinates (GTK_WIDGET (self), GTK_WIDGET (self->body),
                                                         x, y, &body_x, &body_y))
    return NULL;
  index = guiche_message_text_view_index_at (self->body, body_x, body_y);
  for (guint i = 0; index >= 0 && i < self->links->len; i++) {
    GuicheLink *link = self->links->pdata[i];

    if (link->start <= (gsize) index && (gsize) index < link->end)
      return g_strdup (link->uri);
  }
  return NULL;
}

char *
guiche_message_row_dup_selection (GuicheMessageRow *self)
{
  return guiche_message_text_view_dup_selection (self->body);
}
