/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "people/lock-out.h"

#include "base/error.h"
#include "people/lock-out-store.h"

#include <sodium.h>
#include <string.h>

#define FORGET_AFTER_US (24 * G_TIME_SPAN_HOUR)
#define LOGINS_AT_MOST 10000

/* The login tried may be a password typed into the wrong field: only its hash is kept. */
static GuicheLoginHash
hash_login (const char *login)
{
  g_autofree char *lower = g_ascii_strdown (login, -1);
  GuicheLoginHash hash;

  crypto_hash_sha256 (hash.bytes, (const guint8 *) lower, strlen (lower));
  return hash;
}

gint64
guiche_lock_out_delay_us (gint64 failures)
{
  gint64 doublings = failures - GUICHE_LOCK_OUT_FREE_ATTEMPTS;

  if (doublings < 0)
    return 0;
  if (doublings > 5)
    return GUICHE_LOCK_OUT_LONGEST_US;
  return MIN (GUICHE_LOCK_OUT_FIRST_US << doublings, GUICHE_LOCK_OUT_LONGEST_US);
}

static gboolean
refuse (GError **error, gint64 remaining_us)
{
  GError *refusal = g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_LOCKED_OUT,
                                         "too many failed attempts to sign in");

  guiche_error_set_detail_int (refusal, "retry_after_s",
                               (remaining_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  g_propagate_error (error, refusal);
  return FALSE;
}

gboolean
guiche_lock_out_begin_attempt (GuicheTx *tx, const char *login, GError **error)
{
  GuicheLoginHash hash = hash_login (login);
  gint64 now = guiche_tx_now_us (tx);
  GuicheLockOutRow row;

  if (!guiche_lock_out_store_load (tx, &hash, &row, error))
    return FALSE;
  if (row.locked_until_us > now)
    return refuse (error, MIN (row.locked_until_us - now, GUICHE_LOCK_OUT_LONGEST_US));
  if (row.failures == 0 &&
      !guiche_lock_out_store_prune (tx, now - FORGET_AFTER_US, LOGINS_AT_MOST, error))
    return FALSE;
  if (row.last_at_us < now - FORGET_AFTER_US)
    row.failures = 0;
  row.failures++;
  row.locked_until_us = now + guiche_lock_out_delay_us (row.failures);
  row.last_at_us = now;
  return guiche_lock_out_store_save (tx, &hash, &row, error);
}

gboolean
guiche_lock_out_forget (GuicheTx *tx, const char *login, GError **error)
{
  GuicheLoginHash hash = hash_login (login);

  return guiche_lock_out_store_delete (tx, &hash, error);
}
