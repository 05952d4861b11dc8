/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GUICHE_ERROR:
 *
 * The one error domain. Every code has a stable name on the wire and an HTTP
 * status, both from one table; see guiche_error_code_name().
 */
#define GUICHE_ERROR (guiche_error_quark ())
GQuark guiche_error_quark (void);

/**
 * GuicheError:
 *
 * What can go wrong, in the words of the wire: `GUICHE_ERROR_NOT_FOUND` is `not-found`.
 */
typedef enum {
  GUICHE_ERROR_INTERNAL,              /* 500 internal */
  GUICHE_ERROR_INVALID_REQUEST,       /* 400 invalid-request: details name the field */
  GUICHE_ERROR_INVALID_JSON,          /* 400 invalid-json: details name line and column */
  GUICHE_ERROR_UNAUTHENTICATED,       /* 401 unauthenticated: no, expired or forged token */
  GUICHE_ERROR_CREDENTIALS_INVALID,   /* 401 credentials-invalid */
  GUICHE_ERROR_LOCKED_OUT,            /* 429 locked-out: details name retry_after_s */
  GUICHE_ERROR_FORBIDDEN,             /* 403 forbidden: the role does not suffice */
  GUICHE_ERROR_NOT_FOUND,             /* 404 not-found; also for what the caller may not see */
  GUICHE_ERROR_METHOD_NOT_ALLOWED,    /* 405 method-not-allowed */
  GUICHE_ERROR_CONFLICT,              /* 409 conflict */
  GUICHE_ERROR_CONVERSATION_CLOSED,   /* 409 conversation-closed */
  GUICHE_ERROR_ALREADY_ASSIGNED,      /* 409 already-assigned: details name assignee_id */
  GUICHE_ERROR_SNAPSHOT_REQUIRED,     /* 409 snapshot-required: since is older than the retention */
  GUICHE_ERROR_TOO_LARGE,             /* 413 too-large */
  GUICHE_ERROR_UNSUPPORTED_TYPE,      /* 415 unsupported-type */
  GUICHE_ERROR_RANGE_NOT_SATISFIABLE, /* 416 range-not-satisfiable */
  GUICHE_ERROR_RATE_LIMITED,          /* 429 rate-limited: details name retry_after_s */
  GUICHE_ERROR_HEADERS_TOO_LARGE,     /* 431 headers-too-large */
  GUICHE_ERROR_UNAVAILABLE,           /* 503 unavailable: shutting down or overloaded */
  GUICHE_ERROR_QUOTA_EXCEEDED,        /* 507 quota-exceeded: the company's plan */
  GUICHE_ERROR_STORAGE_FULL,          /* 507 storage-full: the disk */
  GUICHE_ERROR_DATABASE_NEWER,        /* 500 database-newer: written by a newer Guichê */
  GUICHE_ERROR_DATABASE_CORRUPT,      /* 500 database-corrupt */
  GUICHE_ERROR_NETWORK,               /* (client) network: the server cannot be reached */
  GUICHE_ERROR_CERTIFICATE,           /* (client) certificate: details name the fingerprint */
  GUICHE_ERROR_AUDIO,                 /* (client) audio: no microphone, no codec */
  GUICHE_ERROR_SECRET,                /* (client) secret-service: locked or missing */
  GUICHE_N_ERRORS
} GuicheError;

const char *guiche_error_code_name (GuicheError code);
guint guiche_error_http_status (GuicheError code);
gboolean guiche_error_code_from_name (const char *name, GuicheError *out_code);

/* Machine-readable details, carried by the GError (an extended error) and copied with it. */
void guiche_error_set_detail (GError *error, const char *key, const char *value);
void guiche_error_set_detail_int (GError *error, const char *key, gint64 value);
const char *guiche_error_get_detail (const GError *error, const char *key);
/* Nothing was done, and the same may succeed in a moment: the detail `retriable` is set. */
gboolean guiche_error_is_retriable (const GError *error); /* (nullable) */
char *guiche_error_to_json (const GError *error);         /* the wire's {"error":{…}} object */

G_END_DECLS
