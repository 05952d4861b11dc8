/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against a real notification daemon (dunst), asked over D-Bus what it shows and pressed by
 * dunstctl. */
#include "chat-fixture.h"
#include "notifications/notification-backend.h"
#include "notifications/notifier.h"
#include "widgets/preferences.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  GApplication *application;
  GuicheDesk *desk;
  GuicheNotifier *notifier;
  GSettings *settings;
  GuicheConversation *mine, *waiting;
  char *opened, *replied; /* (nullable): conversation ids that came to the application */
} Fixture;

#define WAIT_MS 15000

static char *
run (const char *command)
{
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  int status;

  g_spawn_command_line_sync (command, &output, NULL, &status, &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
  return g_strstrip (output);
}

static int
n_shown (void)
{
  g_autofree char *count = run ("dunstctl count displayed");

  return atoi (count);
}

static int
n_in_history (void)
{
  g_autofree char *count = run ("dunstctl count history");

  return atoi (count);
}

static void
on_open (Fixture *fixture, GVariant *parameter)
{
  fixture->opened = g_variant_dup_string (parameter, NULL);
}

static void
on_reply (Fixture *fixture, GVariant *parameter)
{
  fixture->replied = g_variant_dup_string (parameter, NULL);
}

static void
add_action (Fixture *fixture, const char *name, GCallback callback)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new (name, G_VARIANT_TYPE_STRING);

  g_signal_connect_swapped (action, "activate", callback, fixture);
  g_action_map_add_action (G_ACTION_MAP (fixture->application), G_ACTION (action));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->application = g_application_new ("io.github.guiche.Guiche", G_APPLICATION_NON_UNIQUE);
  g_assert_true (g_application_register (fixture->application, NULL, &error));
  fixture->desk = chat_fixture_open_desk (&(GuichePopulate){ 0 });
  fixture->mine = g_object_ref (chat_fixture_conversation (fixture->desk));
  fixture->waiting =
      g_list_model_get_item (guiche_desk_get_view (fixture->desk, GUICHE_VIEW_QUEUE), 0);
  fixture->settings = guiche_preferences_new ("Notifications");
  add_action (fixture, "open-conversation", G_CALLBACK (on_open));
  add_action (fixture, "reply-to-conversation", G_CALLBACK (on_reply));
  fixture->notifier = guiche_notifier_new (fixture->application, fixture->desk);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (run ("dunstctl close-all"));
  g_assert_finalize_object (fixture->notifier);
  g_settings_reset (fixture->settings, "do-not-disturb");
  g_settings_reset (fixture->settings, "show-content");
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->mine);
  g_clear_object (&fixture->waiting);
  g_clear_object (&fixture->desk);
  g_clear_object (&fixture->application);
  g_clear_pointer (&fixture->opened, g_free);
  g_clear_pointer (&fixture->replied, g_free);
}

static GuicheMessage *
message_of (Fixture *fixture, const char *body)
{
  GuicheOutgoing outgoing = { .body = body, .kind = "text" };
  g_autoptr (GError) error = NULL;
  GuicheMessage *message = guiche_desk_send (fixture->desk, fixture->mine, &outgoing, &error);

  g_assert_no_error (error);
  return message;
}

static void
arrive (Fixture *fixture, const char *body)
{
  g_autoptr (GuicheMessage) message = message_of (fixture, body);

  g_signal_emit_by_name (fixture->desk, "message-arrived", fixture->mine, message);
}

/* dunst's own record of what it shows. */
static gboolean
history_has (const char *words)
{
  g_autofree char *list = run ("dunstctl history");

  return strstr (list, words) != NULL;
}

static void
pick (const char *label)
{
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "notification-action", NULL);

  g_assert_true (g_file_set_contents (path, label, -1, NULL));
  g_free (run ("dunstctl context"));
}

static void
test_grouped (Fixture *fixture, gconstpointer data)
{
  arrive (fixture, "first");
  arrive (fixture, "second");
  arrive (fixture, "third");
  chat_fixture_wait (n_shown () == 1, WAIT_MS);
  g_free (run ("dunstctl close-all"));
  chat_fixture_wait (history_has ("(3)"), WAIT_MS);
  g_assert_true (history_has ("third"));
}

static void
test_withdrawn_when_read (Fixture *fixture, gconstpointer data)
{
  arrive (fixture, "hello");
  chat_fixture_wait (n_shown () == 1, WAIT_MS);
  g_signal_emit_by_name (fixture->desk, "conversation-read", fixture->mine);
  chat_fixture_wait (n_shown () == 0, WAIT_MS);
}

static void
test_focused (Fixture *fixture, gconstpointer data)
{
  guiche_notifier_set_focused (fixture->notifier, fixture->mine);
  arrive (fixture, "seen anyway");
  g_assert_cmpint (n_shown (), ==, 0);
  guiche_notifier_set_focused (fixture->notifier, NULL);
  arrive (fixture, "not seen");
  chat_fixture_wait (n_shown () == 1, WAIT_MS);
  guiche_notifier_set_focused (fixture->notifier, fixture->mine);
  chat_fixture_wait (n_shown () == 0, WAIT_MS);
}

static void
test_do_not_disturb (Fixture *fixture, gconstpointer data)
{
  g_settings_set_boolean (fixture->settings, "do-not-disturb", TRUE);
  arrive (fixture, "not now");
  g_assert_cmpint (n_shown (), ==, 0);
}

static void
test_private (Fixture *fixture, gconstpointer data)
{
  g_settings_set_boolean (fixture->settings, "show-content", FALSE);
  arrive (fixture, "a very secret text");
  chat_fixture_wait (n_shown () == 1, WAIT_MS);
  g_free (run ("dunstctl close-all"));
  chat_fixture_wait (history_has ("There is something new"), WAIT_MS);
  g_assert_false (history_has ("very secret"));
}

/* dunst reads markup: what looks like it must come through as text. */
static void
test_markup_is_text (Fixture *fixture, gconstpointer data)
{
  arrive (fixture, "<b>PAGO</b> & <i>a < b</i>");
  chat_fixture_wait (n_shown () == 1, WAIT_MS);
  g_free (run ("dunstctl close-all"));
  chat_fixture_wait (history_has ("&lt;b&gt;PAGO&lt;/b&gt; &amp; &lt;i&gt;a &lt; b&lt;/i&gt;"),
                     WAIT_MS);
}

static void
test_open_pressed (Fixture *fixture, gconstpointer data)
{
  arrive (fixture, "press me");
  chat_fixture_wait (n_shown () == 1, WAIT_MS);
  g_free (run ("dunstctl action 0"));
  chat_fixture_wait (fixture->opened, WAIT_MS);
  g_assert_cmpstr (fixture->opened, ==, guiche_conversation_get_id (fixture->mine));
}

static void
test_reply_pressed (Fixture *fixture, gconstpointer data)
{
  arrive (fixture, "answer me");
  chat_fixture_wait (n_shown () == 1, WAIT_MS);
  pick ("Reply");
  chat_fixture_wait (fixture->replied, WAIT_MS);
  g_assert_cmpstr (fixture->replied, ==, guiche_conversation_get_id (fixture->mine));
  chat_fixture_wait (n_shown () == 0, WAIT_MS);
}

/* Without a server the acceptance fails: the person is told. dunst acts a moment after the menu:
 * what was pressed is withdrawn first. */
static void
test_accept_pressed (Fixture *fixture, gconstpointer data)
{
  int n_before = n_in_history ();

  g_signal_emit_by_name (fixture->desk, "conversation-arrived", fixture->waiting);
  chat_fixture_wait (n_shown () == 1, WAIT_MS);
  pick ("Accept");
  chat_fixture_wait (n_in_history () == n_before + 1, WAIT_MS);
  chat_fixture_wait (n_shown () == 1, WAIT_MS);
  g_free (run ("dunstctl close-all"));
  chat_fixture_wait (history_has ("Conversation Not Accepted"), WAIT_MS);
}

static void
test_later_pressed (Fixture *fixture, gconstpointer data)
{
  g_signal_emit_by_name (fixture->desk, "conversation-arrived", fixture->waiting);
  chat_fixture_wait (n_shown () == 1, WAIT_MS);
  pick ("Later");
  chat_fixture_wait (n_shown () == 0, WAIT_MS);
  g_assert_null (fixture->opened);
}

static void
test_failure (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GuicheMessage) message = message_of (fixture, "lost");

  g_signal_emit_by_name (fixture->desk, "send-failed", fixture->mine, message, "forbidden");
  chat_fixture_wait (n_shown () == 1, WAIT_MS);
  g_free (run ("dunstctl close-all"));
  chat_fixture_wait (history_has ("Message Not Sent"), WAIT_MS);
}

static void
on_backend_action (GuicheNotificationBackend *backend,
                   const char *conversation_id,
                   const char *action,
                   const char *text,
                   gpointer data)
{
  char **out = data;

  g_free (*out);
  *out = g_strdup_printf ("%s %s %s", conversation_id, action, text);
}

static void
test_portal_backend (void)
{
  g_autoptr (GApplication) application =
                 g_application_new ("io.github.guiche.Guiche", G_APPLICATION_NON_UNIQUE);
  g_autoptr (GuicheNotificationBackend) backend = NULL;
  GuicheNotice notice = { GUICHE_NOTICE_NEW_CONVERSATION, "c1", "Maria", "<b>text</b>" };
  g_autofree char *heard = NULL;

  g_assert_true (g_application_register (application, NULL, NULL));
  backend = guiche_portal_backend_new (application);
  g_signal_connect (backend, "action", G_CALLBACK (on_backend_action), &heard);
  guiche_notification_backend_show (backend, &notice);
  g_action_group_activate_action (G_ACTION_GROUP (application), "notification-pressed",
                                  g_variant_new ("(ss)", "c1", "accept"));
  g_assert_cmpstr (heard, ==, "c1 accept ");
  guiche_notification_backend_withdraw (backend, "c1");
}

#define ADD(path, function)                                                                        \
  g_test_add ("/notifications/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  gtk_test_init (&argc, &argv, NULL);
  ADD ("grouped", test_grouped);
  ADD ("withdrawn-when-read", test_withdrawn_when_read);
  ADD ("focused", test_focused);
  ADD ("do-not-disturb", test_do_not_disturb);
  ADD ("private", test_private);
  ADD ("markup-is-text", test_markup_is_text);
  ADD ("open-pressed", test_open_pressed);
  ADD ("reply-pressed", test_reply_pressed);
  ADD ("accept-pressed", test_accept_pressed);
  ADD ("later-pressed", test_later_pressed);
  ADD ("failure", test_failure);
  g_test_add_func ("/notifications/portal", test_portal_backend);
  return g_test_run ();
}
