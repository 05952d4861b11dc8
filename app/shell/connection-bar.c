/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/connection-bar.h"

#include "widgets/accessible.h"

#include <glib/gi18n.h>

#define PATIENCE_MS 1000

struct _GuicheConnectionBar {
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkSpinner *spinner;
  GtkWidget *content, *icon, *retry;
  GtkLabel *text;

  GuicheDesk *desk;      /* (owned) (nullable) */
  GSignalGroup *signals; /* (owned) */
  guint patience_id;
};

G_DEFINE_FINAL_TYPE (GuicheConnectionBar, guiche_connection_bar, ADW_TYPE_BIN)

static char *
pending_text (guint n_pending)
{
  return g_strdup_printf (ngettext ("%u message to send", "%u messages to send", n_pending),
                          n_pending);
}

char *
guiche_connection_bar_text (GuicheDeskState state, guint n_pending)
{
  g_autofree char *pending = pending_text (n_pending);

  switch (state) {
  case GUICHE_DESK_OFFLINE:
    if (n_pending > 0)
      /* Translators: %s is "3 messages to send" */
      return g_strdup_printf (_ ("Offline · %s"), pending);
    return g_strdup (_ ("Offline · You can go on reading and writing"));
  case GUICHE_DESK_CONNECTING:
    if (n_pending > 0)
      /* Translators: %s is "3 messages to send" */
      return g_strdup_printf (_ ("Connecting… · %s"), pending);
    return g_strdup (_ ("Connecting…"));
  case GUICHE_DESK_REPLAYING:
    return g_strdup (_ ("Receiving what was missed…"));
  case GUICHE_DESK_SIGNED_OUT:
    return g_strdup (_ ("Signed out"));
  case GUICHE_DESK_ONLINE:
  default:
    return NULL;
  }
}

static void
refresh (GuicheConnectionBar *self)
{
  guint n_pending = 0;
  GuicheDeskState state;
  g_autofree char *text = NULL;
  gboolean is_busy;

  g_clear_handle_id (&self->patience_id, g_source_remove);
  if (self->desk == NULL) {
    gtk_revealer_set_reveal_child (self->revealer, FALSE);
    return;
  }

  state = guiche_desk_get_state (self->desk);
  g_object_get (self->desk, "pending", &n_pending, NULL);
  text = guiche_connection_bar_text (state, n_pending);
  is_busy = state == GUICHE_DESK_CONNECTING || state == GUICHE_DESK_REPLAYING;
  gtk_revealer_set_reveal_child (self->revealer, text != NULL);
  gtk_spinner_set_spinning (self->spinner, text != NULL && is_busy);
  if (text == NULL)
    return;

  gtk_label_set_text (self->text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_busy);
  gtk_widget_set_visible (self->icon, !is_busy);
  gtk_widget_set_visible (self->retry, state == GUICHE_DESK_OFFLINE);
}

static gboolean
on_patience_over (gpointer user_data)
{
  GuicheConnectionBar *self = user_data;

  self->patience_id = 0;
  refresh (self);
  return G_SOURCE_REMOVE;
}

/* Good news at once; bad news when it lasts. */
static void
on_desk_notify (GuicheConnectionBar *self)
{
  gboolean is_shown = gtk_revealer_get_reveal_child (self->revealer);

  if (is_shown || guiche_desk_get_state (self->desk) == GUICHE_DESK_ONLINE) {
    refresh (self);
    return;
  }
  if (self->patience_id == 0)
    self->patience_id = g_timeout_add (PATIENCE_MS, on_patience_over, self);
}

static void
on_retry_clicked_cb (GuicheConnectionBar *self)
{
  guiche_desk_retry_now (self->desk);
}

static void
guiche_connection_bar_dispose (GObject *object)
{
  GuicheConnectionBar *self = GUICHE_CONNECTION_BAR (object);

  g_clear_handle_id (&self->patience_id, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (guiche_connection_bar_parent_class)->dispose (object);
}

static void
guiche_connection_bar_class_init (GuicheConnectionBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_connection_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/shell/connection-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheConnectionBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, GuicheConnectionBar, content);
  gtk_widget_class_bind_template_child (widget_class, GuicheConnectionBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, GuicheConnectionBar, icon);
  gtk_widget_class_bind_template_child (widget_class, GuicheConnectionBar, text);
  gtk_widget_class_bind_template_child (widget_class, GuicheConnectionBar, retry);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_clicked_cb);
}

static void
guiche_connection_bar_init (GuicheConnectionBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  guiche_accessible_clean_buttons (GTK_WIDGET (self));
  self->signals = g_signal_group_new (GUICHE_TYPE_DESK);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (on_desk_notify),
                                  self);
  g_signal_group_connect_swapped (self->signals, "notify::pending", G_CALLBACK (on_desk_notify),
                                  self);
}

void
guiche_connection_bar_set_desk (GuicheConnectionBar *self, GuicheDesk *desk)
{
  if (!g_set_object (&self->desk, desk))
    return;

  g_signal_group_set_target (self->signals, desk);
  if (desk != NULL)
    on_desk_notify (self);
  else
    refresh (self);
}
