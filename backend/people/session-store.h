/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "people/session.h"

G_BEGIN_DECLS

/* What is stored of a refresh token. */
typedef struct {
  guint8 bytes[32];
} GuicheSecretHash;

/* A refresh token with its session and user; @session_id is none when it is unknown. */
typedef struct {
  GuicheId session_id;
  GuicheId user_id;
  gint64 replaced_at_us; /* 0: it is the current one */
  gint64 created_at_us;  /* of the session */
  gint64 expires_at_us;
  gboolean is_revoked;
  gboolean is_user_enabled;
} GuicheSessionRow;

/* The SQL of sessions; the rules are in session.c. */
gboolean guiche_session_store_insert (GuicheTx *tx,
                                      const GuicheId *session_id,
                                      const GuicheId *user_id,
                                      gint64 expires_at_us,
                                      const char *device,
                                      GError **error);
gboolean guiche_session_store_insert_token (GuicheTx *tx,
                                            const GuicheId *session_id,
                                            const GuicheSecretHash *hash,
                                            GError **error);
gboolean guiche_session_store_find_token (GuicheTx *tx,
                                          const GuicheSecretHash *hash,
                                          GuicheSessionRow *out_row,
                                          GError **error);
/* Every token of the session not yet replaced is, now; those replaced before @forget_before_us
 * are forgotten. */
gboolean guiche_session_store_replace_tokens (GuicheTx *tx,
                                              const GuicheId *session_id,
                                              gint64 forget_before_us,
                                              GError **error);
gboolean guiche_session_store_touch (GuicheTx *tx,
                                     const GuicheId *session_id,
                                     gint64 expires_at_us,
                                     GError **error);
gboolean guiche_session_store_revoke (GuicheTx *tx,
                                      const GuicheId *session_id,
                                      gint64 *out_changes,
                                      GError **error);
gboolean guiche_session_store_revoke_all (GuicheTx *tx,
                                          const GuicheId *user_id,
                                          const GuicheId *keep,
                                          gint64 *out_changes,
                                          GError **error);
/* Sessions that ended before @before_us are forgotten with their tokens. */
gboolean guiche_session_store_forget_old (GuicheTx *tx, gint64 before_us, GError **error);

G_END_DECLS
