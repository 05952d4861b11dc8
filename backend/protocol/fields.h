/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "base/json.h"

G_BEGIN_DECLS

/* Members of records, for this room's files. Absent and null mean the same: *out stays what it is
 * (none). A member of another type fails with GUICHE_ERROR_INVALID_REQUEST and detail `field`. */

gboolean guiche_fields_dup_string (JsonObject *object,
                                   const char *name,
                                   char **out,
                                   GError **error);
gboolean guiche_fields_require_string (JsonObject *object,
                                       const char *name,
                                       char **out,
                                       GError **error);
gboolean guiche_fields_get_int (JsonObject *object, const char *name, gint64 *out, GError **error);
gboolean guiche_fields_get_bool (JsonObject *object,
                                 const char *name,
                                 gboolean *out,
                                 GError **error);
gboolean guiche_fields_get_id (JsonObject *object, const char *name, GuicheId *out, GError **error);
gboolean guiche_fields_require_id (JsonObject *object,
                                   const char *name,
                                   GuicheId *out,
                                   GError **error);
gboolean guiche_fields_get_object (JsonObject *object,
                                   const char *name,
                                   JsonObject **out,
                                   GError **error);
/* *out is always a vector after success, empty when absent. */
gboolean guiche_fields_dup_strings (JsonObject *object,
                                    const char *name,
                                    char ***out,
                                    GError **error);
gboolean guiche_fields_dup_ids (JsonObject *object,
                                const char *name,
                                GuicheId **out,
                                gsize *out_length,
                                GError **error);
/* The index of a required member's value in @names. */
gboolean guiche_fields_get_choice (JsonObject *object,
                                   const char *name,
                                   const char *const *names,
                                   gsize n_names,
                                   int *out,
                                   GError **error);
/* Finds @value among @names; FALSE when it is none of them. */
gboolean guiche_fields_find_name (const char *const *names,
                                  gsize n_names,
                                  const char *value,
                                  int *out);
/* Sets GUICHE_ERROR_INVALID_REQUEST about @field and returns FALSE. */
gboolean guiche_fields_fail (GError **error, const char *field, const char *what);

/* 0 writes null. */
void guiche_fields_write_time (GuicheJsonWriter *writer, const char *name, gint64 at_us);
void guiche_fields_write_strings (GuicheJsonWriter *writer, const char *name, char *const *values);
void guiche_fields_write_ids (GuicheJsonWriter *writer,
                              const char *name,
                              const GuicheId *ids,
                              gsize n_ids);

G_END_DECLS
