/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/message.h"
#include "store/tx.h"

G_BEGIN_DECLS

/**
 * GuicheSender:
 *
 * Who writes: a user, the customer, or the system.
 */
typedef struct {
  GuicheSenderKind kind;
  GuicheId id; /* none for the system */
  char *name;  /* (nullable) (owned) */
} GuicheSender;

void guiche_sender_clear (GuicheSender *self);
/* The actor of @tx; @customer_name (nullable) is what a visitor is called. */
gboolean guiche_sender_from_actor (GuicheTx *tx,
                                   const char *customer_name,
                                   GuicheSender *out_sender,
                                   GError **error);
/* GUICHE_ERROR_NOT_FOUND when there is no such user. (transfer full) */
char *guiche_sender_dup_user_name (GuicheTx *tx, const GuicheId *user_id, GError **error);
/* GUICHE_ERROR_INVALID_REQUEST about `user_id` unless the user exists and is enabled. */
gboolean guiche_sender_check_user (GuicheTx *tx, const GuicheId *user_id, GError **error);
/* The none id when no enabled user has that login. */
gboolean guiche_sender_find_login (GuicheTx *tx,
                                   const char *login,
                                   GuicheId *out_id,
                                   GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheSender, guiche_sender_clear)

G_END_DECLS
