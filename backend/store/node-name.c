/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/node-name.h"

#include "base/error.h"

#include <sodium.h>
#include <string.h>

#define MAX_NAME_LENGTH 63
#define BOOT_BYTES 16

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

/* A host may be called anything; what a name may not hold becomes a dash. */
static char *
name_of_host (void)
{
  g_autofree char *name = g_strndup (g_get_host_name (), MAX_NAME_LENGTH);

  g_strcanon (name, LETTERS, '-');
  return g_steal_pointer (&name);
}

gboolean
guiche_node_name_init (GuicheNodeName *self, GuicheSettings *settings, GError **error)
{
  const char *name = guiche_settings_get_string (settings, "node", "name");
  gsize length = strspn (name, LETTERS);
  guint8 boot[BOOT_BYTES];

  if (length > MAX_NAME_LENGTH || name[length] != '\0') {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST,
                 "[node] name is 1 to %d of A-Z, a-z, 0-9, \".\", \"_\" and \"-\"",
                 MAX_NAME_LENGTH);
    return FALSE;
  }

  if (sodium_init () < 0)
    g_error ("libsodium does not start");
  randombytes_buf (boot, sizeof boot);
  self->name = length > 0 ? g_strdup (name) : name_of_host ();
  self->boot = g_malloc (2 * BOOT_BYTES + 1);
  sodium_bin2hex (self->boot, 2 * BOOT_BYTES + 1, boot, sizeof boot);
  self->owner = g_strconcat (self->name, "/", self->boot, NULL);
  return TRUE;
}

void
guiche_node_name_clear (GuicheNodeName *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->boot, g_free);
  g_clear_pointer (&self->owner, g_free);
}
