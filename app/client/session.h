/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * GuicheProfile:
 *
 * A server, a company and a person, as the first run asked for them; kept in `profiles.ini` under
 * the configuration folder (no secret in it). `is_embedded`: the server is this computer's own
 * `guiched --embedded`.
 */
typedef struct {
  char *id; /* names the cache's folder */
  gboolean is_embedded;
  char *url; /* https://desk.example.com:8480; empty when embedded */
  char *tenant;
  char *login;
  char *fingerprint; /* (nullable): SHA-256 of the self-signed certificate that was accepted */
} GuicheProfile;

GuicheProfile *guiche_profile_copy (const GuicheProfile *self);
void guiche_profile_free (GuicheProfile *self);
GPtrArray *guiche_profiles_load (void); /* (element-type GuicheProfile) */
gboolean guiche_profiles_save (GPtrArray *profiles, GError **error);

/**
 * GuicheSession:
 *
 * Signs in, keeps tokens (libsecret; in memory when the Secret Service is locked or missing,
 * property `secrets-in-memory`), refreshes them, and for an embedded profile starts, watches and
 * restarts `guiched`. Main thread.
 *
 * Properties: `secrets-in-memory` (bool), `secrets-message` (nullable: why, for people),
 * `is-signed-in` (bool). Signals: `revoked` (): the server ended the session; `moved` (): the
 * embedded server runs again, at another address.
 */
#define GUICHE_TYPE_SESSION (guiche_session_get_type ())
G_DECLARE_FINAL_TYPE (GuicheSession, guiche_session, GUICHE, SESSION, GObject)

GuicheSession *guiche_session_new (const GuicheProfile *profile);
/* Starts the embedded server when there is one; finishes when it is ready. */
void guiche_session_start_async (GuicheSession *self,
                                 GCancellable *,
                                 GAsyncReadyCallback,
                                 gpointer);
gboolean guiche_session_start_finish (GuicheSession *self, GAsyncResult *, GError **error);
/* GUICHE_ERROR_CERTIFICATE with detail `fingerprint`: show it, set it in the profile, try again. */
void guiche_session_sign_in_async (GuicheSession *self,
                                   const char *password,
                                   GCancellable *,
                                   GAsyncReadyCallback,
                                   gpointer);
gboolean guiche_session_sign_in_finish (GuicheSession *self, GAsyncResult *, GError **error);
/* From the stored refresh token; GUICHE_ERROR_UNAUTHENTICATED: ask for the password. Offline is not
 * an error: FALSE is only for "must sign in". */
void guiche_session_resume_async (GuicheSession *self,
                                  GCancellable *,
                                  GAsyncReadyCallback,
                                  gpointer);
gboolean guiche_session_resume_finish (GuicheSession *self, GAsyncResult *, GError **error);
void guiche_session_sign_out (GuicheSession *self);
/* (transfer full) (nullable): the administrator's password that the embedded server told when it
 * made its company just now. */
char *guiche_session_dup_first_password (GuicheSession *self);
const GuicheProfile *guiche_session_get_profile (GuicheSession *self);
/* The certificate that the person has looked at and accepts; NULL: none. */
void guiche_session_set_fingerprint (GuicheSession *self, const char *fingerprint);
gboolean guiche_session_get_secrets_in_memory (GuicheSession *self);

/* The desk for a session, opened on its cache (guiche_desk_new() in model/desk.c takes it). */

G_END_DECLS
