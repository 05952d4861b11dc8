/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "people/user.h"

G_BEGIN_DECLS

/* The SQL of users. Each says only whether it worked; the rules are in user.c. */
gboolean guiche_user_store_insert (GuicheTx *tx,
                                   const GuicheUser *user,
                                   const char *password_hash,
                                   GError **error);
gboolean guiche_user_store_update (GuicheTx *tx, const GuicheUser *user, GError **error);
gboolean guiche_user_store_set_password (GuicheTx *tx,
                                         const GuicheId *id,
                                         const char *password_hash,
                                         GError **error);
/* Sign-in: the hash and id of an enabled user; *@out_hash is %NULL when there is none. */
gboolean guiche_user_store_find_password (GuicheTx *tx,
                                          const char *login,
                                          GuicheId *out_id,
                                          char **out_hash,
                                          GError **error);
/* -1 on error. */
gint64 guiche_user_store_count_admins (GuicheTx *tx, GError **error);
/* To be called with every change of a user. */
void guiche_user_store_forget_names (GuicheTx *tx);

G_END_DECLS
