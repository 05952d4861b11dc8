/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/toast.h"

#include "widgets/error-text.h"

#define TOAST_SECONDS 5
#define ACTION_SECONDS 10

static AdwToastOverlay *
find_below (GtkWidget *widget, int depth)
{
  if (ADW_IS_TOAST_OVERLAY (widget))
    return ADW_TOAST_OVERLAY (widget);
  if (depth == 0)
    return NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    AdwToastOverlay *found = find_below (child, depth - 1);

    if (found != NULL)
      return found;
  }
  return NULL;
}

static AdwToastOverlay *
find_overlay (GtkWidget *from)
{
  GtkWidget *ancestor = gtk_widget_get_ancestor (from, ADW_TYPE_TOAST_OVERLAY);
  GtkRoot *root = gtk_widget_get_root (from);

  if (ancestor != NULL)
    return ADW_TOAST_OVERLAY (ancestor);

  while (GTK_IS_WINDOW (root)) {
    AdwToastOverlay *found = find_below (GTK_WIDGET (root), 4);

    if (found != NULL)
      return found;
    root = GTK_ROOT (gtk_window_get_transient_for (GTK_WINDOW (root)));
  }
  return NULL;
}

static AdwToast *
toast_new (const char *text, guint timeout_s)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *escaped = g_markup_escape_text (valid, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_timeout (toast, timeout_s);
  return toast;
}

void
guiche_toast_show (GtkWidget *from, const char *text)
{
  AdwToastOverlay *overlay = find_overlay (from);

  g_return_if_fail (text != NULL);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (overlay, toast_new (text, TOAST_SECONDS));
}

void
guiche_toast_show_lasting (GtkWidget *from, const char *text)
{
  AdwToastOverlay *overlay = find_overlay (from);

  g_return_if_fail (text != NULL);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (overlay, toast_new (text, 0));
}

void
guiche_toast_show_error (GtkWidget *from, const GError *error)
{
  g_autofree char *text = guiche_error_text (error);

  guiche_toast_show (from, text);
}

typedef struct {
  GuicheToastFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
} Action;

static void
action_free (gpointer data, GClosure *closure)
{
  Action *action = data;

  if (action->destroy != NULL)
    action->destroy (action->user_data);
  g_free (action);
}

static void
on_toast_button_clicked (AdwToast *toast, Action *action)
{
  action->func (action->user_data);
}

void
guiche_toast_show_action (GtkWidget *from,
                          const char *text,
                          const char *label,
                          GuicheToastFunc func,
                          gpointer user_data,
                          GDestroyNotify destroy)
{
  AdwToastOverlay *overlay = find_overlay (from);
  AdwToast *toast;
  Action *action;

  g_return_if_fail (text != NULL && label != NULL && func != NULL);

  if (overlay == NULL) {
    if (destroy != NULL)
      destroy (user_data);
    return;
  }

  action = g_new (Action, 1);
  *action = (Action){ func, user_data, destroy };
  toast = toast_new (text, ACTION_SECONDS);
  adw_toast_set_button_label (toast, label);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (on_toast_button_clicked), action,
                         action_free, 0);
  adw_toast_overlay_add_toast (overlay, toast);
}
