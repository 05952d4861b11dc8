/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/message-view.h"

#include "chat/message-actions.h"
#include "chat/message-menu.h"
#include "chat/message-row.h"
#include "chat/message-view-private.h"

#include <glib/gi18n.h>

#define NEAR_LATEST 48
#define HIGHLIGHT_MS 1800
#define SETTLE_FRAMES 3

G_DEFINE_FINAL_TYPE (GuicheMessageView, guiche_message_view, GTK_TYPE_WIDGET)

enum {
  SIGNAL_REPLY,
  SIGNAL_EDIT,
  SIGNAL_AT_LATEST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- scrolling -----------------------------------------------------------------------------------
 */

static guint
n_messages (GuicheMessageView *self)
{
  return self->messages ? g_list_model_get_n_items (self->messages) : 0;
}

/* GTK 4.8 only has this action; the floor's one place that uses it for messages. */
static void
activate_scroll (GuicheMessageView *self, guint position)
{
  if (position < n_messages (self))
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
}

static void on_scrolled (GuicheMessageView *self, GtkAdjustment *adjustment);

/* Rows get their real heights only as they come near: aim again for some frames. */
static gboolean
on_settle_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  GuicheMessageView *self = GUICHE_MESSAGE_VIEW (widget);

  activate_scroll (self, self->target);
  if (self->n_frames_left-- > 1)
    return G_SOURCE_CONTINUE;
  self->target = G_MAXUINT;
  self->tick_id = 0;
  on_scrolled (self, gtk_scrolled_window_get_vadjustment (self->scroller));
  return G_SOURCE_REMOVE;
}

static void
aim (GuicheMessageView *self, guint position)
{
  self->target = position;
  self->n_frames_left = SETTLE_FRAMES;
  activate_scroll (self, position);
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_settle_frame, NULL, NULL);
}

static void
show_latest_button (GuicheMessageView *self)
{
  g_autofree char *text = g_strdup_printf ("%u", self->n_new);

  gtk_widget_set_visible (self->latest_button, !self->sticks);
  gtk_widget_set_visible (GTK_WIDGET (self->latest_count), self->n_new > 0);
  gtk_label_set_text (self->latest_count, text);
  if (self->n_new > 0) {
    g_autofree char *label =
        g_strdup_printf (g_dngettext (NULL, "Go to the latest message, %u new",
                                      "Go to the latest message, %u new", self->n_new),
                         self->n_new);

    gtk_accessible_update_property (GTK_ACCESSIBLE (self->latest_button),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  }
}

static void
set_sticks (GuicheMessageView *self, gboolean sticks)
{
  if (sticks)
    self->n_new = 0;
  self->sticks = sticks;
  show_latest_button (self);
  if (sticks)
    g_signal_emit (self, signals[SIGNAL_AT_LATEST], 0);
}

static gboolean
is_near_latest (GtkAdjustment *adjustment)
{
  return gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) +
             NEAR_LATEST >=
         gtk_adjustment_get_upper (adjustment);
}

static void
on_scrolled (GuicheMessageView *self, GtkAdjustment *adjustment)
{
  gboolean is_near = is_near_latest (adjustment);

  if (self->target == G_MAXUINT && is_near != self->sticks)
    set_sticks (self, is_near);
}

static void
on_size_changed (GuicheMessageView *self, GtkAdjustment *adjustment)
{
  if (self->sticks && self->target == G_MAXUINT && !is_near_latest (adjustment) &&
      n_messages (self) > 0)
    aim (self, n_messages (self) - 1);
}

static void
on_items_changed (GuicheMessageView *self, guint position, guint removed, guint added)
{
  guint n = n_messages (self);

  if (added == 0 || position + added != n)
    return;
  if (self->sticks) {
    aim (self, n - 1);
    g_signal_emit (self, signals[SIGNAL_AT_LATEST], 0);
    return;
  }
  if (added > removed)
    self->n_new += added - removed;
  show_latest_button (self);
}

/* --- rows
 * ------------------------------------------------------------------------------------------ */

static void
on_setup (GuicheMessageView *self, GtkListItem *item)
{
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, guiche_message_row_new (self->attachments));
}

static void
on_bind (GuicheMessageView *self, GtkListItem *item)
{
  GuicheMessageRow *row = GUICHE_MESSAGE_ROW (gtk_list_item_get_child (item));

  guiche_message_row_set_message (row, gtk_list_item_get_item (item));
  guiche_message_row_set_highlighted (row, gtk_list_item_get_position (item) == self->highlighted);
  g_hash_table_insert (self->rows, row, GUINT_TO_POINTER (gtk_list_item_get_position (item)));
}

static void
on_unbind (GuicheMessageView *self, GtkListItem *item)
{
  GuicheMessageRow *row = GUICHE_MESSAGE_ROW (gtk_list_item_get_child (item));

  g_hash_table_remove (self->rows, row);
  guiche_message_row_set_message (row, NULL);
}

static void
highlight (GuicheMessageView *self, guint position)
{
  GHashTableIter iter;
  gpointer row, bound;

  self->highlighted = position;
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &row, &bound))
    guiche_message_row_set_highlighted (row, GPOINTER_TO_UINT (bound) == position);
}

static gboolean
on_highlight_over (gpointer data)
{
  GuicheMessageView *self = data;

  self->highlight_id = 0;
  highlight (self, G_MAXUINT);
  return G_SOURCE_REMOVE;
}

/* --- the object
 * ------------------------------------------------------------------------------------------ */

static void
guiche_message_view_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  gtk_widget_measure (GUICHE_MESSAGE_VIEW (widget)->overlay, orientation, for_size, minimum,
                      natural, NULL, NULL);
}

static void
guiche_message_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GuicheMessageView *self = GUICHE_MESSAGE_VIEW (widget);

  gtk_widget_size_allocate (self->overlay, &(GtkAllocation){ 0, 0, width, height }, baseline);
  if (self->popover)
    gtk_popover_present (GTK_POPOVER (self->popover));
}

static void
guiche_message_view_dispose (GObject *object)
{
  GuicheMessageView *self = GUICHE_MESSAGE_VIEW (object);

  g_clear_handle_id (&self->highlight_id, g_source_remove);
  if (self->list)
    guiche_message_view_set_messages (self, NULL, 0);
  g_clear_object (&self->menu_message);
  g_clear_weak_pointer (&self->menu_row);
  g_clear_object (&self->attachments);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  self->list = NULL;
  G_OBJECT_CLASS (guiche_message_view_parent_class)->dispose (object);
}

static void
guiche_message_view_finalize (GObject *object)
{
  GuicheMessageView *self = GUICHE_MESSAGE_VIEW (object);

  g_hash_table_unref (self->rows);
  g_free (self->menu_link);
  G_OBJECT_CLASS (guiche_message_view_parent_class)->finalize (object);
}

static void
guiche_message_view_class_init (GuicheMessageViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = guiche_message_view_dispose;
  object_class->finalize = guiche_message_view_finalize;
  widget_class->measure = guiche_message_view_measure;
  widget_class->size_allocate = guiche_message_view_size_allocate;
  signals[SIGNAL_REPLY] = g_signal_new ("reply", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, GUICHE_TYPE_MESSAGE);
  signals[SIGNAL_EDIT] = g_signal_new ("edit", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, GUICHE_TYPE_MESSAGE);
  signals[SIGNAL_AT_LATEST] = g_signal_new ("at-latest", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/chat/message-view.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheMessageView, overlay);
  gtk_widget_class_bind_template_child (widget_class, GuicheMessageView, scroller);
  gtk_widget_class_bind_template_child (widget_class, GuicheMessageView, list);
  gtk_widget_class_bind_template_child (widget_class, GuicheMessageView, latest_button);
  gtk_widget_class_bind_template_child (widget_class, GuicheMessageView, latest_count);
  gtk_widget_class_bind_template_child (widget_class, GuicheMessageView, message_menu);
  guiche_message_actions_install (widget_class);
  guiche_message_menu_add_bindings (widget_class);
}

static void
guiche_message_view_init (GuicheMessageView *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkAdjustment *adjustment;

  self->rows = g_hash_table_new (NULL, NULL);
  self->target = self->highlighted = G_MAXUINT;
  self->sticks = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (factory, "setup", G_CALLBACK (on_setup), self);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (on_bind), self);
  g_signal_connect_swapped (factory, "unbind", G_CALLBACK (on_unbind), self);
  gtk_list_view_set_factory (self->list, factory);
  g_object_unref (factory);
  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (on_scrolled), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (on_size_changed), self,
                           G_CONNECT_SWAPPED);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Messages"), -1);
  guiche_message_menu_add_controllers (self);
}

GtkWidget *
guiche_message_view_new (GuicheAttachments *attachments)
{
  GuicheMessageView *self = g_object_new (GUICHE_TYPE_MESSAGE_VIEW, NULL);

  guiche_message_view_set_attachments (self, attachments);
  return GTK_WIDGET (self);
}

void
guiche_message_view_set_attachments (GuicheMessageView *self, GuicheAttachments *attachments)
{
  g_set_object (&self->attachments, attachments);
}

void
guiche_message_view_set_messages (GuicheMessageView *self, GListModel *messages, guint start)
{
  g_autoptr (GtkNoSelection) selection = NULL;

  if (self->messages)
    g_clear_signal_handler (&self->items_handler, self->messages);
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
  self->tick_id = 0;
  self->target = self->highlighted = G_MAXUINT;
  self->n_new = 0;
  g_set_object (&self->messages, messages);
  if (!messages) {
    gtk_list_view_set_model (self->list, NULL);
    return;
  }
  selection = gtk_no_selection_new (g_object_ref (messages));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  /* after the list view's own handler: it must know of a new row before it can scroll there */
  self->items_handler =
      g_signal_connect_object (messages, "items-changed", G_CALLBACK (on_items_changed), self,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  self->sticks = start >= n_messages (self);
  show_latest_button (self);
  if (n_messages (self) > 0)
    aim (self, self->sticks ? n_messages (self) - 1 : start);
}

void
guiche_message_view_scroll_to (GuicheMessageView *self, guint position)
{
  if (position >= n_messages (self))
    return;
  set_sticks (self, position + 1 == n_messages (self));
  aim (self, position);
}

void
guiche_message_view_scroll_to_latest (GuicheMessageView *self)
{
  if (n_messages (self) > 0)
    guiche_message_view_scroll_to (self, n_messages (self) - 1);
}

gboolean
guiche_message_view_is_at_latest (GuicheMessageView *self)
{
  return self->sticks;
}

void
guiche_message_view_show_position (GuicheMessageView *self, guint position)
{
  guiche_message_view_scroll_to (self, position);
  highlight (self, position);
  g_clear_handle_id (&self->highlight_id, g_source_remove);
  self->highlight_id = g_timeout_add (HIGHLIGHT_MS, on_highlight_over, self);
}

gboolean
guiche_message_view_show_seq (GuicheMessageView *self, gint64 seq)
{
  guint position = GUICHE_IS_MESSAGE_LIST (self->messages)
                       ? guiche_message_list_find_seq (GUICHE_MESSAGE_LIST (self->messages), seq)
                       : G_MAXUINT;

  if (position >= n_messages (self))
    return FALSE;
  guiche_message_view_show_position (self, position);
  return TRUE;
}

GtkAdjustment *
guiche_message_view_get_adjustment (GuicheMessageView *self)
{
  return gtk_scrolled_window_get_vadjustment (self->scroller);
}

void
guiche_message_view_emit_reply (GuicheMessageView *self, GuicheMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_REPLY], 0, message);
}

void
guiche_message_view_emit_edit (GuicheMessageView *self, GuicheMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_EDIT], 0, message);
}
