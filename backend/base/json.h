/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/id.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * The one door for JSON that comes from outside (RFC 8259, RFC 7493): valid UTF-8, no
 * NUL (also not escaped), no duplicate keys, no number outside int64 or finite double,
 * bounded size and depth; none of json-glib's leniencies. Only what passed the door
 * reaches json-glib. Errors: GUICHE_ERROR_INVALID_JSON with `line` and `column`,
 * GUICHE_ERROR_TOO_LARGE.
 */
#define GUICHE_JSON_MAX_BYTES (256 * 1024)
#define GUICHE_JSON_MAX_DEPTH 32

gboolean guiche_json_check (const char *text, gsize length, gsize max_bytes, GError **error);
/* (transfer full): the parsed document, whose top level is an object. */
JsonNode *guiche_json_parse_object (const char *text,
                                    gsize length,
                                    gsize max_bytes,
                                    GError **error);

/* Typed members of an object that passed the door. `required` members that are absent or
 * of another type fail with GUICHE_ERROR_INVALID_REQUEST and detail `field`. Absent
 * optional members leave *out as it is and return TRUE. Strings are borrowed. */
gboolean guiche_json_get_string (JsonObject *object,
                                 const char *name,
                                 gboolean required,
                                 const char **out,
                                 GError **error);
gboolean guiche_json_get_int (JsonObject *object,
                              const char *name,
                              gboolean required,
                              gint64 *out,
                              GError **error);
gboolean guiche_json_get_bool (JsonObject *object,
                               const char *name,
                               gboolean required,
                               gboolean *out,
                               GError **error);
gboolean guiche_json_get_id (JsonObject *object,
                             const char *name,
                             gboolean required,
                             GuicheId *out,
                             GError **error);
gboolean guiche_json_get_object (JsonObject *object,
                                 const char *name,
                                 gboolean required,
                                 JsonObject **out,
                                 GError **error);
gboolean guiche_json_get_array (JsonObject *object,
                                const char *name,
                                gboolean required,
                                JsonArray **out,
                                GError **error);

G_END_DECLS
