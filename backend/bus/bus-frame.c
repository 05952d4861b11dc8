/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/bus-frame.h"

#include <sodium.h>
#include <string.h>

#define HASH_BYTES 16

G_STATIC_ASSERT (sizeof (GuicheId) + HASH_BYTES == GUICHE_BUS_FRAME_HEAD);

/* A key of its own for each use of the shared secret. */
static void
derive (guint8 *out, gsize length, GBytes *secret, const char *use)
{
  gsize n_secret;
  const guint8 *bytes = g_bytes_get_data (secret, &n_secret);
  crypto_generichash_state state;

  crypto_generichash_init (&state, NULL, 0, length);
  crypto_generichash_update (&state, (const guint8 *) use, strlen (use) + 1);
  crypto_generichash_update (&state, bytes, n_secret);
  crypto_generichash_final (&state, out, length);
}

void
guiche_bus_seal_init (GuicheBusSeal *self, GBytes *secret)
{
  guint8 name[crypto_generichash_BYTES_MIN];
  char digits[2 * 8 + 1];

  if (sodium_init () < 0)
    g_error ("starting libsodium");
  derive (self->key, sizeof self->key, secret, "guiche bus: key");
  derive (name, sizeof name, secret, "guiche bus: name");
  sodium_bin2hex (digits, sizeof digits, name, 8);
  g_snprintf (self->prefix, sizeof self->prefix, "guiche:%s:", digits);
  randombytes_buf (&self->origin, sizeof self->origin);
}

static void
hash (const GuicheBusSeal *self,
      const char *name,
      const guint8 *origin,
      const guint8 *data,
      gsize length,
      guint8 *out)
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, self->key, sizeof self->key, HASH_BYTES);
  crypto_generichash_update (&state, origin, sizeof (GuicheId));
  crypto_generichash_update (&state, (const guint8 *) name, strlen (name) + 1);
  crypto_generichash_update (&state, data, length);
  crypto_generichash_final (&state, out, HASH_BYTES);
}

void
guiche_bus_seal_close (const GuicheBusSeal *self,
                       const char *name,
                       gconstpointer data,
                       gsize length,
                       GByteArray *out)
{
  guint8 digest[HASH_BYTES];
  const guint8 *origin = (const guint8 *) &self->origin;

  hash (self, name, origin, data, length, digest);
  g_byte_array_set_size (out, 0);
  g_byte_array_append (out, origin, sizeof (GuicheId));
  g_byte_array_append (out, digest, sizeof digest);
  if (length > 0)
    g_byte_array_append (out, data, (guint) length);
}

gboolean
guiche_bus_seal_open (const GuicheBusSeal *self,
                      const char *name,
                      const guint8 *frame,
                      gsize length,
                      GuicheId *out_origin)
{
  guint8 digest[HASH_BYTES];

  if (length < GUICHE_BUS_FRAME_HEAD)
    return FALSE;
  hash (self, name, frame, frame + GUICHE_BUS_FRAME_HEAD, length - GUICHE_BUS_FRAME_HEAD, digest);
  if (sodium_memcmp (digest, frame + sizeof (GuicheId), sizeof digest) != 0)
    return FALSE;
  memcpy (out_origin, frame, sizeof *out_origin);
  return TRUE;
}
