/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "store/tx.h"

G_BEGIN_DECLS

/**
 * GuicheUser:
 *
 * A colleague: an agent, supervisor or admin of one tenant.
 */
typedef struct {
  GuicheId id;
  char *login; /* lower case, a-z 0-9 . _ - */
  char *name;
  GuicheRole role;
  char *email; /* (nullable) */
  char *status_text;
  gboolean is_enabled;
  char **queues; /* (owned): keys of the queues served, sorted */
  gint64 created_at_us;
  gint64 updated_at_us;
} GuicheUser;

void guiche_user_free (GuicheUser *self);
/* The contract's `user` record. */
void guiche_user_write_json (const GuicheUser *self, GuicheJsonWriter *writer);

/**
 * GuicheUserChange:
 *
 * What to set; a %NULL string, %GUICHE_ROLE_NONE and a negative flag leave things as they
 * are. An empty @email removes it. @password_hash comes from guiche_password_hash().
 */
typedef struct {
  const char *login;
  const char *name;
  GuicheRole role;
  const char *email;
  const char *status_text;
  int is_enabled;
  const char *password_hash;
} GuicheUserChange;

#define GUICHE_USER_CHANGE_NOTHING ((GuicheUserChange){ .is_enabled = -1 })

/* GUICHE_ERROR_NOT_FOUND when there is none. */
GuicheUser *guiche_user_load (GuicheTx *tx, const GuicheId *id, GError **error);
GuicheUser *guiche_user_load_by_login (GuicheTx *tx, const char *login, GError **error);
/* Only the name, which the writer keeps: it is on the path of every message. Borrowed until the
 * next change of a user. GUICHE_ERROR_NOT_FOUND when there is none. */
const char *guiche_user_borrow_name (GuicheTx *tx, const GuicheId *id, GError **error);
/* By name. (transfer full) (element-type GuicheUser) */
GPtrArray *guiche_users_list (GuicheTx *tx, GError **error);

/* Login, name, role and password hash are required; emits `user.created`.
 * GUICHE_ERROR_CONFLICT when the login is taken. */
GuicheUser *guiche_user_create (GuicheTx *tx, const GuicheUserChange *change, GError **error);
/* Emits `user.updated`, and `access.changed` when the role or the flag changed. Disabling and
 * a new password end every session of the user but @keep_session (nullable). The last enabled
 * admin stays one (GUICHE_ERROR_CONFLICT). */
GuicheUser *guiche_user_update (GuicheTx *tx,
                                const GuicheId *id,
                                const GuicheUserChange *change,
                                const GuicheId *keep_session,
                                GError **error);
/* Emits `user.updated` for what another room changed (the queues served). */
gboolean guiche_user_announce (GuicheTx *tx, const GuicheId *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheUser, guiche_user_free)

G_END_DECLS
