/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/session.h"

G_BEGIN_DECLS

/**
 * GuicheRestCall:
 *
 * One request to the server. Strings are copied by guiche_rest_call_async(). Without @type a @body
 * is JSON. Answers longer than @max_bytes (0: 1 MiB) are refused.
 */
typedef struct {
  const char *method;
  const char *path;          /* `/api/v1/…`, its variable parts escaped */
  const char *body;          /* (nullable) */
  const char *upload_path;   /* (nullable): a file sent as raw body */
  const char *type;          /* (nullable) */
  const char *download_path; /* (nullable): where the answer's body is put, in one step */
  gsize max_bytes;
  gboolean is_anonymous; /* without token: signing in */
  /* (nullable): bytes sent so far, on the main thread */
  void (*progress) (goffset sent, gpointer user_data);
  gpointer progress_data;
} GuicheRestCall;

/* Refreshes the token when it must and tries again once. Errors are GUICHE_ERROR: the server's own,
 * or NETWORK, CERTIFICATE, TOO_LARGE. */
void guiche_rest_call_async (GuicheSession *session,
                             const GuicheRestCall *call,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
/* (transfer full): the answer's body; empty for a download. */
GBytes *guiche_rest_call_finish (GuicheSession *session, GAsyncResult *result, GError **error);

/* The wire's error object to a GError; NULL text gives what @status says. */
GError *guiche_rest_error_from_json (guint status, const char *text, gsize length);

G_END_DECLS
