/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 64 MiB and 3 passes of Argon2id: about 100 ms on one core of 2022. */
#define GUICHE_PASSWORD_MEMORY_BYTES (64 * 1024 * 1024)
#define GUICHE_PASSWORD_PASSES 3
#define GUICHE_PASSWORD_MIN_CHARACTERS 8
#define GUICHE_PASSWORD_MAX_CHARACTERS 128

/* Is it good enough to set? GUICHE_ERROR_INVALID_REQUEST, detail `field`. NIST SP 800-63B,
 * 5.1.1.2: length and a list of the commonest, no composition rules. */
gboolean guiche_password_check_new (const char *password, const char *login, GError **error);

/**
 * GuichePasswords:
 *
 * The gate before Argon2id: at most two hashes at once in the process, a bounded number of
 * callers waiting, so that signing in cannot eat the memory. Any thread that may block.
 */
typedef struct _GuichePasswords GuichePasswords;

GuichePasswords *guiche_passwords_new (void);
void guiche_passwords_free (GuichePasswords *self);

/* (transfer full): an encoded hash with its own salt and parameters. GUICHE_ERROR_UNAVAILABLE
 * when too many wait. */
char *guiche_passwords_hash (GuichePasswords *self, const char *password, GError **error);
/* @hash (nullable): none costs the same and never matches. @out_needs_rehash (nullable): it
 * matches, but was made with other parameters than today's. */
gboolean guiche_passwords_verify (GuichePasswords *self,
                                  const char *hash,
                                  const char *password,
                                  gboolean *out_matches,
                                  gboolean *out_needs_rehash,
                                  GError **error);
/* How often Argon2id ran: for tests of what refuses before it. */
guint64 guiche_passwords_runs (GuichePasswords *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuichePasswords, guiche_passwords_free)

G_END_DECLS
