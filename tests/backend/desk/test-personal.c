/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/desk.h"

#include <string.h>

#define NOTHING NULL

static JsonObject *
items_at (JsonObject *answer, guint index)
{
  return json_array_get_object_element (json_object_get_array_member (answer, "items"), index);
}

static const char *
text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

/* --- what one keeps
 * ---------------------------------------------------------------------------------------- */

static void
test_canned_replies (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  g_autofree char *path = NULL;
  JsonObject *answer;

  answer = guiche_test_expect (desk, &desk->sofia, 201, "POST", "/api/v1/canned-replies",
                               "{\"shortcut\":\"Ola\",\"title\":\"Olá\",\"body\":\"Olá "
                               "{{customer.first_name}}\"}");
  g_assert_cmpstr (text (answer, "shortcut"), ==, "ola");
  path = g_strconcat ("/api/v1/canned-replies/", text (answer, "id"), NULL);
  guiche_test_expect (desk, &desk->sofia, 409, "POST", "/api/v1/canned-replies",
                      "{\"shortcut\":\"ola\",\"title\":\"x\",\"body\":\"x\"}");
  guiche_test_expect (desk, &desk->sofia, 400, "POST", "/api/v1/canned-replies",
                      "{\"shortcut\":\"o la\",\"title\":\"x\",\"body\":\"x\"}");
  guiche_test_expect (desk, &desk->sofia, 200, "PATCH", path, "{\"title\":\"Oi\"}");
  answer = guiche_test_expect (desk, &desk->ana, 200, "GET", "/api/v1/canned-replies", NOTHING);
  g_assert_cmpstr (text (items_at (answer, 0), "title"), ==, "Oi");
  guiche_test_expect (desk, &desk->sofia, 200, "DELETE", path, NOTHING);
  guiche_test_expect (desk, &desk->sofia, 404, "DELETE", path, NOTHING);
}

static void
test_drafts (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
  g_autofree char *path = guiche_test_path (&visitor.conversation_id, "/draft");
  JsonArray *drafts;

  guiche_test_expect (desk, &desk->ana, 200, "PUT", path, "{\"body\":\"quase\"}");
  guiche_test_expect (desk, &desk->ana, 200, "PUT", path, "{\"body\":\"quase pronto\"}");
  drafts = json_object_get_array_member (
      guiche_test_expect (desk, &desk->ana, 200, "GET", "/api/v1/snapshot", NOTHING), "drafts");
  g_assert_cmpuint (json_array_get_length (drafts), ==, 1);
  g_assert_cmpstr (text (json_array_get_object_element (drafts, 0), "body"), ==, "quase pronto");
  drafts = json_object_get_array_member (
      guiche_test_expect (desk, &desk->bruno, 200, "GET", "/api/v1/snapshot", NOTHING), "drafts");
  g_assert_cmpuint (json_array_get_length (drafts), ==, 0);
  guiche_test_expect (desk, &desk->ana, 200, "PUT", path, "{\"body\":\"\"}");
  g_assert_cmpint (guiche_test_number (desk->store, "SELECT COUNT(*) FROM drafts"), ==, 0);
}

/* --- send later
 * ------------------------------------------------------------------------------------------- */

static char *
schedule (GuicheTestDesk *desk,
          const GuicheTestPerson *visitor,
          const char *client_id,
          guint status)
{
  g_autofree char *messages = guiche_test_path (&visitor->conversation_id, "/messages");
  gint64 at = GUICHE_TEST_START_US + G_TIME_SPAN_HOUR;

  return g_strdup (text (
      guiche_test_expect (desk, &desk->ana, status, "POST", messages,
                          "{\"client_id\":\"%s\",\"body\":\"depois\",\"send_at\":%" G_GINT64_FORMAT
                          "}",
                          client_id, at),
      "id"));
}

static gint64
n_sent (GuicheTestDesk *desk)
{
  return guiche_test_number (desk->store, "SELECT COUNT(*) FROM messages WHERE body = 'depois'");
}

static void
test_send_later (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
  g_autofree char *messages = guiche_test_path (&visitor.conversation_id, "/messages");
  g_autofree char *client_id = guiche_test_client_id (desk);
  g_autofree char *first = schedule (desk, &visitor, client_id, 201);
  g_autofree char *again = schedule (desk, &visitor, client_id, 200);

  g_assert_cmpstr (first, ==, again);
  guiche_clock_advance (desk->store->clock, G_TIME_SPAN_HOUR - 1);
  guiche_test_run_jobs (desk);
  g_assert_cmpint (n_sent (desk), ==, 0);
  guiche_clock_advance (desk->store->clock, 1);
  guiche_test_run_jobs (desk);
  guiche_test_run_jobs (desk);
  g_assert_cmpint (n_sent (desk), ==, 1);
  g_assert_cmpint (guiche_test_number (desk->store, "SELECT COUNT(*) FROM scheduled_messages"), ==,
                   0);
  /* It was sent with its client_id: a late repeat of the request finds it. */
  guiche_test_expect (desk, &desk->ana, 200, "POST", messages,
                      "{\"client_id\":\"%s\",\"body\":\"depois\"}", client_id);
  g_assert_cmpint (
      json_object_get_int_member (
          guiche_test_expect (
              desk, &desk->ana, 200, "POST", messages,
              "{\"client_id\":\"%s\",\"body\":\"depois\",\"send_at\":%" G_GINT64_FORMAT "}",
              client_id, guiche_clock_now_us (desk->store->clock) + G_TIME_SPAN_HOUR),
          "seq"),
      >, 0);
  g_assert_cmpint (n_sent (desk), ==, 1);
}

static void
test_send_later_cancelled (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
  g_autofree char *client_id = guiche_test_client_id (desk);
  g_autofree char *id = schedule (desk, &visitor, client_id, 201);
  g_autofree char *path = g_strconcat ("/api/v1/scheduled/", id, NULL);

  guiche_test_expect (desk, &desk->bruno, 404, "DELETE", path, NOTHING);
  guiche_test_expect (desk, &desk->ana, 200, "DELETE", path, NOTHING);
  guiche_test_expect (desk, &desk->ana, 404, "DELETE", path, NOTHING);
  guiche_clock_advance (desk->store->clock, 2 * G_TIME_SPAN_HOUR);
  guiche_test_run_jobs (desk);
  g_assert_cmpint (n_sent (desk), ==, 0);
}

/* What may not be sent any more is not lost: it comes back as a draft. */
static void
test_send_later_refused (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
  g_autofree char *client_id = guiche_test_client_id (desk);
  g_autofree char *id = schedule (desk, &visitor, client_id, 201);
  g_autofree char *close = guiche_test_path (&visitor.conversation_id, "/close");

  guiche_test_expect (desk, &desk->sofia, 200, "POST", close, "{\"reason\":\"resolvido\"}");
  guiche_clock_advance (desk->store->clock, 2 * G_TIME_SPAN_HOUR);
  guiche_test_run_jobs (desk);
  g_assert_cmpint (n_sent (desk), ==, 0);
  g_assert_cmpint (
      guiche_test_number (desk->store, "SELECT COUNT(*) FROM drafts WHERE body = 'depois'"), ==, 1);
  g_assert_cmpint (guiche_test_number (desk->store, "SELECT COUNT(*) FROM scheduled_messages"), ==,
                   0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desk/canned-replies", test_canned_replies);
  g_test_add_func ("/desk/drafts", test_drafts);
  g_test_add_func ("/desk/send-later/once", test_send_later);
  g_test_add_func ("/desk/send-later/cancelled", test_send_later_cancelled);
  g_test_add_func ("/desk/send-later/refused", test_send_later_refused);
  return g_test_run ();
}
