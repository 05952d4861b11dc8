/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/embedded.h"
#include "client/session.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The parts of a session, for its own files: session.c (the object), session-sign-in.c (tokens),
 * session-message.c (certificates). */
struct _GuicheSession {
  GObject parent_instance;
  GuicheProfile *profile;   /* (owned) */
  SoupSession *soup;        /* (owned) */
  GuicheEmbedded *embedded; /* (owned) (nullable) */
  char *token;              /* (owned) (nullable) */
  char *refresh_token;      /* (owned) (nullable) */
  char *secrets_message;    /* (owned) (nullable) */
  gint64 expires_at;
  GPtrArray *refreshing; /* (owned) (element-type GTask): waiting for one answer */
  gboolean secrets_in_memory;
};

void guiche_session_wipe (char **secret);

/* What the other files of this room ask of a session. */

/* (nullable): no server yet (embedded and not ready). Without a slash at its end. */
const char *guiche_session_get_url (GuicheSession *self);
SoupSession *guiche_session_get_soup (GuicheSession *self);
const char *guiche_session_get_token (GuicheSession *self); /* (nullable) */
gboolean guiche_session_is_signed_in (GuicheSession *self); /* there is something to refresh */
/* A message that follows no redirection, checks the pinned certificate and carries the token
 * when @has_token. NULL without a server. @path begins with `/`. */
SoupMessage *guiche_session_new_message (GuicheSession *self,
                                         const char *method,
                                         const char *path,
                                         gboolean has_token);
/* What a failed exchange means: GUICHE_ERROR_CERTIFICATE with the fingerprint, or
 * GUICHE_ERROR_NETWORK. */
GError *guiche_session_explain (GuicheSession *self, SoupMessage *message, const GError *failure);

/* A fresh access token; however many ask, one request is made. */
void guiche_session_refresh_async (GuicheSession *self,
                                   GCancellable *,
                                   GAsyncReadyCallback,
                                   gpointer);
gboolean guiche_session_refresh_finish (GuicheSession *self, GAsyncResult *, GError **error);
/* Whether the access token lasts a moment longer. */
gboolean guiche_session_is_fresh (GuicheSession *self);

G_END_DECLS
