/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/day.h"
#include "base/json-writer.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What one line of JSON becomes: a whole object into @out, or an error. */
typedef gboolean (*GuichectlLineFunc) (JsonObject *input, GuicheJsonWriter *out, GError **error);

/* JSON lines from standard input to standard output; a line that is refused becomes
 * `{"error":{"code","message","field"}}` in its place and the rest goes on. Empty lines are passed
 * over. */
gboolean guichectl_run_lines (GuichectlLineFunc run, GError **error);
/* A file, "-" for standard input, that holds `{"casos":[…]}`, a list of cases, or JSON lines:
 * answers in the same shape. */
gboolean guichectl_run_cases (const char *path, GuichectlLineFunc run, GError **error);
gboolean guichectl_read_file (const char *path, char **out_text, gsize *out_length, GError **error);

/* `{"error":{…}}`, and the inner object alone. */
void guichectl_write_error (GuicheJsonWriter *out, const GError *error);
void guichectl_write_error_object (GuicheJsonWriter *out, const GError *error);

/* A member as text, whether it came as a string or as a whole number; "" when it is absent or null.
 * (transfer full) */
char *guichectl_text (JsonObject *input, const char *name, GError **error);
/* A whole number, or a string of one. */
gboolean guichectl_int (JsonObject *input, const char *name, gint64 *out, GError **error);
/* YYYY-MM-DD; *out as it was when it is absent, null or empty. */
gboolean guichectl_day (JsonObject *input, const char *name, GuicheDay *out, GError **error);
/* null for GUICHE_DAY_NONE */
void guichectl_write_day (GuicheJsonWriter *out, const char *name, GuicheDay day);
GuicheDay guichectl_today (void);

G_END_DECLS
