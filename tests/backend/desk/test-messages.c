/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/message.h"
#include "people/user.h"
#include "support/desk.h"

#include <string.h>

#define NOTHING NULL
#define CLIENT "01980000-0000-7000-8000-0000000000aa"

static GuicheTestPerson
open_one (GuicheTestDesk *desk)
{
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
  g_autofree char *accept = guiche_test_path (&visitor.conversation_id, "/accept");

  guiche_test_expect (desk, &desk->ana, 200, "POST", accept, "{}");
  return visitor;
}

/* --- reading
 * --------------------------------------------------------------------------------------- */

static void
assert_page (GuicheTestDesk *desk, const char *path, gint64 first, gint64 last, gboolean has_more)
{
  JsonObject *answer = guiche_test_expect (desk, &desk->ana, 200, "GET", path, NOTHING);
  JsonArray *items = json_object_get_array_member (answer, "items");

  g_assert_cmpint (json_array_get_length (items), ==, last - first + 1);
  for (guint i = 0; i < json_array_get_length (items); i++)
    g_assert_cmpint (json_object_get_int_member (json_array_get_object_element (items, i), "seq"),
                     ==, first + i);
  g_assert_true (json_object_get_boolean_member (answer, "has_more") == has_more);
}

static void
test_pages (void)
{
  static const struct {
    const char *query;
    gint64 first, last;
    gboolean has_more;
  } pages[] = {
    { "", 1, 42, FALSE },
    { "?limit=10", 33, 42, TRUE },
    { "?before=33&limit=10", 23, 32, TRUE },
    { "?before=5&limit=10", 1, 4, FALSE },
    { "?after=40&limit=10", 41, 42, FALSE },
    { "?after=0&limit=5", 1, 5, TRUE },
    { "?after=10&limit=5", 11, 15, TRUE },
    { "?after=10&before=14&limit=5", 11, 13, FALSE },
    { "?after=10&before=30&limit=5", 25, 29, TRUE },
    { "?after=42", 1, 0, FALSE },
  };

  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = open_one (desk);

  for (int i = 0; i < 40; i++)
    guiche_test_say (desk, &desk->ana, &visitor.conversation_id, "linha");
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++) {
    g_autofree char *rest = g_strconcat ("/messages", pages[i].query, NULL);
    g_autofree char *path = guiche_test_path (&visitor.conversation_id, rest);

    assert_page (desk, path, pages[i].first, pages[i].last, pages[i].has_more);
  }
}

static gint64
state_of (GuicheTestDesk *desk, const GuicheId *conversation_id, guint index)
{
  g_autofree char *path = guiche_test_path (conversation_id, "/messages");
  JsonArray *items = json_object_get_array_member (
      guiche_test_expect (desk, &desk->ana, 200, "GET", path, NOTHING), "items");

  return json_object_get_int_member (json_array_get_object_element (items, index), "state");
}

static void
test_delivery (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = open_one (desk);
  const GuicheId *id = &visitor.conversation_id;
  g_autofree char *path = guiche_test_path (id, "");
  g_autofree char *read = guiche_test_path (id, "/read");
  JsonObject *answer;
  guint n_events;

  guiche_test_say (desk, &desk->ana, id, "bom dia");   /* 3 */
  guiche_test_write_as_visitor (desk, &visitor, "oi"); /* 4 */
  g_assert_cmpint (state_of (desk, id, 2), ==, 1);
  guiche_test_read_as_visitor (desk, &visitor, GUICHE_DELIVERY_DELIVERED, 3);
  g_assert_cmpint (state_of (desk, id, 2), ==, 2);
  guiche_test_read_as_visitor (desk, &visitor, GUICHE_DELIVERY_READ, 3);
  g_assert_cmpint (state_of (desk, id, 2), ==, 3);
  n_events = guiche_test_store_pump (desk->store);
  guiche_test_read_as_visitor (desk, &visitor, GUICHE_DELIVERY_DELIVERED, 3);
  guiche_test_read_as_visitor (desk, &visitor, GUICHE_DELIVERY_READ, 2);
  g_assert_cmpint (state_of (desk, id, 2), ==, 3);
  g_assert_cmpuint (guiche_test_store_pump (desk->store), ==, n_events);

  /* Who looks on does not read for the company; the assignee does. */
  guiche_test_expect (desk, &desk->sofia, 200, "POST", read, "{\"seq\":4}");
  g_assert_cmpint (state_of (desk, id, 3), ==, 1);
  guiche_test_expect (desk, &desk->ana, 200, "POST", read, "{\"seq\":400}");
  g_assert_cmpint (state_of (desk, id, 3), ==, 3);
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET", path, NOTHING);
  g_assert_cmpint (json_object_get_int_member (answer, "agent_read_seq"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (answer, "customer_read_seq"), ==, 3);
}

/* --- what a message may have
 * --------------------------------------------------------------------------- */

static void
test_quote_and_mentions (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = open_one (desk);
  GuicheTestPerson other = open_one (desk);
  g_autofree char *path = guiche_test_path (&visitor.conversation_id, "/messages");
  g_autofree char *elsewhere = guiche_test_path (&other.conversation_id, "/messages");
  g_autofree char *bruno = guiche_id_dup_string (&desk->bruno.id);
  g_autofree char *note_id = NULL;
  JsonObject *answer, *quote;
  JsonArray *mentions;

  answer = guiche_test_expect (
      desk, &desk->ana, 201, "POST", path,
      "{\"client_id\":\"01980000-0000-7000-8000-0000000000a1\",\"kind\":\"note\",\"body\":"
      "\"@bruno. veja com @ninguem e @bruno, não a@bruno.br\"}");
  mentions = json_object_get_array_member (answer, "mentions");
  g_assert_cmpuint (json_array_get_length (mentions), ==, 1);
  g_assert_cmpstr (json_array_get_string_element (mentions, 0), ==, bruno);
  note_id = g_strdup (json_object_get_string_member (answer, "id"));

  answer = guiche_test_expect (
      desk, &desk->bruno, 201, "POST", path,
      "{\"client_id\":\"01980000-0000-7000-8000-0000000000a2\",\"kind\":\"note\",\"body\":\"ok\","
      "\"quote\":\"%s\"}",
      note_id);
  quote = json_object_get_object_member (answer, "quote");
  g_assert_cmpint (json_object_get_int_member (quote, "seq"), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (quote, "sender_name"), ==, "Ana");

  /* A quotation must not carry a note out, nor reach into another conversation. */
  guiche_test_expect (
      desk, &desk->ana, 400, "POST", path,
      "{\"client_id\":\"01980000-0000-7000-8000-0000000000a3\",\"body\":\"x\",\"quote\":\"%s\"}",
      note_id);
  guiche_test_expect (
      desk, &desk->ana, 404, "POST", elsewhere,
      "{\"client_id\":\"01980000-0000-7000-8000-0000000000a4\",\"body\":\"x\",\"quote\":\"%s\"}",
      note_id);
}

static void
test_edit_and_delete (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = open_one (desk);
  g_autofree char *path = guiche_test_path (&visitor.conversation_id, "");
  g_autofree char *messages = guiche_test_path (&visitor.conversation_id, "/messages");
  g_autofree char *message = NULL;
  JsonObject *answer;

  answer = guiche_test_expect (desk, &desk->ana, 201, "POST", messages,
                               "{\"client_id\":\"" CLIENT "\",\"body\":\"bom dai\"}");
  message = g_strconcat (messages, "/", json_object_get_string_member (answer, "id"), NULL);
  guiche_test_expect (desk, &desk->bruno, 403, "PATCH", message, "{\"body\":\"outra coisa\"}");
  guiche_test_expect (desk, &desk->ana, 400, "PATCH", message, "{\"body\":\"  \"}");
  answer = guiche_test_expect (desk, &desk->ana, 200, "PATCH", message, "{\"body\":\"bom dia\"}");
  g_assert_cmpstr (json_object_get_string_member (answer, "body"), ==, "bom dia");
  g_assert_false (json_object_get_null_member (answer, "edited_at"));
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET", path, NOTHING);
  answer = json_object_get_object_member (answer, "last_message");
  g_assert_cmpstr (json_object_get_string_member (answer, "body"), ==, "bom dia");

  guiche_test_expect (desk, &desk->bruno, 403, "DELETE", message, NOTHING);
  answer = guiche_test_expect (desk, &desk->sofia, 200, "DELETE", message, NOTHING);
  g_assert_cmpstr (json_object_get_string_member (answer, "body"), ==, "");
  g_assert_false (json_object_get_null_member (answer, "deleted_at"));
  guiche_test_expect (desk, &desk->ana, 409, "PATCH", message, "{\"body\":\"de volta\"}");
  g_assert_cmpint (
      guiche_test_number (desk->store, "SELECT COUNT(*) FROM audit WHERE action LIKE 'message.%'"),
      ==, 2);
  /* The system's own lines stay, and so does what is not there. */
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET", messages, NOTHING);
  answer = json_array_get_object_element (json_object_get_array_member (answer, "items"), 0);
  g_free (message);
  message = g_strconcat (messages, "/", json_object_get_string_member (answer, "id"), NULL);
  guiche_test_expect (desk, &desk->sofia, 409, "DELETE", message, NOTHING);
  message[strlen (message) - 12] ^= 1;
  guiche_test_expect (desk, &desk->sofia, 404, "DELETE", message, NOTHING);
}

static void
test_bad_input (void)
{
  static const struct {
    const char *body;
    const char *field;
  } cases[] = {
    { "{\"body\":\"x\"}", "client_id" },
    { "{\"client_id\":\"nada\",\"body\":\"x\"}", "client_id" },
    { "{\"client_id\":7,\"body\":\"x\"}", "client_id" },
    { "{\"client_id\":\"" CLIENT "\"}", "body" },
    { "{\"client_id\":\"" CLIENT "\",\"body\":7}", "body" },
    { "{\"client_id\":\"" CLIENT "\",\"body\":\"\"}", "body" },
    { "{\"client_id\":\"" CLIENT "\",\"body\":\" \\n\\t \"}", "body" },
    { "{\"client_id\":\"" CLIENT "\",\"body\":\"x\",\"kind\":\"system\"}", "kind" },
    { "{\"client_id\":\"" CLIENT "\",\"body\":\"x\",\"kind\":\"hologram\"}", "kind" },
    { "{\"client_id\":\"" CLIENT "\",\"body\":\"\",\"kind\":\"voice\"}", "attachments" },
    { "{\"client_id\":\"" CLIENT "\",\"body\":\"x\",\"quote\":\"x\"}", "quote" },
    { "{\"client_id\":\"" CLIENT "\",\"body\":\"x\",\"attachments\":{}}", "attachments" },
    { "{\"client_id\":\"" CLIENT "\",\"body\":\"x\",\"attachments\":[{}]}",
      "attachments[0].file_id" },
    { "{\"client_id\":\"" CLIENT "\",\"body\":\"x\",\"attachments\":[{\"file_id\":\"" CLIENT
      "\",\"waveform\":\"0\"}]}",
      "waveform" },
    { "{\"client_id\":\"" CLIENT "\",\"body\":\"x\",\"send_at\":1}", "send_at" },
  };

  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = open_one (desk);
  g_autofree char *path = guiche_test_path (&visitor.conversation_id, "/messages");
  g_autofree char *long_body = g_strnfill (GUICHE_MESSAGE_CHARACTERS_MAX + 1, 'x');
  gint64 n_messages = guiche_test_number (desk->store, "SELECT COUNT(*) FROM messages");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    JsonObject *answer =
        guiche_test_expect (desk, &desk->ana, 400, "POST", path, "%s", cases[i].body);

    answer =
        json_object_get_object_member (json_object_get_object_member (answer, "error"), "details");
    g_assert_cmpstr (json_object_get_string_member (answer, "field"), ==, cases[i].field);
  }
  guiche_test_expect (desk, &desk->ana, 400, "POST", path,
                      "{\"client_id\":\"" CLIENT "\",\"body\":\"%s\"}", long_body);
  guiche_test_expect (desk, &desk->ana, 404, "POST", path,
                      "{\"client_id\":\"" CLIENT
                      "\",\"body\":\"x\",\"attachments\":[{\"file_id\":\"" CLIENT "\"}]}");
  g_assert_cmpint (guiche_test_number (desk->store, "SELECT COUNT(*) FROM messages"), ==,
                   n_messages);
}

/* Markup stays text; what changes how text is read is shown as what it is. */
static void
test_text_is_data (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = open_one (desk);
  g_autofree char *path = guiche_test_path (&visitor.conversation_id, "/messages");
  JsonObject *answer = guiche_test_expect (
      desk, &desk->ana, 201, "POST", path,
      "{\"client_id\":\"" CLIENT
      "\",\"body\":\"<b>oi</b> \\u202eoãn\\u0007 '; DROP TABLE messages; --\"}");

  g_assert_cmpstr (json_object_get_string_member (answer, "body"), ==,
                   "<b>oi</b> \ufffdoãn\ufffd '; DROP TABLE messages; --");
}

/* The outside is told by a job where the channel needs one, by the stream alone where not. */
static void
test_no_job_for_web_chat (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = open_one (desk);

  guiche_test_say (desk, &desk->ana, &visitor.conversation_id, "bom dia");
  g_assert_cmpint (
      guiche_test_number (desk->store, "SELECT COUNT(*) FROM jobs WHERE kind = 'channel.send'"), ==,
      0);
}

static gboolean
run_rename (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheTestDesk *desk = data;
  GuicheUserChange change = GUICHE_USER_CHANGE_NOTHING;
  g_autoptr (GuicheUser) user = NULL;

  change.name = "Ana Lúcia";
  user = guiche_user_update (tx, &desk->ana.id, &change, NULL, error);
  return user != NULL;
}

/* The writer keeps names; a new one counts from the next message. */
static void
test_renamed_sender (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = open_one (desk);
  g_autofree char *path = guiche_test_path (&visitor.conversation_id, "/messages");
  JsonArray *items;

  guiche_test_say (desk, &desk->ana, &visitor.conversation_id, "um");
  guiche_test_write (desk->store, NULL, run_rename, desk);
  guiche_test_say (desk, &desk->ana, &visitor.conversation_id, "dois");
  items = json_object_get_array_member (
      guiche_test_expect (desk, &desk->ana, 200, "GET", path, NOTHING), "items");
  for (guint i = 0; i < 2; i++) {
    JsonObject *message = json_array_get_object_element (items, 2 + i);

    g_assert_cmpstr (
        json_object_get_string_member (json_object_get_object_member (message, "sender"), "name"),
        ==, i == 0 ? "Ana" : "Ana Lúcia");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desk/messages/pages", test_pages);
  g_test_add_func ("/desk/messages/delivery", test_delivery);
  g_test_add_func ("/desk/messages/quote-and-mentions", test_quote_and_mentions);
  g_test_add_func ("/desk/messages/edit-and-delete", test_edit_and_delete);
  g_test_add_func ("/desk/messages/bad-input", test_bad_input);
  g_test_add_func ("/desk/messages/text-is-data", test_text_is_data);
  g_test_add_func ("/desk/messages/no-job-for-web-chat", test_no_job_for_web_chat);
  g_test_add_func ("/desk/messages/renamed-sender", test_renamed_sender);
  return g_test_run ();
}
