/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat-fixture.h"

#include <unistd.h>

GuicheDesk *
chat_fixture_open_desk (const GuichePopulate *options)
{
  static guint n_profiles;
  g_autofree char *id = g_strdup_printf ("chat-%u-%u", (guint) getpid (), n_profiles++);
  g_autofree char *directory =
      g_build_filename (g_get_user_data_dir (), "guiche", "profiles", id, NULL);
  GuicheProfile profile = { .id = id,
                            .url = (char *) "http://127.0.0.1:9",
                            .tenant = (char *) "demo",
                            .login = (char *) "ana" };
  g_autoptr (GuicheSession) session = guiche_session_new (&profile);
  g_autoptr (GError) error = NULL;
  GuicheDesk *desk;

  g_assert_true (guiche_populate_cache (directory, options, &error));
  g_assert_no_error (error);
  desk = guiche_desk_new (session, &error);
  g_assert_no_error (error);
  return desk;
}

GuicheConversation *
chat_fixture_conversation (GuicheDesk *desk)
{
  GListModel *mine = guiche_desk_get_view (desk, GUICHE_VIEW_MINE);

  for (guint i = 0; i < g_list_model_get_n_items (mine); i++) {
    g_autoptr (GuicheConversation) conversation = g_list_model_get_item (mine, i);

    if (g_strcmp0 (guiche_conversation_get_state (conversation), "open") == 0 &&
        g_strcmp0 (guiche_conversation_get_id (conversation), GUICHE_POPULATE_LONG_ID) != 0)
      return guiche_desk_find_conversation (desk, guiche_conversation_get_id (conversation));
  }
  g_assert_not_reached ();
}

void
chat_fixture_load_style (void)
{
  static const char *const rooms[] = { "widgets", "audio", "chat" };
  GdkDisplay *display = gdk_display_get_default ();

  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display),
                                    "/io/github/guiche/Guiche/icons");
  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++) {
    g_autofree char *path = g_strdup_printf ("/io/github/guiche/Guiche/%s/style.css", rooms[i]);
    g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

    gtk_css_provider_load_from_resource (provider, path);
    gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                                GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  }
}

gpointer
chat_fixture_find (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child)) {
    gpointer found = chat_fixture_find (child, type);

    if (found)
      return found;
  }
  return NULL;
}

gboolean
chat_fixture_keep_going (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

gint64
chat_fixture_patience (void)
{
  return g_getenv ("GUICHE_SANITIZED") ? 8 : 4;
}
