/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/lock-out.h"
#include "people/sign-in.h"
#include "people/user.h"
#include "support/store.h"

#include <string.h>

#define PASSWORD "correto cavalo"

typedef struct {
  GuicheTestStore *store;
  GuichePasswords *passwords;
  GuicheActor actor;
  GuicheId user_id;
  char *hash; /* (owned) */
} Fixture;

/* "guiche" with parameters of the past. */
#define WEAK_HASH                                                                                  \
  "$argon2id$v=19$m=32768,t=1,p=1$Bg/g5Xg5NGfcqh9DCjBDFw$6hmBT2Gw+q8KODvtRXTF9LS/pxYwmm5YzZkx3/"   \
  "hnqLw"

static gboolean
create_user (GuicheTx *tx, gpointer data, GError **error)
{
  Fixture *fixture = data;
  GuicheUserChange change = GUICHE_USER_CHANGE_NOTHING;
  GuicheUser *user;

  change.login = "ana";
  change.name = "Ana";
  change.role = GUICHE_ROLE_AGENT;
  change.password_hash = fixture->hash;
  user = guiche_user_create (tx, &change, error);
  if (user == NULL)
    return FALSE;
  fixture->user_id = user->id;
  guiche_user_free (user);
  return TRUE;
}

static gboolean
set_hash (GuicheTx *tx, gpointer data, GError **error)
{
  Fixture *fixture = data;
  GuicheUserChange change = GUICHE_USER_CHANGE_NOTHING;
  GuicheUser *user;

  change.password_hash = fixture->hash;
  user = guiche_user_update (tx, &fixture->user_id, &change, NULL, error);
  guiche_user_free (user);
  return user != NULL;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->store = guiche_test_store_new ();
  fixture->passwords = guiche_passwords_new ();
  fixture->hash = guiche_passwords_hash (fixture->passwords, PASSWORD, NULL);
  guiche_test_write (fixture->store, NULL, create_user, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  guiche_test_store_free (fixture->store);
  guiche_passwords_free (fixture->passwords);
  g_free (fixture->hash);
}

static gboolean
sign_in (Fixture *fixture,
         const char *login,
         const char *password,
         GuicheSignIn *out,
         GError **error)
{
  return guiche_sign_in (fixture->store->tenant, fixture->passwords, &fixture->actor, login,
                         password, "teste", out, error);
}

static void
sign_in_fails (Fixture *fixture, const char *login, const char *password, GuicheError code)
{
  g_auto (GuicheSignIn) out = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (sign_in (fixture, login, password, &out, &error));
  g_assert_error (error, GUICHE_ERROR, (int) code);
}

static gboolean
refresh (Fixture *fixture, const char *token, GuicheSignIn *out, GError **error)
{
  g_autofree char *tenant = NULL;
  GuicheSecret secret;

  g_assert_true (guiche_secret_parse_token (token, &tenant, &secret));
  g_assert_cmpstr (tenant, ==, "demo");
  return guiche_sign_in_refresh (fixture->store->tenant, &fixture->actor, &secret, out, error);
}

static void
refresh_fails (Fixture *fixture, const char *token)
{
  g_auto (GuicheSignIn) out = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (refresh (fixture, token, &out, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED);
}

static gboolean
check_session (GuicheTx *tx, gpointer data, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (guiche_session_is_valid (tx, data, &failure))
    return TRUE;
  g_assert_no_error (failure);
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED, "over");
  return FALSE;
}

static void
test_good (Fixture *fixture, gconstpointer data)
{
  g_auto (GuicheSignIn) out = { 0 };
  g_autoptr (GError) error = NULL;

  sign_in (fixture, "ANA", PASSWORD, &out, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (out.user->login, ==, "ana");
  g_assert_true (g_str_has_prefix (out.refresh_token, "demo."));
  guiche_test_read (fixture->store, NULL, check_session, &out.session_id);
}

/* Argon2id runs once for each: unknown company, unknown login, wrong password, disabled user. */
static void
test_same_cost (Fixture *fixture, gconstpointer data)
{
  g_auto (GuicheSignIn) out = { 0 };
  g_autoptr (GError) error = NULL;
  guint64 runs = guiche_passwords_runs (fixture->passwords);

  sign_in_fails (fixture, "ana", "errada", GUICHE_ERROR_CREDENTIALS_INVALID);
  g_assert_cmpuint (guiche_passwords_runs (fixture->passwords), ==, runs + 1);
  sign_in_fails (fixture, "ninguem", "errada", GUICHE_ERROR_CREDENTIALS_INVALID);
  g_assert_cmpuint (guiche_passwords_runs (fixture->passwords), ==, runs + 2);
  g_assert_false (guiche_sign_in (NULL, fixture->passwords, &fixture->actor, "ana", PASSWORD, NULL,
                                  &out, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_CREDENTIALS_INVALID);
  g_assert_cmpuint (guiche_passwords_runs (fixture->passwords), ==, runs + 3);
}

static void
test_lock_out_grows (Fixture *fixture, gconstpointer data)
{
  const gint64 delays_s[] = { 30, 60, 120, 240, 480, 900, 900 };
  guint64 runs;

  for (int i = 0; i < GUICHE_LOCK_OUT_FREE_ATTEMPTS; i++)
    sign_in_fails (fixture, "ana", "errada", GUICHE_ERROR_CREDENTIALS_INVALID);
  for (gsize i = 0; i < G_N_ELEMENTS (delays_s); i++) {
    runs = guiche_passwords_runs (fixture->passwords);
    sign_in_fails (fixture, "ana", PASSWORD, GUICHE_ERROR_LOCKED_OUT);
    guiche_clock_advance (fixture->store->clock, (delays_s[i] - 1) * G_USEC_PER_SEC);
    sign_in_fails (fixture, "Ana", PASSWORD, GUICHE_ERROR_LOCKED_OUT);
    g_assert_cmpuint (guiche_passwords_runs (fixture->passwords), ==, runs);
    guiche_clock_advance (fixture->store->clock, 2 * G_USEC_PER_SEC);
    sign_in_fails (fixture, "ana", "errada", GUICHE_ERROR_CREDENTIALS_INVALID);
  }
}

static void
test_lock_out_of_unknown_logins (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < GUICHE_LOCK_OUT_FREE_ATTEMPTS; i++)
    sign_in_fails (fixture, "ninguem", "errada", GUICHE_ERROR_CREDENTIALS_INVALID);
  sign_in_fails (fixture, "ninguem", "errada", GUICHE_ERROR_LOCKED_OUT);
}

/* Who is in stays in while somebody guesses; success forgets the failures. */
static void
test_lock_out_spares_sessions (Fixture *fixture, gconstpointer data)
{
  g_auto (GuicheSignIn) first = { 0 };
  g_auto (GuicheSignIn) next = { 0 };
  g_auto (GuicheSignIn) again = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (sign_in (fixture, "ana", PASSWORD, &first, NULL));
  for (int i = 0; i < GUICHE_LOCK_OUT_FREE_ATTEMPTS; i++)
    sign_in_fails (fixture, "ana", "errada", GUICHE_ERROR_CREDENTIALS_INVALID);
  sign_in_fails (fixture, "ana", PASSWORD, GUICHE_ERROR_LOCKED_OUT);
  refresh (fixture, first.refresh_token, &next, &error);
  g_assert_no_error (error);
  guiche_clock_advance (fixture->store->clock, 31 * G_USEC_PER_SEC);
  g_assert_true (sign_in (fixture, "ana", PASSWORD, &again, NULL));
  sign_in_fails (fixture, "ana", "errada", GUICHE_ERROR_CREDENTIALS_INVALID);
}

static void
test_refresh_rotates (Fixture *fixture, gconstpointer data)
{
  g_auto (GuicheSignIn) first = { 0 };
  g_auto (GuicheSignIn) second = { 0 };
  g_auto (GuicheSignIn) third = { 0 };

  g_assert_true (sign_in (fixture, "ana", PASSWORD, &first, NULL));
  g_assert_true (refresh (fixture, first.refresh_token, &second, NULL));
  g_assert_cmpstr (first.refresh_token, !=, second.refresh_token);
  g_assert_true (guiche_id_equal (&first.session_id, &second.session_id));
  /* The reply was lost: the old one still works for a moment. */
  guiche_clock_advance (fixture->store->clock, GUICHE_SESSION_GRACE_US - 1);
  g_assert_true (refresh (fixture, first.refresh_token, &third, NULL));
  guiche_test_read (fixture->store, NULL, check_session, &first.session_id);
}

static void
test_reuse_ends_the_session (Fixture *fixture, gconstpointer data)
{
  g_auto (GuicheSignIn) first = { 0 };
  g_auto (GuicheSignIn) second = { 0 };

  g_assert_true (sign_in (fixture, "ana", PASSWORD, &first, NULL));
  g_assert_true (refresh (fixture, first.refresh_token, &second, NULL));
  guiche_clock_advance (fixture->store->clock, GUICHE_SESSION_GRACE_US + 1);
  refresh_fails (fixture, first.refresh_token);
  refresh_fails (fixture, second.refresh_token);
  guiche_test_write_fails (fixture->store, NULL, check_session, &first.session_id,
                           GUICHE_ERROR_UNAUTHENTICATED);
}

static void
test_refresh_ends (Fixture *fixture, gconstpointer data)
{
  g_auto (GuicheSignIn) first = { 0 };
  GuicheSecret unknown = guiche_secret_new_random ();
  g_autofree char *forged = guiche_secret_to_token (&unknown, "demo");

  refresh_fails (fixture, forged);
  g_assert_true (sign_in (fixture, "ana", PASSWORD, &first, NULL));
  guiche_clock_advance (fixture->store->clock, GUICHE_SESSION_IDLE_US + 1);
  refresh_fails (fixture, first.refresh_token);
}

static void
test_token_text (void)
{
  GuicheSecret secret = guiche_secret_new_random ();
  GuicheSecret parsed;
  g_autofree char *token = guiche_secret_to_token (&secret, "minha.empresa");
  g_autofree char *tenant = NULL;
  const char *const wrong[] = { "",
                                ".",
                                "demo",
                                "demo.",
                                "demo.abc",
                                ".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                "demo.*AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };

  g_assert_true (guiche_secret_parse_token (token, &tenant, &parsed));
  g_assert_cmpstr (tenant, ==, "minha.empresa");
  g_assert_cmpmem (secret.bytes, sizeof secret.bytes, parsed.bytes, sizeof parsed.bytes);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *other = NULL;

    g_assert_false (guiche_secret_parse_token (wrong[i], &other, &parsed));
    g_assert_null (other);
  }
}

/* Who signs in gets a hash of today, and only then. */
static void
test_rehash (Fixture *fixture, gconstpointer data)
{
  const char *weak_rows = "SELECT count(*) FROM users WHERE password_hash LIKE '%m=32768%'";
  g_auto (GuicheSignIn) first = { 0 };
  g_autoptr (GError) error = NULL;

  g_free (fixture->hash);
  fixture->hash = g_strdup (WEAK_HASH);
  guiche_test_write (fixture->store, NULL, set_hash, fixture);
  sign_in_fails (fixture, "ana", "errada", GUICHE_ERROR_CREDENTIALS_INVALID);
  g_assert_cmpint (guiche_test_number (fixture->store, weak_rows), ==, 1);
  sign_in (fixture, "ana", "guiche", &first, &error);
  g_assert_no_error (error);
  g_assert_cmpint (guiche_test_number (fixture->store, weak_rows), ==, 0);
}

/* Nothing in the database opens anything. */
static void
test_stored_hashed (Fixture *fixture, gconstpointer data)
{
  g_auto (GuicheSignIn) first = { 0 };

  g_assert_true (sign_in (fixture, "ana", PASSWORD, &first, NULL));
  g_assert_cmpint (guiche_test_number (fixture->store, "SELECT count(*) FROM refresh_tokens"), ==,
                   1);
  g_assert_cmpint (
      guiche_test_number (fixture->store, "SELECT max(length(token_hash)) FROM refresh_tokens"), ==,
      32);
  g_assert_cmpint (guiche_test_number (fixture->store,
                                       "SELECT count(*) FROM users WHERE password_hash LIKE "
                                       "'$argon2id$v=19$m=65536,t=3,p=1$%'"),
                   ==, 1);
}

static void
test_password_rules (void)
{
  const char *const wrong[] = { "curta", "12345678", "SENHA123", "ana.maria.s", "çççç" };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (guiche_password_check_new (wrong[i], "ana.maria.s", &error));
    g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST);
  }
  g_assert_true (guiche_password_check_new ("três tigres tristes", "ana", NULL));
}

/* The same characters composed otherwise are the same password; old parameters are noticed. */
static void
test_password_normal_form_and_rehash (void)
{
  g_autoptr (GuichePasswords) passwords = guiche_passwords_new ();
  const char *weak = WEAK_HASH;
  g_autofree char *hash = guiche_passwords_hash (passwords, "caf\xc3\xa9 da manh\xc3\xa3", NULL);
  gboolean matches, needs_rehash;

  g_assert_true (guiche_passwords_verify (passwords, hash, "cafe\xcc\x81 da manha\xcc\x83",
                                          &matches, &needs_rehash, NULL));
  g_assert_true (matches);
  g_assert_false (needs_rehash);
  g_assert_true (
      guiche_passwords_verify (passwords, weak, "guiche", &matches, &needs_rehash, NULL));
  g_assert_true (matches);
  g_assert_true (needs_rehash);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add ("/people/sign-in/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("good", test_good);
  ADD ("same-cost", test_same_cost);
  ADD ("lock-out-grows", test_lock_out_grows);
  ADD ("lock-out-of-unknown-logins", test_lock_out_of_unknown_logins);
  ADD ("lock-out-spares-sessions", test_lock_out_spares_sessions);
  ADD ("refresh-rotates", test_refresh_rotates);
  ADD ("reuse-ends-the-session", test_reuse_ends_the_session);
  ADD ("refresh-ends", test_refresh_ends);
  ADD ("rehash", test_rehash);
  ADD ("stored-hashed", test_stored_hashed);
  g_test_add_func ("/people/sign-in/token-text", test_token_text);
  g_test_add_func ("/people/password/rules", test_password_rules);
  g_test_add_func ("/people/password/normal-form-and-rehash", test_password_normal_form_and_rehash);
  return g_test_run ();
}
