/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "people/session.h"

#include "base/error.h"
#include "people/access.h"
#include "people/session-store.h"

#include <sodium.h>
#include <string.h>

#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define ENCODED_LENGTH 43 /* base64 of 32 bytes */

GuicheSecret
guiche_secret_new_random (void)
{
  GuicheSecret secret;

  randombytes_buf (secret.bytes, sizeof secret.bytes);
  return secret;
}

char *
guiche_secret_to_token (const GuicheSecret *self, const char *tenant)
{
  char encoded[ENCODED_LENGTH + 1];

  sodium_bin2base64 (encoded, sizeof encoded, self->bytes, sizeof self->bytes, VARIANT);
  return g_strconcat (tenant, ".", encoded, NULL);
}

gboolean
guiche_secret_parse_token (const char *token, char **out_tenant, GuicheSecret *out_secret)
{
  const char *dot = strrchr (token, '.');
  gsize length = 0;

  *out_tenant = NULL;
  if (dot == NULL || dot == token || strlen (dot + 1) != ENCODED_LENGTH)
    return FALSE;
  if (sodium_base642bin (out_secret->bytes, sizeof out_secret->bytes, dot + 1, ENCODED_LENGTH, NULL,
                         &length, NULL, VARIANT) != 0 ||
      length != sizeof out_secret->bytes)
    return FALSE;
  *out_tenant = g_strndup (token, dot - token);
  return TRUE;
}

static GuicheSecretHash
hash_secret (const GuicheSecret *secret)
{
  GuicheSecretHash hash;

  crypto_hash_sha256 (hash.bytes, secret->bytes, sizeof secret->bytes);
  return hash;
}

gboolean
guiche_session_open (GuicheTx *tx,
                     const GuicheId *user_id,
                     const GuicheSecret *secret,
                     const char *device,
                     GuicheId *out_session,
                     GError **error)
{
  GuicheSecretHash hash = hash_secret (secret);
  gint64 now = guiche_tx_now_us (tx);

  *out_session = guiche_tx_new_id (tx);
  return guiche_session_store_forget_old (tx, now - GUICHE_SESSION_MEMORY_US, error) &&
         guiche_session_store_insert (tx, out_session, user_id, now + GUICHE_SESSION_IDLE_US,
                                      device, error) &&
         guiche_session_store_insert_token (tx, out_session, &hash, error) &&
         guiche_tx_audit (tx, "session.open", user_id, "{}", error);
}

/* Somebody uses a token that was replaced long ago: a thief, or the victim after the thief.
 * Which of the two cannot be known, so the whole family ends. */
static gboolean
end_stolen (GuicheTx *tx, const GuicheSessionRow *row, GError **error)
{
  return guiche_session_store_revoke (tx, &row->session_id, NULL, error) &&
         guiche_tx_audit (tx, "session.reuse", &row->user_id, "{}", error) &&
         guiche_access_announce (tx, &row->user_id, error);
}

gboolean
guiche_session_refresh (GuicheTx *tx,
                        const GuicheSecret *secret,
                        const GuicheSecret *next,
                        GuicheId *out_session,
                        GuicheId *out_user,
                        GError **error)
{
  GuicheSecretHash hash = hash_secret (secret);
  GuicheSecretHash next_hash = hash_secret (next);
  gint64 now = guiche_tx_now_us (tx);
  GuicheSessionRow row;
  gint64 expires_at;

  *out_session = *out_user = GUICHE_ID_NONE;
  if (!guiche_session_store_find_token (tx, &hash, &row, error))
    return FALSE;
  if (guiche_id_is_none (&row.session_id) || row.is_revoked || !row.is_user_enabled ||
      row.expires_at_us <= now)
    return TRUE;
  if (row.replaced_at_us != 0 && now - row.replaced_at_us > GUICHE_SESSION_GRACE_US)
    return end_stolen (tx, &row, error);
  expires_at = MIN (now + GUICHE_SESSION_IDLE_US, row.created_at_us + GUICHE_SESSION_ABSOLUTE_US);
  if (!guiche_session_store_replace_tokens (tx, &row.session_id, now - GUICHE_SESSION_MEMORY_US,
                                            error) ||
      !guiche_session_store_insert_token (tx, &row.session_id, &next_hash, error) ||
      !guiche_session_store_touch (tx, &row.session_id, expires_at, error))
    return FALSE;
  *out_session = row.session_id;
  *out_user = row.user_id;
  return TRUE;
}

gboolean
guiche_session_revoke (GuicheTx *tx, const GuicheId *session_id, GError **error)
{
  const GuicheActor *actor = guiche_tx_actor (tx);
  gint64 changes = 0;

  if (!guiche_session_store_revoke (tx, session_id, &changes, error))
    return FALSE;
  if (changes == 0)
    return TRUE;
  return guiche_tx_audit (tx, "session.end", session_id, "{}", error) &&
         guiche_access_announce (tx, &actor->id, error);
}

gboolean
guiche_session_revoke_all (GuicheTx *tx,
                           const GuicheId *user_id,
                           const GuicheId *keep,
                           GError **error)
{
  gint64 changes = 0;

  if (!guiche_session_store_revoke_all (tx, user_id, keep, &changes, error))
    return FALSE;
  if (changes == 0)
    return TRUE;
  return guiche_tx_audit (tx, "session.end-all", user_id, "{}", error) &&
         guiche_access_announce (tx, user_id, error);
}
