/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "channels/visit.h"
#include "support/store.h"

#include <string.h>

typedef struct {
  GuicheVisitRequest request;
  GuicheVisit visit;
  GuicheId customer_id; /* for the viewer */
  GuicheId conversation_id;
} Step;

static gboolean
run_open (GuicheTx *tx, gpointer data, GError **error)
{
  Step *step = data;

  return guiche_visit_open (tx, &step->request, &step->visit, error);
}

static gboolean
run_viewer (GuicheTx *tx, gpointer data, GError **error)
{
  Step *step = data;
  g_autoptr (GuicheViewer) viewer =
                 guiche_visit_load_viewer (tx, &step->customer_id, &step->conversation_id, error);

  if (viewer == NULL)
    return FALSE;
  g_assert_cmpint (viewer->role, ==, GUICHE_ROLE_VISITOR);
  g_assert_true (guiche_id_equal (&viewer->conversation_id, &step->conversation_id));
  return TRUE;
}

static Step
maria (void)
{
  return (Step){ .request = { .name = "Maria", .subject = "financial" } };
}

static void
test_open (void)
{
  g_autoptr (GuicheTestStore) store = guiche_test_store_new ();
  Step first = maria (), second = maria ();

  first.request.phone = "(34) 99999-0000";
  first.request.email = "maria@example.com";
  second.request.phone = first.request.phone;
  guiche_test_write (store, NULL, run_open, &first);
  guiche_test_write (store, NULL, run_open, &second);
  /* The same phone proves nothing: another customer, another conversation. */
  g_assert_false (guiche_id_equal (&first.visit.customer_id, &second.visit.customer_id));
  g_assert_false (guiche_id_equal (&first.visit.conversation_id, &second.visit.conversation_id));
  g_assert_cmpint (
      guiche_test_number (store, "SELECT count(*) FROM customers WHERE status = 'lead'"), ==, 2);
}

static void
test_refused (void)
{
  g_autoptr (GuicheTestStore) store = guiche_test_store_new ();
  const GuicheVisitRequest wrong[] = {
    { .name = "", .subject = "financial" },
    { .name = " \t\n ", .subject = "financial" },
    { .name = "M", .subject = "nada" },
    { .name = "M", .subject = "financial'; --" },
    { .name = "M", .subject = "financial", .phone = "123" },
    { .name = "M", .subject = "financial", .phone = "1234567890123456" },
    { .name = "M", .subject = "financial", .email = "sem arroba" },
    { .name = "M", .subject = "financial", .email = "a@b@c" },
    { .name = "M", .subject = "financial", .email = "a@b\r\nBcc: x" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    Step step = { .request = wrong[i] };

    guiche_test_write_fails (store, NULL, run_open, &step, GUICHE_ERROR_INVALID_REQUEST);
  }
  g_assert_cmpint (guiche_test_number (store, "SELECT count(*) FROM customers"), ==, 0);
}

static void
test_repeat (void)
{
  g_autoptr (GuicheTestStore) store = guiche_test_store_new ();
  Step first = maria (), again = maria (), late = maria ();

  guiche_id_parse ("01970000-0000-7000-8000-00000000abcd", &first.request.client_id);
  again.request.client_id = late.request.client_id = first.request.client_id;
  guiche_test_write (store, NULL, run_open, &first);
  g_assert_false (first.visit.is_repeat);
  guiche_test_write (store, NULL, run_open, &again);
  g_assert_true (again.visit.is_repeat);
  g_assert_true (guiche_id_equal (&first.visit.conversation_id, &again.visit.conversation_id));
  g_assert_true (guiche_id_equal (&first.visit.customer_id, &again.visit.customer_id));
  guiche_clock_advance (store->clock, G_TIME_SPAN_DAY + 1);
  guiche_test_write (store, NULL, run_open, &late);
  g_assert_false (late.visit.is_repeat);
}

static void
test_viewer (void)
{
  g_autoptr (GuicheTestStore) store = guiche_test_store_new ();
  Step mine = maria (), other = maria ();

  guiche_test_write (store, NULL, run_open, &mine);
  guiche_test_write (store, NULL, run_open, &other);
  mine.customer_id = mine.visit.customer_id;
  mine.conversation_id = mine.visit.conversation_id;
  guiche_test_read (store, NULL, run_viewer, &mine);
  mine.conversation_id = other.visit.conversation_id;
  guiche_test_write_fails (store, NULL, run_viewer, &mine, GUICHE_ERROR_UNAUTHENTICATED);
  mine.conversation_id = mine.customer_id;
  guiche_test_write_fails (store, NULL, run_viewer, &mine, GUICHE_ERROR_UNAUTHENTICATED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/channels/visit/open", test_open);
  g_test_add_func ("/channels/visit/refused", test_refused);
  g_test_add_func ("/channels/visit/repeat", test_repeat);
  g_test_add_func ("/channels/visit/viewer", test_viewer);
  return g_test_run ();
}
