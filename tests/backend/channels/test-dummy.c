/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "channels/connector.h"
#include "channels/dummy.h"
#include "channels/story.h"
#include "channels/visit.h"
#include "desk/conversation-action.h"
#include "desk/customer.h"
#include "desk/message.h"
#include "people/user.h"
#include "support/store.h"

#include <string.h>

#define SEED 7

typedef struct {
  GuicheTestStore *store;
  GuicheId agent;
  GuicheId conversation;
  gint64 interval_s;
} Fixture;

static gboolean
run_prepare (GuicheTx *tx, gpointer data, GError **error)
{
  static const char *const names[] = { "Maria Silva", "João Souza", "Rita Lima" };
  Fixture *fixture = data;
  GuicheUserChange agent = GUICHE_USER_CHANGE_NOTHING;
  g_autoptr (GuicheUser) user = NULL;

  agent.login = "ana";
  agent.name = "Ana";
  agent.role = GUICHE_ROLE_ADMIN;
  agent.password_hash = "x";
  user = guiche_user_create (tx, &agent, error);
  if (user == NULL)
    return FALSE;
  fixture->agent = user->id;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    GuicheCustomerChange change = { .name = names[i],
                                    .plan = "Fibra 300 Mega",
                                    .contract = "20001",
                                    .address = "Rua das Acácias, 10",
                                    .status = "active" };
    g_auto (GuicheCustomerRecord) customer = { 0 };

    if (!guiche_customer_create (tx, &change, TRUE, &customer, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
run_start (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_dummy_start (tx, SEED, ((Fixture *) data)->interval_s, error);
}

static gboolean
run_accept (GuicheTx *tx, gpointer data, GError **error)
{
  Fixture *fixture = data;
  g_autoptr (GuicheConversation) accepted =
                 guiche_conversation_accept (tx, &fixture->conversation, error);

  return accepted != NULL;
}

static gboolean
run_answer (GuicheTx *tx, gpointer data, GError **error)
{
  Fixture *fixture = data;
  GuicheMessageRequest request = { .client_id = guiche_tx_new_id (tx),
                                   .body = "Vou verificar, um momento.",
                                   .kind = GUICHE_MESSAGE_TEXT };
  GuicheMessageResult result;

  return guiche_message_send (tx, &fixture->conversation, &request, &result, error);
}

static gboolean
run_find_conversation (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheStatement *row = guiche_tx_prepare (
      tx, "SELECT id FROM conversations WHERE channel = 'dummy' ORDER BY number LIMIT 1", error);

  if (row == NULL || !guiche_statement_next (row, error))
    return FALSE;
  ((Fixture *) data)->conversation = guiche_statement_id (row, 0);
  guiche_statement_reset (row);
  return TRUE;
}

/* Lets @seconds pass, second by second, doing what falls due. */
static void
pass (Fixture *fixture, gint64 seconds)
{
  for (gint64 i = 0; i < seconds; i++) {
    g_autoptr (GError) error = NULL;
    guint n = 0;

    guiche_clock_advance (fixture->store->clock, G_USEC_PER_SEC);
    guiche_tenant_run_due_jobs (fixture->store->tenant, &n, &error);
    g_assert_no_error (error);
  }
}

static gint64
count (Fixture *fixture, const char *sql)
{
  return guiche_test_number (fixture->store, sql);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->interval_s = 30;
  fixture->store = guiche_test_store_new ();
  guiche_channels_add_job_kinds (fixture->store->store);
  guiche_test_write (fixture->store, NULL, run_prepare, fixture);
  guiche_test_write (fixture->store, NULL, run_start, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  guiche_test_store_free (fixture->store);
}

#define CUSTOMER_LINES "SELECT count(*) FROM messages WHERE sender_kind = 1"
#define OF_FIRST                                                                                   \
  " AND conversation = (SELECT min(number) FROM conversations WHERE channel = 'dummy')"

static void
test_writes_waits_answers_leaves (Fixture *fixture, gconstpointer data)
{
  GuicheActor ana = { .role = GUICHE_ROLE_ADMIN };
  gint64 before;

  pass (fixture, 25);
  guiche_test_read (fixture->store, NULL, run_find_conversation, fixture);
  before = count (fixture, CUSTOMER_LINES OF_FIRST);
  g_assert_cmpint (before, >=, 1);
  ana.id = fixture->agent;
  guiche_test_write (fixture->store, &ana, run_accept, fixture);
  pass (fixture, 25);
  g_assert_cmpint (count (fixture, CUSTOMER_LINES OF_FIRST), <=, before + 1);
  before = count (fixture, CUSTOMER_LINES OF_FIRST);
  for (int i = 0; i < 4; i++) {
    guiche_test_write (fixture->store, &ana, run_answer, fixture);
    pass (fixture, 20);
  }
  g_assert_cmpint (count (fixture, CUSTOMER_LINES OF_FIRST), >=, before + 2);
  g_assert_cmpint (count (fixture, "SELECT has_left FROM dummy_visits WHERE number = 1"), ==, 1);
  g_assert_cmpint (
      count (fixture,
             "SELECT customer_read_seq > 0 FROM conversations WHERE number = (SELECT min(number) "
             "FROM conversations WHERE channel = 'dummy')"),
      ==, 1);
}

static void
test_loses_patience (Fixture *fixture, gconstpointer data)
{
  pass (fixture, 20 * 60);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM conversations WHERE channel = 'dummy' AND "
                                   "close_reason = 'cliente saiu'"),
                   >=, 1);
  g_assert_cmpint (
      count (fixture,
             "SELECT count(*) FROM conversations WHERE channel = 'dummy' AND state <> 'closed'"),
      <=, GUICHE_DUMMY_AT_ONCE);
}

static void
test_start_again_changes_nothing (Fixture *fixture, gconstpointer data)
{
  guiche_test_write (fixture->store, NULL, run_start, fixture);
  guiche_test_write (fixture->store, NULL, run_start, fixture);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM jobs WHERE kind = 'dummy.visit'"), ==, 1);
}

static gboolean
run_hash (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheStatement *rows = guiche_tx_prepare (
      tx,
      "SELECT conversation || ' ' || seq || body || at FROM messages ORDER BY conversation, seq",
      error);

  while (rows != NULL && guiche_statement_next (rows, error))
    g_checksum_update (data, (const guchar *) guiche_statement_text (rows, 0), -1);
  return *error == NULL;
}

static char *
hash_of_ten_minutes (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  set_up (&fixture, NULL);
  pass (&fixture, 600);
  guiche_test_read (fixture.store, NULL, run_hash, checksum);
  tear_down (&fixture, NULL);
  return g_strdup (g_checksum_get_string (checksum));
}

static void
test_same_seed_same_lives (void)
{
  g_autofree char *first = hash_of_ten_minutes ();
  g_autofree char *second = hash_of_ten_minutes ();

  g_assert_cmpstr (first, ==, second);
}

static void
test_stories (void)
{
  const char *const files[] = { "dialogues.txt", "visits.txt" };
  GuicheStoryPeople people = { .name = "Maria da Silva", .plan = "Fibra" };
  g_autofree char *filled =
      guiche_story_fill ("{first}: obrigad{o}, {plan} {contract}{unknown} {", &people);

  g_assert_cmpstr (filled, ==, "Maria: obrigada, Fibra {unknown} {");
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) stories = guiche_stories_load (files[i], &error);

    g_assert_no_error (error);
    g_assert_cmpuint (stories->len, >=, 8);
    for (guint j = 0; j < stories->len; j++)
      g_assert_cmpuint (((GuicheStory *) stories->pdata[j])->lines->len, >=, 3);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add ("/channels/dummy/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("writes-waits-answers-leaves", test_writes_waits_answers_leaves);
  ADD ("loses-patience", test_loses_patience);
  ADD ("start-again-changes-nothing", test_start_again_changes_nothing);
  g_test_add_func ("/channels/dummy/same-seed-same-lives", test_same_seed_same_lives);
  g_test_add_func ("/channels/stories", test_stories);
  return g_test_run ();
}
