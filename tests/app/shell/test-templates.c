/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/chat-view.h"
#include "customers/customer-editor.h"
#include "customers/customer-panel.h"
#include "inbox/channels-dialog.h"
#include "inbox/close-dialog.h"
#include "inbox/conversation-header.h"
#include "inbox/conversation-list.h"
#include "inbox/conversation-row.h"
#include "inbox/new-channel-dialog.h"
#include "inbox/people-dialog.h"
#include "inbox/sidebar-row.h"
#include "inbox/sidebar.h"
#include "inbox/snooze-dialog.h"
#include "inbox/transfer-dialog.h"
#include "search/search-dialog.h"
#include "search/search-row.h"
#include "settings/preferences-window.h"
#include "settings/profile-dialog.h"
#include "settings/time-button.h"
#include "shell/accelerators.h"
#include "shell/connection-bar.h"
#include "shell/desk-page.h"
#include "shell/styles.h"
#include "shell/welcome-page.h"
#include "shell/window.h"
#include "widgets/avatar.h"

static void
test_instantiate (gconstpointer data)
{
  GType type = *(const GType *) data;
  GtkWidget *widget = g_object_ref_sink (g_object_new (type, NULL));

  g_assert_true (GTK_IS_WIDGET (widget));
  if (GTK_IS_WINDOW (widget))
    gtk_window_destroy (GTK_WINDOW (widget));
  g_object_add_weak_pointer (G_OBJECT (widget), (gpointer *) &widget);
  g_object_unref (widget);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  /* gone, whole: nothing in it holds it */
  g_assert_null (widget);
}

static void
collect_shortcuts (GtkWidget *widget, GHashTable *found)
{
  if (GTK_IS_SHORTCUTS_SHORTCUT (widget)) {
    char *title = NULL;
    char *accelerator = NULL;

    g_object_get (widget, "title", &title, "accelerator", &accelerator, NULL);
    g_assert_true (g_hash_table_insert (found, title, accelerator));
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_shortcuts (child, found);
}

/* What the window shows is what the table binds: each row once, with its keys, and no key twice. */
static void
test_accelerators (void)
{
  g_autoptr (GArray) list = guiche_accelerators_list ();
  g_autoptr (GHashTable) shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GtkShortcutsWindow *window = guiche_accelerators_window_new ();

  collect_shortcuts (GTK_WIDGET (window), shown);
  g_assert_cmpuint (g_hash_table_size (shown), ==, list->len);
  for (guint i = 0; i < list->len; i++) {
    const GuicheAccelerator *row = &g_array_index (list, GuicheAccelerator, i);
    g_autofree char *joined = g_strjoinv (" ", (char **) row->accels);
    g_autoptr (GVariant) target = NULL;
    g_autofree char *action = NULL;

    g_assert_cmpstr (g_hash_table_lookup (shown, row->title), ==, joined);
    g_assert_true (g_action_parse_detailed_name (row->action, &action, &target, NULL));
    for (guint k = 0; row->accels[k] != NULL; k++) {
      guint keyval = 0;
      GdkModifierType modifiers = 0;

      g_assert_true (gtk_accelerator_parse (row->accels[k], &keyval, &modifiers));
      g_assert_true (g_hash_table_add (keys, gtk_accelerator_name (keyval, modifiers)));
    }
  }
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (window);
}

/* Every win.* action of the table exists. */
static void
test_window_actions (void)
{
  g_autoptr (GArray) list = guiche_accelerators_list ();
  GtkWidgetClass *klass = g_type_class_ref (GUICHE_TYPE_WINDOW);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  const char *name = NULL;
  const char *property = NULL;
  const GVariantType *parameter = NULL;
  GType owner = G_TYPE_INVALID;

  for (guint i = 0; gtk_widget_class_query_action (klass, i, &owner, &name, &parameter, &property);
       i++)
    g_hash_table_add (known, (gpointer) name);
  for (guint i = 0; i < list->len; i++) {
    const GuicheAccelerator *row = &g_array_index (list, GuicheAccelerator, i);
    g_autoptr (GVariant) target = NULL;
    g_autofree char *action = NULL;

    g_assert_true (g_action_parse_detailed_name (row->action, &action, &target, NULL));
    if (g_str_has_prefix (action, "win."))
      g_assert_true (g_hash_table_contains (known, action));
  }
  g_type_class_unref (klass);
}

static void
test_connection_words (void)
{
  g_autofree char *offline = guiche_connection_bar_text (GUICHE_DESK_OFFLINE, 0);
  g_autofree char *pending = guiche_connection_bar_text (GUICHE_DESK_OFFLINE, 3);
  g_autofree char *one = guiche_connection_bar_text (GUICHE_DESK_CONNECTING, 1);

  g_assert_nonnull (strstr (offline, "Offline"));
  g_assert_nonnull (strstr (pending, "3 messages to send"));
  g_assert_nonnull (strstr (one, "1 message to send"));
  g_assert_null (guiche_connection_bar_text (GUICHE_DESK_ONLINE, 0));
  g_assert_null (guiche_connection_bar_text (GUICHE_DESK_ONLINE, 2));
}

int
main (int argc, char *argv[])
{
  const GType types[] = {
    GUICHE_TYPE_AVATAR,
    GUICHE_TYPE_CHAT_VIEW,
    GUICHE_TYPE_CHANNELS_DIALOG,
    GUICHE_TYPE_CLOSE_DIALOG,
    GUICHE_TYPE_CONNECTION_BAR,
    GUICHE_TYPE_CONVERSATION_HEADER,
    GUICHE_TYPE_CONVERSATION_LIST,
    GUICHE_TYPE_CONVERSATION_ROW,
    GUICHE_TYPE_CUSTOMER_EDITOR,
    GUICHE_TYPE_CUSTOMER_PANEL,
    GUICHE_TYPE_DESK_PAGE,
    GUICHE_TYPE_NEW_CHANNEL_DIALOG,
    GUICHE_TYPE_PEOPLE_DIALOG,
    GUICHE_TYPE_PREFERENCES_WINDOW,
    GUICHE_TYPE_PROFILE_DIALOG,
    GUICHE_TYPE_SEARCH_DIALOG,
    GUICHE_TYPE_SEARCH_ROW,
    GUICHE_TYPE_SIDEBAR,
    GUICHE_TYPE_SIDEBAR_ROW,
    GUICHE_TYPE_SNOOZE_DIALOG,
    GUICHE_TYPE_TIME_BUTTON,
    GUICHE_TYPE_TRANSFER_DIALOG,
    GUICHE_TYPE_WELCOME_PAGE,
    GUICHE_TYPE_WINDOW,
  };

  g_test_init (&argc, &argv, NULL); /* the session isolates; GTK needs its installed schemas */
  adw_init ();
  guiche_styles_load ();
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autofree char *path = g_strdup_printf ("/shell/templates/%s", g_type_name (types[i]));

    g_test_add_data_func (path, &types[i], test_instantiate);
  }
  g_test_add_func ("/shell/accelerators", test_accelerators);
  g_test_add_func ("/shell/window-actions", test_window_actions);
  g_test_add_func ("/shell/connection-words", test_connection_words);
  return g_test_run ();
}
