/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/access.h"
#include "people/user.h"
#include "support/store.h"

#include <string.h>

typedef struct {
  GuicheUserChange change;
  GuicheId id;
  GuicheUser *user; /* (owned) */
} Step;

static void
step_clear (Step *self)
{
  guiche_user_free (self->user);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Step, step_clear)

static gboolean
create (GuicheTx *tx, gpointer data, GError **error)
{
  Step *step = data;

  g_clear_pointer (&step->user, guiche_user_free);
  step->user = guiche_user_create (tx, &step->change, error);
  if (step->user != NULL)
    step->id = step->user->id;
  return step->user != NULL;
}

static gboolean
update (GuicheTx *tx, gpointer data, GError **error)
{
  Step *step = data;

  g_clear_pointer (&step->user, guiche_user_free);
  step->user = guiche_user_update (tx, &step->id, &step->change, NULL, error);
  return step->user != NULL;
}

static gboolean
load_viewer (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheViewer *viewer = guiche_access_load_viewer (tx, &((Step *) data)->id, error);
  gboolean is_there = viewer != NULL;

  g_clear_pointer (&viewer, guiche_viewer_unref);
  return is_there;
}

static void
add (GuicheTestStore *store, Step *step, const char *login, GuicheRole role)
{
  step->change = GUICHE_USER_CHANGE_NOTHING;
  step->change.login = login;
  step->change.name = "Ana  Beatriz\tSouza";
  step->change.role = role;
  step->change.password_hash = "x";
  guiche_test_write (store, NULL, create, step);
  step->change = GUICHE_USER_CHANGE_NOTHING;
}

static const GuicheEvent *
last_event (GuicheTestStore *store)
{
  guint n = guiche_test_store_pump (store);

  return n == 0 ? NULL : g_ptr_array_index (store->events, n - 1);
}

static void
test_create (void)
{
  g_autoptr (GuicheTestStore) store = guiche_test_store_new ();
  g_auto (Step) step = { 0 };

  add (store, &step, "Ana.Souza", GUICHE_ROLE_AGENT);
  g_assert_cmpstr (step.user->login, ==, "ana.souza");
  g_assert_cmpstr (step.user->name, ==, "Ana Beatriz Souza");
  g_assert_true (step.user->is_enabled);
  g_assert_cmpstr (last_event (store)->kind, ==, "user.created");
  g_assert_cmpstr (last_event (store)->audience, ==, "*");
  guiche_test_read (store, NULL, load_viewer, &step);

  step.change.login = "ANA.SOUZA";
  step.change.name = "Outra";
  step.change.role = GUICHE_ROLE_AGENT;
  step.change.password_hash = "x";
  guiche_test_write_fails (store, NULL, create, &step, GUICHE_ERROR_CONFLICT);
}

static void
test_refused_members (void)
{
  g_autoptr (GuicheTestStore) store = guiche_test_store_new ();
  const GuicheUserChange wrong[] = {
    { .login = "a", .is_enabled = -1 },
    { .login = "com espaço", .is_enabled = -1 },
    { .login = "../../etc", .is_enabled = -1 },
    { .name = " \t ", .is_enabled = -1 },
    { .email = "sem-arroba", .is_enabled = -1 },
    { .email = "a@b@c", .is_enabled = -1 },
    { .email = "a b@c.example", .is_enabled = -1 },
    { .role = GUICHE_ROLE_VISITOR, .is_enabled = -1 },
  };
  g_auto (Step) step = { 0 };

  add (store, &step, "ana", GUICHE_ROLE_AGENT);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    step.change = wrong[i];
    guiche_test_write_fails (store, NULL, update, &step, GUICHE_ERROR_INVALID_REQUEST);
  }
}

static void
test_markup_is_data (void)
{
  g_autoptr (GuicheTestStore) store = guiche_test_store_new ();
  g_auto (Step) step = { 0 };

  add (store, &step, "ana", GUICHE_ROLE_AGENT);
  step.change.name = "<b>Ana</b> \xe2\x80\xae \x01";
  step.change.status_text = "'; DROP TABLE users; --";
  guiche_test_write (store, NULL, update, &step);
  g_assert_true (g_str_has_prefix (step.user->name, "<b>Ana</b> "));
  g_assert_null (strstr (step.user->name, "\xe2\x80\xae"));
  g_assert_cmpstr (step.user->status_text, ==, "'; DROP TABLE users; --");
}

static void
test_disable (void)
{
  g_autoptr (GuicheTestStore) store = guiche_test_store_new ();
  g_auto (Step) step = { 0 };

  add (store, &step, "ana", GUICHE_ROLE_AGENT);
  step.change.is_enabled = FALSE;
  guiche_test_write (store, NULL, update, &step);
  g_assert_false (step.user->is_enabled);
  g_assert_cmpstr (last_event (store)->kind, ==, "access.changed");
  g_assert_nonnull (
      strstr (g_bytes_get_data (last_event (store)->wire, NULL), "\"role\":\"none\""));
  guiche_test_write_fails (store, NULL, load_viewer, &step, GUICHE_ERROR_UNAUTHENTICATED);
  step.change.is_enabled = TRUE;
  guiche_test_write (store, NULL, update, &step);
  guiche_test_read (store, NULL, load_viewer, &step);
}

static void
test_last_admin_stays (void)
{
  g_autoptr (GuicheTestStore) store = guiche_test_store_new ();
  g_auto (Step) first = { 0 };
  g_auto (Step) second = { 0 };

  add (store, &first, "admin", GUICHE_ROLE_ADMIN);
  first.change.role = GUICHE_ROLE_AGENT;
  guiche_test_write_fails (store, NULL, update, &first, GUICHE_ERROR_CONFLICT);
  first.change = GUICHE_USER_CHANGE_NOTHING;
  first.change.is_enabled = FALSE;
  guiche_test_write_fails (store, NULL, update, &first, GUICHE_ERROR_CONFLICT);

  add (store, &second, "admin2", GUICHE_ROLE_ADMIN);
  guiche_test_write (store, NULL, update, &first);
  second.change.is_enabled = FALSE;
  guiche_test_write_fails (store, NULL, update, &second, GUICHE_ERROR_CONFLICT);
}

static void
test_role_change_is_announced (void)
{
  g_autoptr (GuicheTestStore) store = guiche_test_store_new ();
  g_auto (Step) step = { 0 };
  guint before;

  add (store, &step, "ana", GUICHE_ROLE_AGENT);
  before = guiche_test_store_pump (store);
  step.change.status_text = "almoço";
  guiche_test_write (store, NULL, update, &step);
  g_assert_cmpuint (guiche_test_store_pump (store), ==, before + 1);
  step.change.role = GUICHE_ROLE_SUPERVISOR;
  guiche_test_write (store, NULL, update, &step);
  g_assert_cmpuint (guiche_test_store_pump (store), ==, before + 3);
  g_assert_cmpstr (last_event (store)->kind, ==, "access.changed");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/people/user/create", test_create);
  g_test_add_func ("/people/user/refused-members", test_refused_members);
  g_test_add_func ("/people/user/markup-is-data", test_markup_is_data);
  g_test_add_func ("/people/user/disable", test_disable);
  g_test_add_func ("/people/user/last-admin-stays", test_last_admin_stays);
  g_test_add_func ("/people/user/role-change-is-announced", test_role_change_is_announced);
  return g_test_run ();
}
