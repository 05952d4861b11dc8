/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include "base/json-writer.h"

#include <string.h>

typedef struct {
  const char *name;
  guint http_status;
} ErrorRow;

/* One table: code → name on the wire, HTTP status (0: never leaves the client). */
static const ErrorRow rows[GUICHE_N_ERRORS] = {
  [GUICHE_ERROR_INTERNAL] = { "internal", 500 },
  [GUICHE_ERROR_INVALID_REQUEST] = { "invalid-request", 400 },
  [GUICHE_ERROR_INVALID_JSON] = { "invalid-json", 400 },
  [GUICHE_ERROR_UNAUTHENTICATED] = { "unauthenticated", 401 },
  [GUICHE_ERROR_CREDENTIALS_INVALID] = { "credentials-invalid", 401 },
  [GUICHE_ERROR_LOCKED_OUT] = { "locked-out", 429 },
  [GUICHE_ERROR_FORBIDDEN] = { "forbidden", 403 },
  [GUICHE_ERROR_NOT_FOUND] = { "not-found", 404 },
  [GUICHE_ERROR_METHOD_NOT_ALLOWED] = { "method-not-allowed", 405 },
  [GUICHE_ERROR_CONFLICT] = { "conflict", 409 },
  [GUICHE_ERROR_CONVERSATION_CLOSED] = { "conversation-closed", 409 },
  [GUICHE_ERROR_ALREADY_ASSIGNED] = { "already-assigned", 409 },
  [GUICHE_ERROR_SNAPSHOT_REQUIRED] = { "snapshot-required", 409 },
  [GUICHE_ERROR_TOO_LARGE] = { "too-large", 413 },
  [GUICHE_ERROR_UNSUPPORTED_TYPE] = { "unsupported-type", 415 },
  [GUICHE_ERROR_RANGE_NOT_SATISFIABLE] = { "range-not-satisfiable", 416 },
  [GUICHE_ERROR_RATE_LIMITED] = { "rate-limited", 429 },
  [GUICHE_ERROR_HEADERS_TOO_LARGE] = { "headers-too-large", 431 },
  [GUICHE_ERROR_UNAVAILABLE] = { "unavailable", 503 },
  [GUICHE_ERROR_QUOTA_EXCEEDED] = { "quota-exceeded", 507 },
  [GUICHE_ERROR_STORAGE_FULL] = { "storage-full", 507 },
  [GUICHE_ERROR_DATABASE_NEWER] = { "database-newer", 500 },
  [GUICHE_ERROR_DATABASE_CORRUPT] = { "database-corrupt", 500 },
  [GUICHE_ERROR_NETWORK] = { "network", 0 },
  [GUICHE_ERROR_CERTIFICATE] = { "certificate", 0 },
  [GUICHE_ERROR_AUDIO] = { "audio", 0 },
  [GUICHE_ERROR_SECRET] = { "secret-service", 0 },
};

typedef struct _Detail Detail;

struct _Detail {
  Detail *next;    /* (owned) (nullable) */
  char *key;       /* (owned) */
  char *value;     /* (owned) */
  gboolean is_int; /* written without quotes */
};

typedef struct {
  Detail *details; /* (owned) (nullable): in the order they were set */
} GuicheErrorPrivate;

static void
guiche_error_private_init (GuicheErrorPrivate *private)
{
  private->details = NULL;
}

static void
guiche_error_private_copy (const GuicheErrorPrivate *source, GuicheErrorPrivate *target)
{
  Detail **end = &target->details;

  for (const Detail *detail = source->details; detail != NULL; detail = detail->next) {
    *end = g_new0 (Detail, 1);
    (*end)->key = g_strdup (detail->key);
    (*end)->value = g_strdup (detail->value);
    (*end)->is_int = detail->is_int;
    end = &(*end)->next;
  }
}

static void
guiche_error_private_clear (GuicheErrorPrivate *private)
{
  while (private->details != NULL) {
    Detail *detail = private->details;

    private->details = detail->next;
    g_free (detail->key);
    g_free (detail->value);
    g_free (detail);
  }
}

G_DEFINE_EXTENDED_ERROR (GuicheError, guiche_error)

static void
set_detail (GError *error, const char *key, const char *value, gboolean is_int)
{
  Detail **end;

  g_return_if_fail (error != NULL && key != NULL);

  if (error->domain != GUICHE_ERROR)
    return;

  end = &guiche_error_get_private (error)->details;
  while (*end != NULL && strcmp ((*end)->key, key) != 0)
    end = &(*end)->next;
  if (*end == NULL) {
    *end = g_new0 (Detail, 1);
    (*end)->key = g_strdup (key);
  }
  g_free ((*end)->value);
  (*end)->value = g_strdup (value);
  (*end)->is_int = is_int;
}

/**
 * guiche_error_code_name:
 *
 * Returns: the stable name of @code on the wire, such as `not-found`
 */
const char *
guiche_error_code_name (GuicheError code)
{
  if ((guint) code >= GUICHE_N_ERRORS)
    return rows[GUICHE_ERROR_INTERNAL].name;

  return rows[code].name;
}

/**
 * guiche_error_http_status:
 *
 * Returns: the HTTP status of @code; 500 for one that never travels
 */
guint
guiche_error_http_status (GuicheError code)
{
  if ((guint) code >= GUICHE_N_ERRORS || rows[code].http_status == 0)
    return rows[GUICHE_ERROR_INTERNAL].http_status;

  return rows[code].http_status;
}

/**
 * guiche_error_code_from_name:
 * @out_code: (out): untouched when the name is unknown
 *
 * Returns: whether @name is a code's name
 */
gboolean
guiche_error_code_from_name (const char *name, GuicheError *out_code)
{
  for (guint i = 0; i < GUICHE_N_ERRORS; i++) {
    if (g_strcmp0 (rows[i].name, name) != 0)
      continue;
    *out_code = (GuicheError) i;
    return TRUE;
  }

  return FALSE;
}

/**
 * guiche_error_set_detail:
 * @value: (nullable): written as JSON null
 *
 * Sets one machine-readable detail; ignored for errors of other domains.
 */
void
guiche_error_set_detail (GError *error, const char *key, const char *value)
{
  set_detail (error, key, value, FALSE);
}

/**
 * guiche_error_set_detail_int:
 *
 * Like guiche_error_set_detail(), written as a JSON number.
 */
void
guiche_error_set_detail_int (GError *error, const char *key, gint64 value)
{
  char text[32];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value);
  set_detail (error, key, text, TRUE);
}

/**
 * guiche_error_get_detail:
 *
 * Returns: (nullable) (transfer none): the detail as text
 */
const char *
guiche_error_get_detail (const GError *error, const char *key)
{
  g_return_val_if_fail (error != NULL && key != NULL, NULL);

  if (error->domain != GUICHE_ERROR)
    return NULL;

  for (Detail *detail = guiche_error_get_private (error)->details; detail != NULL;
       detail = detail->next) {
    if (strcmp (detail->key, key) == 0)
      return detail->value;
  }

  return NULL;
}

static void
write_details (GuicheJsonWriter *writer, const GError *error)
{
  guiche_json_writer_name (writer, "details");
  guiche_json_writer_begin_object (writer);
  if (error->domain == GUICHE_ERROR) {
    for (Detail *detail = guiche_error_get_private (error)->details; detail != NULL;
         detail = detail->next) {
      guiche_json_writer_name (writer, detail->key);
      if (detail->is_int)
        guiche_json_writer_raw (writer, detail->value, -1);
      else
        guiche_json_writer_string (writer, detail->value);
    }
  }
  guiche_json_writer_end_object (writer);
}

/* What may be told of @error: paths and SQL are for the log. */
static const char *
message_for_clients (GuicheError code, const GError *error)
{
  switch ((int) code) {
  case GUICHE_ERROR_INTERNAL:
    return "internal error";
  case GUICHE_ERROR_STORAGE_FULL:
    return "the server's disk is full";
  case GUICHE_ERROR_DATABASE_NEWER:
  case GUICHE_ERROR_DATABASE_CORRUPT:
    return "the server's database cannot be used";
  default:
    return error->message;
  }
}

gboolean
guiche_error_is_retriable (const GError *error)
{
  return error != NULL && g_strcmp0 (guiche_error_get_detail (error, "retriable"), "1") == 0;
}

/**
 * guiche_error_to_json:
 *
 * The wire's `{"error":{"code","message","details"}}`. What went wrong inside (an internal
 * error, or one of another domain) is named but not told: its message is for the log.
 *
 * Returns: (transfer full):
 */
char *
guiche_error_to_json (const GError *error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  gboolean is_ours = error->domain == GUICHE_ERROR;
  GuicheError code = is_ours ? (GuicheError) error->code : GUICHE_ERROR_INTERNAL;
  g_autofree char *valid = g_utf8_make_valid (message_for_clients (code, error), -1);

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "error");
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "code", guiche_error_code_name (code));
  guiche_json_writer_member_string (writer, "message", valid);
  write_details (writer, error);
  guiche_json_writer_end_object (writer);
  guiche_json_writer_end_object (writer);

  return guiche_json_writer_steal (writer, NULL);
}
