/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "people/sign-in.h"

#include "base/error.h"
#include "people/lock-out.h"
#include "people/user-store.h"

/* One attempt, filled by its steps. Strings are borrowed unless said otherwise. */
typedef struct {
  const char *login;
  const char *password;
  const char *device;
  GuicheId user_id;
  char *hash;     /* (owned) (nullable) */
  char *new_hash; /* (owned) (nullable): the same password with today's parameters */
  GuicheSecret secret;
  GuicheSecret next;
  GuicheId session_id;
  GuicheUser *user; /* (owned) (nullable) */
} Attempt;

static void
attempt_clear (Attempt *self)
{
  g_free (self->hash);
  g_free (self->new_hash);
  guiche_user_free (self->user);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Attempt, attempt_clear)

void
guiche_sign_in_clear (GuicheSignIn *self)
{
  g_clear_pointer (&self->user, guiche_user_free);
  g_clear_pointer (&self->refresh_token, g_free);
}

static void
set_refused (GError **error)
{
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_CREDENTIALS_INVALID,
                       "company, login or password is wrong");
}

/* (thread writer): counts the attempt before the password is looked at. */
static gboolean
begin (GuicheTx *tx, gpointer data, GError **error)
{
  Attempt *attempt = data;

  g_clear_pointer (&attempt->hash, g_free);
  return guiche_lock_out_begin_attempt (tx, attempt->login, error) &&
         guiche_user_store_find_password (tx, attempt->login, &attempt->user_id, &attempt->hash,
                                          error);
}

/* (thread writer): the password was right. */
static gboolean
succeed (GuicheTx *tx, gpointer data, GError **error)
{
  Attempt *attempt = data;

  g_clear_pointer (&attempt->user, guiche_user_free);
  attempt->user = guiche_user_load (tx, &attempt->user_id, error);
  if (attempt->user == NULL)
    return FALSE;
  if (!attempt->user->is_enabled) {
    set_refused (error);
    return FALSE;
  }
  if (attempt->new_hash != NULL &&
      !guiche_user_store_set_password (tx, &attempt->user_id, attempt->new_hash, error))
    return FALSE;
  return guiche_lock_out_forget (tx, attempt->login, error) &&
         guiche_session_open (tx, &attempt->user_id, &attempt->secret, attempt->device,
                              &attempt->session_id, error);
}

/* (thread writer) */
static gboolean
fail (GuicheTx *tx, gpointer data, GError **error)
{
  Attempt *attempt = data;

  return guiche_tx_audit (tx, "session.refused", &attempt->user_id, "{}", error);
}

/* Refuses an attempt at a company that is not there, at the same cost. */
static gboolean
refuse_unknown_tenant (GuichePasswords *passwords, const char *password, GError **error)
{
  gboolean matches;

  if (guiche_passwords_verify (passwords, NULL, password, &matches, NULL, error))
    set_refused (error);
  return FALSE;
}

/* The password against what begin() found; refused attempts are written down. */
static gboolean
check_password (GuicheTenant *tenant,
                GuichePasswords *passwords,
                const GuicheActor *actor,
                Attempt *attempt,
                gboolean *out_needs_rehash,
                GError **error)
{
  gboolean matches;

  if (!guiche_tenant_write_sync (tenant, actor, begin, attempt, error) ||
      !guiche_passwords_verify (passwords, attempt->hash, attempt->password, &matches,
                                out_needs_rehash, error))
    return FALSE;
  if (matches)
    return TRUE;
  if (guiche_tenant_write_sync (tenant, actor, fail, attempt, error))
    set_refused (error);
  return FALSE;
}

gboolean
guiche_sign_in (GuicheTenant *tenant,
                GuichePasswords *passwords,
                const GuicheActor *actor,
                const char *login,
                const char *password,
                const char *device,
                GuicheSignIn *out_sign_in,
                GError **error)
{
  g_auto (Attempt) attempt = { .login = login, .password = password, .device = device };
  gboolean needs_rehash;

  if (tenant == NULL)
    return refuse_unknown_tenant (passwords, password, error);
  if (!check_password (tenant, passwords, actor, &attempt, &needs_rehash, error))
    return FALSE;
  if (needs_rehash) {
    attempt.new_hash = guiche_passwords_hash (passwords, password, error);
    if (attempt.new_hash == NULL)
      return FALSE;
  }
  attempt.secret = guiche_secret_new_random ();
  if (!guiche_tenant_write_sync (tenant, actor, succeed, &attempt, error))
    return FALSE;
  out_sign_in->session_id = attempt.session_id;
  out_sign_in->user = g_steal_pointer (&attempt.user);
  out_sign_in->refresh_token = guiche_secret_to_token (&attempt.secret, guiche_tenant_key (tenant));
  return TRUE;
}

/* (thread writer): a bad token must be refused after the commit, or the end of its session
 * would be rolled back. */
static gboolean
refresh (GuicheTx *tx, gpointer data, GError **error)
{
  Attempt *attempt = data;

  if (!guiche_session_refresh (tx, &attempt->secret, &attempt->next, &attempt->session_id,
                               &attempt->user_id, error))
    return FALSE;
  if (guiche_id_is_none (&attempt->session_id))
    return TRUE;
  g_clear_pointer (&attempt->user, guiche_user_free);
  attempt->user = guiche_user_load (tx, &attempt->user_id, error);
  return attempt->user != NULL;
}

gboolean
guiche_sign_in_refresh (GuicheTenant *tenant,
                        const GuicheActor *actor,
                        const GuicheSecret *secret,
                        GuicheSignIn *out_sign_in,
                        GError **error)
{
  g_auto (Attempt) attempt = { .secret = *secret, .next = guiche_secret_new_random () };

  if (!guiche_tenant_write_sync (tenant, actor, refresh, &attempt, error))
    return FALSE;
  if (guiche_id_is_none (&attempt.session_id)) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED,
                         "the session has ended: sign in again");
    return FALSE;
  }
  out_sign_in->session_id = attempt.session_id;
  out_sign_in->user = g_steal_pointer (&attempt.user);
  out_sign_in->refresh_token = guiche_secret_to_token (&attempt.next, guiche_tenant_key (tenant));
  return TRUE;
}

/* (thread reader) */
static gboolean
load_actor (GuicheTx *tx, gpointer data, GError **error)
{
  Attempt *attempt = data;

  g_clear_pointer (&attempt->user, guiche_user_free);
  attempt->user = guiche_user_load (tx, &attempt->user_id, error);
  return attempt->user != NULL;
}

/* (thread writer) */
static gboolean
forget_attempts (GuicheTx *tx, gpointer data, GError **error)
{
  Attempt *attempt = data;

  return guiche_lock_out_forget (tx, attempt->login, error);
}

gboolean
guiche_sign_in_confirm (GuicheTenant *tenant,
                        GuichePasswords *passwords,
                        const GuicheActor *actor,
                        const char *password,
                        GError **error)
{
  g_auto (Attempt) attempt = { .password = password, .user_id = actor->id };
  g_autofree char *login = NULL;

  if (!guiche_tenant_read_sync (tenant, actor, load_actor, &attempt, error))
    return FALSE;
  login = g_strdup (attempt.user->login);
  attempt.login = login;
  return check_password (tenant, passwords, actor, &attempt, NULL, error) &&
         guiche_tenant_write_sync (tenant, actor, forget_attempts, &attempt, error);
}
