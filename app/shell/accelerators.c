/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/accelerators.h"

#include "chat/chat-actions.h"

#include <glib/gi18n.h>

#define GENERAL N_ ("General")
#define GO N_ ("Go To")
#define CONVERSATION N_ ("Conversation")
#define MESSAGES N_ ("Messages")

/* One row a shortcut. */
/* clang-format off */
static const GuicheAccelerator rows[] = {
  { "win.search", { "<Control>k", "<Control>f" }, N_ ("Search"), GENERAL },
  { "win.new-direct", { "<Control>n" }, N_ ("Message a colleague"), GENERAL },
  { "win.browse-channels", { "<Control><Shift>j" }, N_ ("Join a channel"), GENERAL },
  { "win.new-channel", { "<Control><Shift>c" }, N_ ("New channel"), GENERAL },
  { "app.do-not-disturb", { "<Control><Shift>d" }, N_ ("Do not disturb"), GENERAL },
  { "app.preferences", { "<Control>comma" }, N_ ("Preferences"), GENERAL },
  { "win.show-help-overlay", { "<Control>question", "F1" }, N_ ("Keyboard shortcuts"), GENERAL },
  { "window.close", { "<Control>w" }, N_ ("Close the window"), GENERAL },
  { "app.quit", { "<Control>q" }, N_ ("Quit"), GENERAL },
  { "win.show-view::mine", { "<Alt>1" }, N_ ("Mine"), GO },
  { "win.show-view::queue", { "<Alt>2" }, N_ ("Waiting"), GO },
  { "win.show-view::all", { "<Alt>3" }, N_ ("All open"), GO },
  { "win.show-view::channels", { "<Alt>4" }, N_ ("Channels"), GO },
  { "win.show-view::snoozed", { "<Alt>5" }, N_ ("Snoozed"), GO },
  { "win.show-view::closed", { "<Alt>6" }, N_ ("Closed"), GO },
  { "win.next-conversation", { "<Control>Page_Down", "<Alt>Down" }, N_ ("Next conversation"), GO },
  { "win.previous-conversation", { "<Control>Page_Up", "<Alt>Up" }, N_ ("Previous conversation"), GO },
  { "win.back", { "<Alt>Left" }, N_ ("Back"), GO },
  { "win.cycle-panes", { "F6" }, N_ ("Next pane"), GO },
  { "conversation.accept", { "<Control><Shift>a" }, N_ ("Accept"), CONVERSATION },
  { "conversation.assign", { "<Control><Shift>g" }, N_ ("Assign to a colleague"), CONVERSATION },
  { "conversation.transfer", { "<Control><Shift>t" }, N_ ("Transfer"), CONVERSATION },
  { "conversation.snooze", { "<Control><Shift>z" }, N_ ("Snooze"), CONVERSATION },
  { "conversation.close", { "<Control><Shift>w" }, N_ ("Close the conversation"), CONVERSATION },
  { "conversation.reopen", { "<Control><Shift>o" }, N_ ("Reopen the conversation"), CONVERSATION },
  { "win.toggle-customer", { "F9" }, N_ ("Show the customer"), CONVERSATION },
};

/* clang-format on */

GArray *
guiche_accelerators_list (void)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (GuicheAccelerator));
  guint n_chat_rows = 0;
  const GuicheChatAction *chat_rows = guiche_chat_actions (&n_chat_rows);

  g_array_append_vals (list, rows, G_N_ELEMENTS (rows));
  for (guint i = 0; i < n_chat_rows; i++) {
    const GuicheChatAction *from = &chat_rows[i];
    GuicheAccelerator row = {
      from->name, { from->accels[0], from->accels[1], NULL }, from->title, MESSAGES
    };

    g_array_append_val (list, row);
  }
  return list;
}

void
guiche_accelerators_bind (GtkApplication *application)
{
  g_autoptr (GArray) list = guiche_accelerators_list ();

  for (guint i = 0; i < list->len; i++) {
    const GuicheAccelerator *row = &g_array_index (list, GuicheAccelerator, i);

    gtk_application_set_accels_for_action (application, row->action, row->accels);
  }
}

static GtkWidget *
group_for (GtkBuilder *builder, const char *group)
{
  static const char *const ids[][2] = {
    { GENERAL, "general" },
    { GO, "go" },
    { CONVERSATION, "conversation" },
    { MESSAGES, "messages" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    if (g_str_equal (ids[i][0], group))
      return GTK_WIDGET (gtk_builder_get_object (builder, ids[i][1]));
  }
  return NULL;
}

GtkShortcutsWindow *
guiche_accelerators_window_new (void)
{
  g_autoptr (GtkBuilder) builder =
                 gtk_builder_new_from_resource ("/io/github/guiche/Guiche/shell/shortcuts.ui");
  g_autoptr (GArray) list = guiche_accelerators_list ();
  GtkShortcutsWindow *window = GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  for (guint i = 0; i < list->len; i++) {
    const GuicheAccelerator *row = &g_array_index (list, GuicheAccelerator, i);
    g_autofree char *keys = g_strjoinv (" ", (char **) row->accels);
    GtkWidget *shortcut = g_object_new (GTK_TYPE_SHORTCUTS_SHORTCUT, "title",
                                        _ (row->title), "accelerator", keys, NULL);

    gtk_box_append (GTK_BOX (group_for (builder, row->group)), shortcut);
  }
  return g_object_ref (window);
}
