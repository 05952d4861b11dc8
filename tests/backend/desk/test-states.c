/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/conversation-state.h"
#include "support/desk.h"

#define NOTHING NULL

/* What each action makes of each state, from the documentation of the states: the new state, or the
 * error's code. Accepting what is open gives already-assigned. */
static const struct {
  const char *action;
  const char *results[GUICHE_CONVERSATION_N_STATES]; /* waiting, open, pending, snoozed, closed */
} expected[] = {
  { "accept",
    { "open", "already-assigned", "already-assigned", "already-assigned", "conversation-closed" } },
  { "assign", { "open", "open", "open", "open", "conversation-closed" } },
  { "transfer", { "waiting", "waiting", "waiting", "waiting", "conversation-closed" } },
  { "pending", { "conflict", "pending", "conflict", "conflict", "conversation-closed" } },
  { "snooze", { "conflict", "snoozed", "snoozed", "conflict", "conversation-closed" } },
  { "close", { "closed", "closed", "closed", "closed", "conversation-closed" } },
  { "reopen", { "conflict", "conflict", "open", "open", "open" } },
};

static char *
body_of (GuicheTestDesk *desk, const char *action)
{
  g_autofree char *bruno = guiche_id_dup_string (&desk->bruno.id);

  if (g_str_equal (action, "assign"))
    return g_strdup_printf ("{\"user_id\":\"%s\"}", bruno);
  if (g_str_equal (action, "transfer"))
    return g_strdup ("{\"queue\":\"financial\"}");
  if (g_str_equal (action, "close"))
    return g_strdup ("{\"reason\":\"resolvido\"}");
  if (g_str_equal (action, "snooze"))
    return g_strdup_printf ("{\"until\":%" G_GINT64_FORMAT "}",
                            guiche_clock_now_us (desk->store->clock) + G_TIME_SPAN_HOUR);
  return g_strdup ("{}");
}

static JsonObject *
act (GuicheTestDesk *desk,
     const GuicheTestPerson *person,
     guint status,
     const GuicheTestPerson *visitor,
     const char *action)
{
  g_autofree char *rest = g_strconcat ("/", action, NULL);
  g_autofree char *path = guiche_test_path (&visitor->conversation_id, rest);
  g_autofree char *body = body_of (desk, action);

  return guiche_test_expect (desk, person, status, "POST", path, "%s", body);
}

static GuicheTestPerson
bring_to (GuicheTestDesk *desk, GuicheConversationState state)
{
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");

  if (state != GUICHE_CONVERSATION_WAITING)
    act (desk, &desk->ana, 200, &visitor, "accept");
  if (state == GUICHE_CONVERSATION_PENDING)
    act (desk, &desk->ana, 200, &visitor, "pending");
  if (state == GUICHE_CONVERSATION_SNOOZED)
    act (desk, &desk->ana, 200, &visitor, "snooze");
  if (state == GUICHE_CONVERSATION_CLOSED)
    act (desk, &desk->ana, 200, &visitor, "close");
  return visitor;
}

/* Every action in every state, by the supervisor, who sees everything. */
static void
test_table (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();

  g_assert_cmpuint (G_N_ELEMENTS (expected), ==, GUICHE_N_ACTIONS);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    for (int state = 0; state < GUICHE_CONVERSATION_N_STATES; state++) {
      GuicheTestPerson visitor = bring_to (desk, (GuicheConversationState) state);
      const char *result = expected[i].results[state];
      GuicheConversationState new_state;
      JsonObject *answer;
      gboolean is_legal = guiche_conversation_state_parse (result, &new_state);

      answer = act (desk, &desk->sofia, is_legal ? 200 : 409, &visitor, expected[i].action);
      g_assert_cmpstr (is_legal ? json_object_get_string_member (answer, "state")
                                : guiche_test_error_code (answer),
                       ==, result);
    }
  }
}

static void
test_lines (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
  g_autofree char *messages = guiche_test_path (&visitor.conversation_id, "/messages");
  static const char *const bodies[] = { "opened",   "accepted",        "assigned:Bruno",
                                        "snoozed",  "reopened",        "transferred:financial",
                                        "accepted", "closed:resolvido" };
  JsonArray *items;

  act (desk, &desk->ana, 200, &visitor, "accept");
  act (desk, &desk->ana, 200, &visitor, "assign");
  act (desk, &desk->bruno, 200, &visitor, "snooze");
  act (desk, &desk->bruno, 200, &visitor, "reopen");
  act (desk, &desk->bruno, 200, &visitor, "transfer");
  act (desk, &desk->bruno, 200, &visitor, "accept");
  act (desk, &desk->bruno, 200, &visitor, "close");
  items = json_object_get_array_member (
      guiche_test_expect (desk, &desk->sofia, 200, "GET", messages, NOTHING), "items");
  g_assert_cmpuint (json_array_get_length (items), ==, G_N_ELEMENTS (bodies));
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    JsonObject *item = json_array_get_object_element (items, i);

    g_assert_cmpint (json_object_get_int_member (item, "seq"), ==, i + 1);
    g_assert_cmpstr (json_object_get_string_member (item, "kind"), ==, "system");
    g_assert_cmpstr (json_object_get_string_member (item, "body"), ==, bodies[i]);
  }
  g_assert_cmpint (
      guiche_test_number (desk->store,
                          "SELECT COUNT(*) FROM audit WHERE action LIKE 'conversation.%'"),
      ==, 7);
}

/* The second gets who has it; the first may ask again. */
static void
test_accept_once (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
  g_autofree char *ana = guiche_id_dup_string (&desk->ana.id);
  JsonObject *answer;

  act (desk, &desk->ana, 200, &visitor, "accept");
  answer = act (desk, &desk->bruno, 409, &visitor, "accept");
  g_assert_cmpstr (guiche_test_error_code (answer), ==, "already-assigned");
  answer =
      json_object_get_object_member (json_object_get_object_member (answer, "error"), "details");
  g_assert_cmpstr (json_object_get_string_member (answer, "assignee_id"), ==, ana);
  answer = act (desk, &desk->ana, 200, &visitor, "accept");
  g_assert_cmpstr (json_object_get_string_member (answer, "assignee_id"), ==, ana);
  g_assert_cmpint (
      guiche_test_number (desk->store, "SELECT COUNT(*) FROM messages WHERE body = 'accepted'"), ==,
      1);
}

typedef struct {
  GuicheTestDesk *desk;
  const GuicheTestPerson *person;
  const char *path;
  guint status;
} Accept;

static gpointer
accept_thread (gpointer data)
{
  Accept *accept = data;
  JsonNode *answer =
      guiche_test_call (accept->desk, accept->person, &accept->status, "POST", accept->path, "{}");

  g_clear_pointer (&answer, json_node_unref);
  return NULL;
}

/* However many ask at once, one has it (reliability: I6). */
static void
test_accept_race (void)
{
  enum {
    ROUNDS = 20,
    PEOPLE = 3
  };

  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  const GuicheTestPerson *people[PEOPLE] = { &desk->ana, &desk->bruno, &desk->sofia };

  for (int round = 0; round < ROUNDS; round++) {
    GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
    g_autofree char *path = guiche_test_path (&visitor.conversation_id, "/accept");
    Accept accepts[PEOPLE];
    GThread *threads[PEOPLE];
    guint n_accepted = 0;

    for (int i = 0; i < PEOPLE; i++) {
      accepts[i] = (Accept){ desk, people[i], path, 0 };
      threads[i] = g_thread_new ("accept", accept_thread, &accepts[i]);
    }
    for (int i = 0; i < PEOPLE; i++) {
      g_thread_join (threads[i]);
      g_assert_true (accepts[i].status == 200 || accepts[i].status == 409);
      n_accepted += accepts[i].status == 200;
    }
    g_assert_cmpuint (n_accepted, ==, 1);
  }
}

static void
test_snooze_wakes (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = bring_to (desk, GUICHE_CONVERSATION_SNOOZED);
  g_autofree char *path = guiche_test_path (&visitor.conversation_id, "");
  JsonObject *answer;

  guiche_clock_advance (desk->store->clock, G_TIME_SPAN_HOUR - 1);
  guiche_test_run_jobs (desk);
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET", path, NOTHING);
  g_assert_cmpstr (json_object_get_string_member (answer, "state"), ==, "snoozed");
  guiche_clock_advance (desk->store->clock, 1);
  guiche_test_run_jobs (desk);
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET", path, NOTHING);
  g_assert_cmpstr (json_object_get_string_member (answer, "state"), ==, "open");
  g_assert_true (json_object_get_null_member (answer, "snoozed_until"));
}

/* Woken by hand and put away again: the first job must not wake it early. */
static void
test_snooze_again (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = bring_to (desk, GUICHE_CONVERSATION_SNOOZED);
  g_autofree char *path = guiche_test_path (&visitor.conversation_id, "");
  JsonObject *answer;

  guiche_clock_advance (desk->store->clock, G_TIME_SPAN_MINUTE);
  act (desk, &desk->ana, 200, &visitor, "reopen");
  act (desk, &desk->ana, 200, &visitor, "snooze");
  guiche_clock_advance (desk->store->clock, 59 * G_TIME_SPAN_MINUTE);
  guiche_test_run_jobs (desk);
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET", path, NOTHING);
  g_assert_cmpstr (json_object_get_string_member (answer, "state"), ==, "snoozed");
  guiche_clock_advance (desk->store->clock, G_TIME_SPAN_MINUTE);
  guiche_test_run_jobs (desk);
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET", path, NOTHING);
  g_assert_cmpstr (json_object_get_string_member (answer, "state"), ==, "open");
}

/* What a message does to each state. */
static void
test_messages_change_states (void)
{
  static const char *const after_customer[] = { "waiting", "open", "open", "open", "waiting" };
  static const char *const after_agent[] = { "open", "open", "open", "open", "closed" };
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();

  for (int state = 0; state < GUICHE_CONVERSATION_N_STATES; state++) {
    GuicheTestPerson visitor = bring_to (desk, (GuicheConversationState) state);
    g_autofree char *path = guiche_test_path (&visitor.conversation_id, "");
    g_autofree char *messages = guiche_test_path (&visitor.conversation_id, "/messages");
    g_autofree char *client_id = guiche_test_client_id (desk);
    JsonObject *answer;

    answer =
        guiche_test_expect (desk, &desk->ana, state == GUICHE_CONVERSATION_CLOSED ? 409 : 201,
                            "POST", messages, "{\"client_id\":\"%s\",\"body\":\"olá\"}", client_id);
    if (state == GUICHE_CONVERSATION_CLOSED)
      g_assert_cmpstr (guiche_test_error_code (answer), ==, "conversation-closed");
    answer = guiche_test_expect (desk, &desk->sofia, 200, "GET", path, NOTHING);
    g_assert_cmpstr (json_object_get_string_member (answer, "state"), ==, after_agent[state]);
  }
  for (int state = 0; state < GUICHE_CONVERSATION_N_STATES; state++) {
    GuicheTestPerson visitor = bring_to (desk, (GuicheConversationState) state);
    g_autofree char *path = guiche_test_path (&visitor.conversation_id, "");
    JsonObject *answer;

    guiche_test_write_as_visitor (desk, &visitor, "oi");
    answer = guiche_test_expect (desk, &desk->sofia, 200, "GET", path, NOTHING);
    g_assert_cmpstr (json_object_get_string_member (answer, "state"), ==, after_customer[state]);
    g_assert_false (json_object_get_null_member (answer, "waiting_since"));
    g_assert_true (json_object_get_null_member (answer, "closed_at"));
  }
}

static void
test_waiting_since (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = bring_to (desk, GUICHE_CONVERSATION_OPEN);
  g_autofree char *path = guiche_test_path (&visitor.conversation_id, "");
  g_autofree char *messages = guiche_test_path (&visitor.conversation_id, "/messages");
  g_autofree char *client_id = guiche_test_client_id (desk);
  gint64 first = guiche_clock_now_us (desk->store->clock);
  JsonObject *answer;

  guiche_test_write_as_visitor (desk, &visitor, "oi");
  guiche_clock_advance (desk->store->clock, G_TIME_SPAN_SECOND);
  guiche_test_write_as_visitor (desk, &visitor, "alguém?");
  guiche_test_expect (desk, &desk->ana, 201, "POST", messages,
                      "{\"client_id\":\"%s\",\"body\":\"ver rota\",\"kind\":\"note\"}", client_id);
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET", path, NOTHING);
  g_assert_cmpint (json_object_get_int_member (answer, "waiting_since"), ==, first);
  guiche_test_say (desk, &desk->ana, &visitor.conversation_id, "bom dia");
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET", path, NOTHING);
  g_assert_true (json_object_get_null_member (answer, "waiting_since"));
}

typedef struct {
  GuicheId customer_id;
  GuicheId conversation_id;
  gboolean is_new;
} Opening;

static gboolean
run_open (GuicheTx *tx, gpointer data, GError **error)
{
  Opening *opening = data;
  GuicheConversationOpening wanted = { opening->customer_id, "webchat", "technical_normal" };
  g_autoptr (GuicheConversation) conversation =
                 guiche_conversation_open (tx, &wanted, &opening->is_new, error);

  if (conversation == NULL)
    return FALSE;
  opening->conversation_id = conversation->record.id;
  return TRUE;
}

/* A customer has one active conversation a channel; a closed one cannot open beside a newer one. */
static void
test_one_active (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = bring_to (desk, GUICHE_CONVERSATION_OPEN);
  Opening opening = { .customer_id = visitor.id };
  GuicheTestPerson newer = visitor;
  JsonObject *answer;

  guiche_test_write (desk->store, NULL, run_open, &opening);
  g_assert_false (opening.is_new);
  g_assert_true (guiche_id_equal (&opening.conversation_id, &visitor.conversation_id));
  act (desk, &desk->ana, 200, &visitor, "close");
  guiche_test_write (desk->store, NULL, run_open, &opening);
  g_assert_true (opening.is_new);
  newer.conversation_id = opening.conversation_id;
  answer = act (desk, &desk->ana, 409, &visitor, "reopen");
  g_assert_cmpstr (guiche_test_error_code (answer), ==, "conflict");
  act (desk, &desk->ana, 200, &newer, "close");
  answer = act (desk, &desk->ana, 200, &visitor, "reopen");
  g_assert_cmpstr (json_object_get_string_member (answer, "state"), ==, "open");
  g_assert_true (json_object_get_null_member (answer, "close_reason"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desk/states/table", test_table);
  g_test_add_func ("/desk/states/lines-and-audit", test_lines);
  g_test_add_func ("/desk/states/accept-once", test_accept_once);
  g_test_add_func ("/desk/states/accept-race", test_accept_race);
  g_test_add_func ("/desk/states/snooze-wakes", test_snooze_wakes);
  g_test_add_func ("/desk/states/snooze-again", test_snooze_again);
  g_test_add_func ("/desk/states/messages", test_messages_change_states);
  g_test_add_func ("/desk/states/waiting-since", test_waiting_since);
  g_test_add_func ("/desk/states/one-active", test_one_active);
  return g_test_run ();
}
