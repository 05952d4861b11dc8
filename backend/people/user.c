/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "people/user.h"

#include "base/error.h"
#include "base/text.h"
#include "people/access.h"
#include "people/session.h"
#include "people/user-store.h"
#include "protocol/user.h"

#include <string.h>

#define LOGIN_MIN 2
#define LOGIN_MAX 32
#define NAME_MAX_CHARACTERS 100
#define STATUS_MAX_CHARACTERS 140
#define EMAIL_MAX 254 /* RFC 5321, 4.5.3.1.3 */

void
guiche_user_free (GuicheUser *self)
{
  if (self == NULL)
    return;
  g_free (self->login);
  g_free (self->name);
  g_free (self->email);
  g_free (self->status_text);
  g_strfreev (self->queues);
  g_free (self);
}

void
guiche_user_write_json (const GuicheUser *self, GuicheJsonWriter *writer)
{
  char *no_queues[] = { NULL };
  GuicheUserRecord record = {
    .id = self->id,
    .login = self->login,
    .name = self->name,
    .role = (char *) guiche_role_name (self->role),
    .email = self->email,
    .status_text = self->status_text,
    .is_enabled = self->is_enabled,
    .queues = self->queues != NULL ? self->queues : no_queues,
  };

  guiche_user_record_to_json (&record, writer);
}

static gboolean
refuse (GError **error, const char *field, const char *reason)
{
  GError *refusal = g_error_new (GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST,
                                 "setting a user: %s %s", field, reason);

  guiche_error_set_detail (refusal, "field", field);
  g_propagate_error (error, refusal);
  return FALSE;
}

static gboolean
set_login (GuicheUser *user, const char *login, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (login, -1);
  gsize length = strlen (lower);

  if (length < LOGIN_MIN || length > LOGIN_MAX)
    return refuse (error, "login", "has 2 to 32 characters");
  if (strspn (lower, "abcdefghijklmnopqrstuvwxyz0123456789._-") != length)
    return refuse (error, "login", "has only a-z, 0-9, dot, underscore and hyphen");
  g_free (user->login);
  user->login = g_steal_pointer (&lower);
  return TRUE;
}

static gboolean
set_name (GuicheUser *user, const char *name, GError **error)
{
  g_autofree char *line = guiche_text_one_line (name, NAME_MAX_CHARACTERS);

  if (*line == '\0')
    return refuse (error, "name", "is empty");
  g_free (user->name);
  user->name = g_steal_pointer (&line);
  return TRUE;
}

static gboolean
set_email (GuicheUser *user, const char *email, GError **error)
{
  g_autofree char *line = guiche_text_one_line (email, EMAIL_MAX + 1);
  const char *at = strchr (line, '@');

  g_clear_pointer (&user->email, g_free);
  if (*line == '\0')
    return TRUE;
  if (strlen (line) > EMAIL_MAX || at == NULL || at == line || at[1] == '\0' ||
      strchr (at + 1, '@') != NULL || strpbrk (line, " \"<>,;:\\") != NULL)
    return refuse (error, "email", "is not an e-mail address");
  user->email = g_steal_pointer (&line);
  return TRUE;
}

/* Puts the change into the record, checked; nothing is written yet. */
static gboolean
apply_change (GuicheUser *user, const GuicheUserChange *change, GError **error)
{
  if (change->login != NULL && !set_login (user, change->login, error))
    return FALSE;
  if (change->name != NULL && !set_name (user, change->name, error))
    return FALSE;
  if (change->email != NULL && !set_email (user, change->email, error))
    return FALSE;
  if (change->role == GUICHE_ROLE_VISITOR)
    return refuse (error, "role", "is agent, supervisor or admin");
  if (change->role != GUICHE_ROLE_NONE)
    user->role = change->role;
  if (change->is_enabled >= 0)
    user->is_enabled = change->is_enabled != 0;
  if (change->status_text != NULL) {
    g_free (user->status_text);
    user->status_text = guiche_text_one_line (change->status_text, STATUS_MAX_CHARACTERS);
  }
  return TRUE;
}

static gboolean
emit_user (GuicheTx *tx, const char *kind, const GuicheUser *user, GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  const char *data;
  gsize length;

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "user");
  guiche_user_write_json (user, writer);
  guiche_json_writer_end_object (writer);
  data = guiche_json_writer_peek (writer, &length);
  return guiche_tx_emit (tx, kind, "*", &user->id, data, length, error);
}

static gboolean
audit_user (GuicheTx *tx, const char *action, const GuicheUser *user, GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "login", user->login);
  guiche_json_writer_member_string (writer, "role", guiche_role_name (user->role));
  guiche_json_writer_member_bool (writer, "is_enabled", user->is_enabled);
  guiche_json_writer_end_object (writer);
  return guiche_tx_audit (tx, action, &user->id, guiche_json_writer_peek (writer, NULL), error);
}

GuicheUser *
guiche_user_create (GuicheTx *tx, const GuicheUserChange *change, GError **error)
{
  g_autoptr (GuicheUser) user = g_new0 (GuicheUser, 1);

  if (change->login == NULL || change->name == NULL || change->role == GUICHE_ROLE_NONE ||
      change->password_hash == NULL) {
    refuse (error, "login", "name, role and password are required");
    return NULL;
  }
  user->id = guiche_tx_new_id (tx);
  user->is_enabled = TRUE;
  user->status_text = g_strdup ("");
  user->queues = g_new0 (char *, 1);
  user->created_at_us = user->updated_at_us = guiche_tx_now_us (tx);
  if (!apply_change (user, change, error))
    return NULL;
  if (!guiche_user_store_insert (tx, user, change->password_hash, error)) {
    g_prefix_error (error, "creating user %s: ", user->login);
    return NULL;
  }
  if (!audit_user (tx, "user.create", user, error) || !emit_user (tx, "user.created", user, error))
    return NULL;
  return g_steal_pointer (&user);
}

static gboolean
keep_an_admin (GuicheTx *tx, gboolean was_admin, const GuicheUser *user, GError **error)
{
  gboolean is_admin = user->role == GUICHE_ROLE_ADMIN && user->is_enabled;
  gint64 admins;

  if (!was_admin || is_admin)
    return TRUE;
  admins = guiche_user_store_count_admins (tx, error);
  if (admins < 0)
    return FALSE;
  if (admins > 1)
    return TRUE;
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT,
                       "the last admin cannot be disabled or demoted");
  return FALSE;
}

/* A new password or a disabled user: no session made before may go on. */
static gboolean
end_sessions (GuicheTx *tx,
              const GuicheUser *user,
              const GuicheUserChange *change,
              const GuicheId *keep_session,
              GError **error)
{
  if (change->password_hash != NULL) {
    if (!guiche_user_store_set_password (tx, &user->id, change->password_hash, error) ||
        !guiche_tx_audit (tx, "user.password", &user->id, "{}", error))
      return FALSE;
  }
  if (!user->is_enabled)
    return guiche_session_revoke_all (tx, &user->id, NULL, error);
  if (change->password_hash != NULL)
    return guiche_session_revoke_all (tx, &user->id, keep_session, error);
  return TRUE;
}

GuicheUser *
guiche_user_update (GuicheTx *tx,
                    const GuicheId *id,
                    const GuicheUserChange *change,
                    const GuicheId *keep_session,
                    GError **error)
{
  g_autoptr (GuicheUser) user = guiche_user_load (tx, id, error);
  GuicheRole old_role;
  gboolean was_enabled;

  if (user == NULL)
    return NULL;
  old_role = user->role;
  was_enabled = user->is_enabled;
  if (!apply_change (user, change, error) ||
      !keep_an_admin (tx, old_role == GUICHE_ROLE_ADMIN && was_enabled, user, error))
    return NULL;
  user->updated_at_us = guiche_tx_now_us (tx);
  if (!guiche_user_store_update (tx, user, error) || !audit_user (tx, "user.update", user, error) ||
      !emit_user (tx, "user.updated", user, error) ||
      !end_sessions (tx, user, change, keep_session, error))
    return NULL;
  if ((old_role != user->role || was_enabled != user->is_enabled) &&
      !guiche_access_announce (tx, id, error))
    return NULL;
  return g_steal_pointer (&user);
}

gboolean
guiche_user_announce (GuicheTx *tx, const GuicheId *id, GError **error)
{
  g_autoptr (GuicheUser) user = guiche_user_load (tx, id, error);

  return user != NULL && emit_user (tx, "user.updated", user, error);
}
