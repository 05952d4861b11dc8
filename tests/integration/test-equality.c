/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"
#include "support/desktop.h"

#include <string.h>

/* Event = state, for the desktop: after whatever a company does, each cache that followed the
 * events holds what a fresh snapshot of its user holds; what one may no longer see is gone. */

enum {
  ANA,
  BRUNO,
  SOFIA,
  ADMIN,
  N_PEOPLE
};

static const char *const logins[N_PEOPLE] = { "ana", "bruno", "sofia", "admin" };
static GuicheTestServer *server;
static GuicheDesk *desks[N_PEOPLE];

static gboolean
is_online (GuicheDesk *desk)
{
  return guiche_desk_get_state (desk) == GUICHE_DESK_ONLINE;
}

static const char *
id_of (guint who)
{
  return guiche_person_get_id (guiche_desk_get_me (desks[who]));
}

/* As @who, over HTTP; the answer must be a success. */
static JsonNode *
ask (guint who, const char *method, const char *path, const char *body)
{
  GuicheSession *session = desks[who]->session;
  g_autofree char *json = body != NULL ? g_strdelimit (g_strdup (body), "'", '"') : NULL;
  guint status = 0;
  JsonNode *node;

  if (!guiche_session_is_fresh (session))
    guiche_test_refresh_token (session);
  node = guiche_test_request (server->url, method, path, guiche_session_get_token (session), json,
                              &status);
  if (status < 200 || status >= 300)
    g_error ("%s %s %s: %u %s", method, path, json, status,
             node != NULL ? json_to_string (node, FALSE) : "");
  return node;
}

static void
act (guint who, const char *method, const char *path, const char *body)
{
  g_autoptr (JsonNode) node = ask (who, method, path, body);
}

/* Everybody's cache comes to equal the server, within a moment. */
static void
assert_all_equal (const char *after)
{
  for (guint i = 0; i < N_PEOPLE; i++) {
    g_autofree char *what = g_strconcat (after, ", ", logins[i], NULL);

    guiche_test_assert_equal_to_server (desks[i], server->url, what);
  }
}

static char *
path_of (const char *conversation_id, const char *rest)
{
  return g_strdup_printf ("/api/v1/conversations/%s%s", conversation_id, rest);
}

static void
on_conversation (guint who,
                 const char *conversation_id,
                 const char *method,
                 const char *rest,
                 const char *body)
{
  g_autofree char *path = path_of (conversation_id, rest);

  act (who, method, path, body);
  assert_all_equal (rest);
}

static char *
post_message (guint who, const char *conversation_id, const char *members)
{
  g_autofree char *client_id = g_uuid_string_random ();
  g_autofree char *body = g_strdup_printf ("{'client_id':'%s',%s}", client_id, members);
  g_autofree char *path = path_of (conversation_id, "/messages");
  g_autoptr (JsonNode) node = ask (who, "POST", path, body);

  assert_all_equal (members);
  return g_strdup (
      json_object_get_string_member_with_default (json_node_get_object (node), "id", ""));
}

static char *
open_visit (const char *queue, char **out_token)
{
  char *conversation_id = NULL;

  *out_token = guiche_test_open_visit (server->url, "Dona Neuza", queue, &conversation_id);
  act (ADMIN, "GET", "/api/v1/me", NULL);
  return conversation_id;
}

static void
write_as_visitor (const char *token, const char *body)
{
  g_autofree char *client_id = g_uuid_string_random ();
  g_autofree char *json =
      g_strdup_printf ("{\"client_id\":\"%s\",\"body\":\"%s\"}", client_id, body);
  g_autoptr (JsonNode) node = guiche_test_request (server->url, "POST", "/api/v1/webchat/messages",
                                                   token, json, NULL);

  g_assert_nonnull (node);
}

static void
test_life_of_a_conversation (void)
{
  g_autofree char *token = NULL, *conversation_id = open_visit ("financial", &token);
  g_autofree char *first = NULL, *quoting = NULL, *note = NULL, *later = NULL, *rest = NULL,
                  *body = NULL;
  gint64 soon = g_get_real_time () + 3600 * (gint64) G_USEC_PER_SEC;

  write_as_visitor (token, "Bom dia");
  assert_all_equal ("a visitor's message");
  on_conversation (ANA, conversation_id, "POST", "/accept", "{}");
  first = post_message (ANA, conversation_id, "'body':'Bom dia! Em que posso ajudar?'");
  body = g_strdup_printf ("'body':'como disse','quote':'%s'", first);
  quoting = post_message (ANA, conversation_id, body);
  note = post_message (ANA, conversation_id, "'body':'cliente antigo','kind':'note'");
  rest = g_strdup_printf ("/messages/%s", first);
  on_conversation (ANA, conversation_id, "PATCH", rest, "{'body':'Bom dia!!'}");
  on_conversation (ANA, conversation_id, "DELETE", rest, NULL);
  on_conversation (ANA, conversation_id, "PUT", "/draft", "{'body':'meio escri'}");
  on_conversation (ANA, conversation_id, "PUT", "/draft", "{'body':''}");
  on_conversation (ANA, conversation_id, "POST", "/read", "{'seq':3}");
  g_free (body);
  body = g_strdup_printf ("'body':'mais tarde','send_at':%" G_GINT64_FORMAT, soon);
  later = post_message (ANA, conversation_id, body);
  on_conversation (ANA, conversation_id, "POST", "/pending", "{}");
  write_as_visitor (token, "ainda aqui");
  g_free (body);
  body = g_strdup_printf ("{'until':%" G_GINT64_FORMAT "}", soon);
  on_conversation (ANA, conversation_id, "POST", "/snooze", body);
  on_conversation (ANA, conversation_id, "POST", "/reopen", "{}");
  g_free (body);
  body = g_strdup_printf ("{'user_id':'%s'}", id_of (BRUNO));
  on_conversation (SOFIA, conversation_id, "POST", "/assign", body);
  on_conversation (BRUNO, conversation_id, "POST", "/transfer",
                   "{'queue':'technical_urgent','note':'sem sinal'}");
  on_conversation (BRUNO, conversation_id, "POST", "/accept", "{}");
  on_conversation (BRUNO, conversation_id, "POST", "/close", "{'reason':'resolvido'}");
  write_as_visitor (token, "voltou a cair");
  assert_all_equal ("a visitor who comes back");
}

static void
test_lists_of_the_company (void)
{
  g_autoptr (JsonNode) reply = ask (SOFIA, "POST", "/api/v1/canned-replies",
                                    "{'shortcut':'teste','title':'Teste','body':'Olá'}");
  const char *id = json_object_get_string_member (json_node_get_object (reply), "id");
  g_autofree char *path = g_strconcat ("/api/v1/canned-replies/", id, NULL);

  assert_all_equal ("a new canned reply");
  act (SOFIA, "PATCH", path, "{'body':'Olá, tudo bem?'}");
  assert_all_equal ("a changed canned reply");
  act (SOFIA, "DELETE", path, NULL);
  assert_all_equal ("a deleted canned reply");
  act (ANA, "PATCH", "/api/v1/me", "{'status_text':'em reunião'}");
  assert_all_equal ("a status text");
  act (ADMIN, "POST", "/api/v1/users",
       "{'login':'zelia','name':'Zélia','role':'agent','password':'uma senha longa'}");
  assert_all_equal ("a new user");
}

static void
test_channels (void)
{
  g_autoptr (JsonNode) channel =
                 ask (ANA, "POST", "/api/v1/channels", "{'name':'plantao','members':[]}");
  const char *id = json_object_get_string_member (json_node_get_object (channel), "id");
  g_autofree char *join = g_strdup_printf ("/api/v1/channels/%s/join", id);
  g_autofree char *leave = g_strdup_printf ("/api/v1/channels/%s/leave", id);
  g_autofree char *message = NULL, *mention = NULL;

  assert_all_equal ("a new channel");
  act (BRUNO, "POST", join, "{}");
  assert_all_equal ("joining");
  g_assert_nonnull (guiche_desk_find_conversation (desks[BRUNO], id));
  mention = g_strdup_printf ("'body':'@bruno olá'");
  message = post_message (ANA, id, mention);
  act (BRUNO, "POST", leave, "{}");
  assert_all_equal ("leaving");
  g_assert_null (guiche_desk_find_conversation (desks[BRUNO], id));
}

/* The members of a queue without, and then again with, ana. */
static void
test_access (void)
{
  g_autofree char *token = NULL, *conversation_id = open_visit ("cancellation", &token);
  g_autofree char *without = g_strdup_printf ("{'members':['%s']}", id_of (BRUNO));
  g_autofree char *with = g_strdup_printf ("{'members':['%s','%s']}", id_of (BRUNO), id_of (ANA));

  act (SOFIA, "PATCH", "/api/v1/queues/cancellation", with);
  assert_all_equal ("a queue with ana");
  write_as_visitor (token, "quero cancelar");
  assert_all_equal ("a message in the queue");
  g_assert_nonnull (guiche_desk_find_conversation (desks[ANA], conversation_id));
  act (SOFIA, "PATCH", "/api/v1/queues/cancellation", without);
  assert_all_equal ("a queue without ana");
  g_assert_null (guiche_desk_find_conversation (desks[ANA], conversation_id));
  write_as_visitor (token, "alguém?");
  assert_all_equal ("a message that ana may not see");
  g_assert_null (guiche_desk_find_conversation (desks[ANA], conversation_id));
  act (SOFIA, "PATCH", "/api/v1/queues/cancellation", with);
  assert_all_equal ("a queue with ana again");
  g_assert_nonnull (guiche_desk_find_conversation (desks[ANA], conversation_id));
}

static void
on_action (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  guiche_desk_action_finish (GUICHE_DESK (source), result, NULL, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
test_customers (void)
{
  g_autofree char *token = NULL, *conversation_id = open_visit ("commercial", &token);
  GuicheConversation *conversation;
  GuicheCustomer *customer;
  gboolean is_done = FALSE;
  g_autofree char *plan = NULL;

  guiche_test_wait_for (guiche_desk_find_conversation (desks[SOFIA], conversation_id) != NULL, 10);
  conversation = guiche_desk_find_conversation (desks[SOFIA], conversation_id);
  customer = guiche_conversation_get_customer (conversation);
  guiche_test_wait_for (guiche_customer_get_name (customer) != NULL, 10);
  guiche_desk_update_customer_async (desks[SOFIA], customer,
                                     "{\"plan\":\"Fibra 700\",\"name\":\"Neuza Lima\"}", NULL,
                                     on_action, &is_done);
  guiche_test_wait_for (is_done, 10);
  guiche_test_wait_for (g_strcmp0 (guiche_customer_get_name (customer), "Neuza Lima") == 0, 10);
  g_object_get (customer, "plan", &plan, NULL);
  g_assert_cmpstr (plan, ==, "Fibra 700");
  assert_all_equal ("a changed customer");
}

/* The desktop sends later what the server holds until then. */
static void
test_send_later (void)
{
  g_autofree char *token = NULL, *conversation_id = open_visit ("financial", &token);
  GuicheConversation *conversation;
  g_autoptr (GuicheMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *accept = NULL;
  gint64 last_seq;

  guiche_test_wait_for (guiche_desk_find_conversation (desks[SOFIA], conversation_id) != NULL, 10);
  conversation = guiche_desk_find_conversation (desks[SOFIA], conversation_id);
  accept = path_of (conversation_id, "/accept");
  act (SOFIA, "POST", accept, "{}");
  guiche_test_wait_for (guiche_conversation_get_is_mine (conversation), 10);
  /* Opened, accepted. */
  guiche_test_wait_for (guiche_conversation_get_last_seq (conversation) == 2, 10);
  last_seq = guiche_conversation_get_last_seq (conversation);
  message =
      guiche_desk_send (desks[SOFIA], conversation,
                        &(GuicheOutgoing){ .body = "daqui a pouco",
                                           .send_at_us = g_get_real_time () + 2 * G_USEC_PER_SEC },
                        &error);
  g_assert_no_error (error);
  guiche_test_wait_for (guiche_outbox_get_entries (desks[SOFIA]->outbox)->len == 0, 10);
  g_assert_cmpint (guiche_conversation_get_last_seq (conversation), ==, last_seq);
  guiche_test_wait_for (guiche_conversation_get_last_seq (conversation) == last_seq + 1, 20);
  assert_all_equal ("a message sent later");
}

int
main (int argc, char **argv)
{
  g_autofree char *data = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  guiche_test_isolate ();
  data = g_dir_make_tmp ("guiche-equality-XXXXXX", NULL);
  server = guiche_test_server_new (data);
  for (guint i = 0; i < N_PEOPLE; i++)
    desks[i] = guiche_test_desk_open (server->url, logins[i], logins[i]);
  for (guint i = 0; i < N_PEOPLE; i++)
    guiche_test_wait_for (is_online (desks[i]), 20);
  g_test_add_func ("/equality/life-of-a-conversation", test_life_of_a_conversation);
  g_test_add_func ("/equality/lists-of-the-company", test_lists_of_the_company);
  g_test_add_func ("/equality/channels", test_channels);
  g_test_add_func ("/equality/access", test_access);
  g_test_add_func ("/equality/customers", test_customers);
  g_test_add_func ("/equality/send-later", test_send_later);
  result = g_test_run ();
  for (guint i = 0; i < N_PEOPLE; i++)
    g_clear_object (&desks[i]);
  guiche_test_server_free (server);
  guiche_test_isolate_end ();
  return result;
}
