/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "http/rate-limits-private.h"

#include <math.h>
#include <string.h>

#define MAX_ADDRESSES 65536
#define N_RATES (GUICHE_RATE_NONE + 1)

/* What a company of 500 agents and an office of 60 behind one address stay well under. */
static const struct {
  GuicheRate tenant;
  GuicheRate address;
} rates[N_RATES] = {
  [GUICHE_RATE_READ] = { { 4000, 2000 }, { 1200, 400 } },
  [GUICHE_RATE_WRITE] = { { 2000, 1000 }, { 400, 120 } },
  [GUICHE_RATE_HEAVY] = { { 600, 60 }, { 120, 10 } },
  [GUICHE_RATE_SIGN_IN] = { { 600, 20 }, { 60, 1 } },
  [GUICHE_RATE_VISITOR] = { { 300, 20 }, { 20, 0.2 } },
  [GUICHE_RATE_UPLOAD] = { { 300, 30 }, { 60, 4 } },
  [GUICHE_RATE_NONE] = { { 0, 0 }, { 0, 0 } },
};

const GuicheRate *
guiche_rate_of (const GuicheAccount *account, GuicheRateClass rate)
{
  return account->tenant != NULL ? &rates[rate].tenant : &rates[rate].address;
}

static guint
address_hash (gconstpointer data)
{
  guint64 halves[2];

  memcpy (halves, data, sizeof halves);
  guint64 mixed = (halves[0] ^ (halves[1] * 0x9e3779b97f4a7c15u)) * 0xff51afd7ed558ccdu;
  return (guint) (mixed >> 32);
}

static gboolean
address_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (GuicheAddressKey)) == 0;
}

GuicheLimits *
guiche_limits_new (gboolean is_enabled)
{
  GuicheLimits *self = g_new0 (GuicheLimits, 1);

  self->is_enabled = is_enabled;
  self->tenants = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->addresses = g_hash_table_new_full (address_hash, address_equal, NULL, g_free);
  return self;
}

void
guiche_limits_free (GuicheLimits *self)
{
  g_clear_pointer (&self->shares, guiche_rate_shares_free);
  g_hash_table_unref (self->tenants);
  g_hash_table_unref (self->addresses);
  g_free (self);
}

void
guiche_address_key_set (GuicheAddressKey *key, GInetAddress *address)
{
  static const guint8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
  const guint8 *bytes = g_inet_address_to_bytes (address);

  memset (key, 0, sizeof *key);
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4) {
    memcpy (key->bytes, mapped, sizeof mapped);
    memcpy (key->bytes + 12, bytes, 4);
  } else if (memcmp (bytes, mapped, sizeof mapped) == 0) {
    memcpy (key->bytes, bytes, 16);
  } else {
    memcpy (key->bytes, bytes, 8);
  }
}

static void
refill (GuicheBucket *bucket, const GuicheRate *rate, gint64 now_us)
{
  if (bucket->at_us == 0)
    bucket->level = rate->burst;
  else if (now_us > bucket->at_us)
    bucket->level =
        MIN (rate->burst, bucket->level + (now_us - bucket->at_us) * rate->per_second / 1e6);
  bucket->at_us = now_us;
}

static gboolean
is_full (gpointer key, gpointer value, gpointer user_data)
{
  GuicheAccount *account = value;
  gint64 now_us = *(gint64 *) user_data;

  for (int i = 0; i < GUICHE_RATE_NONE; i++) {
    if (account->buckets[i].unsaid > 0)
      return FALSE;
    if (account->buckets[i].at_us == 0)
      continue;
    refill (&account->buckets[i], &rates[i].address, now_us);
    if (account->buckets[i].level < rates[i].address.burst)
      return FALSE;
  }
  return TRUE;
}

static GuicheAccount *
find_address (GuicheLimits *self, const GuicheAddressKey *address, gint64 now_us)
{
  GuicheAccount *account = g_hash_table_lookup (self->addresses, address);

  if (account != NULL)
    return account;
  if (g_hash_table_size (self->addresses) >= MAX_ADDRESSES)
    g_hash_table_foreach_remove (self->addresses, is_full, &now_us);
  if (g_hash_table_size (self->addresses) >= MAX_ADDRESSES)
    return NULL;
  account = g_new0 (GuicheAccount, 1);
  account->key = *address;
  g_hash_table_insert (self->addresses, &account->key, account);
  return account;
}

static GuicheAccount *
find_tenant (GuicheLimits *self, GuicheTenant *tenant)
{
  GuicheAccount *account = g_hash_table_lookup (self->tenants, tenant);

  if (account == NULL) {
    account = g_new0 (GuicheAccount, 1);
    account->tenant = tenant;
    g_hash_table_insert (self->tenants, tenant, account);
  }
  return account;
}

static gboolean
refuse (const GuicheRate *rate, double level, GError **error)
{
  gint64 wait_s = MAX (1, (gint64) ceil ((1 - level) / rate->per_second));

  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_RATE_LIMITED,
               "too many requests: try again in %" G_GINT64_FORMAT " s", wait_s);
  if (error != NULL)
    guiche_error_set_detail_int (*error, "retry_after_s", wait_s);
  return FALSE;
}

gboolean
guiche_limits_take (GuicheLimits *self,
                    GuicheTenant *tenant,
                    const GuicheAddressKey *address,
                    GuicheRateClass rate,
                    gint64 now_us,
                    GError **error)
{
  if (!self->is_enabled || rate == GUICHE_RATE_NONE)
    return TRUE;

  GuicheAccount *by_address = find_address (self, address, now_us);
  GuicheAccount *by_tenant = tenant != NULL ? find_tenant (self, tenant) : NULL;
  if (by_address == NULL)
    return refuse (&rates[rate].address, 0, error);

  refill (&by_address->buckets[rate], &rates[rate].address, now_us);
  if (by_address->buckets[rate].level < 1)
    return refuse (&rates[rate].address, by_address->buckets[rate].level, error);
  if (by_tenant != NULL) {
    refill (&by_tenant->buckets[rate], &rates[rate].tenant, now_us);
    if (by_tenant->buckets[rate].level < 1)
      return refuse (&rates[rate].tenant, by_tenant->buckets[rate].level, error);
    by_tenant->buckets[rate].level -= 1;
    guiche_rate_shares_note (self->shares, by_tenant, rate);
  }
  by_address->buckets[rate].level -= 1;
  guiche_rate_shares_note (self->shares, by_address, rate);
  return TRUE;
}
