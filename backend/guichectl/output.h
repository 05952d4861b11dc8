/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* One column of a table: a member of each object (`sender.name` goes inside). */
typedef struct {
  const char *title;
  const char *member;
} GuichectlColumn;

/* With @as_json the whole object on one line; else a table of @list's objects, or of @object itself
 * as lines of name and value when @list is %NULL. Text from people is shown on one line with
 * control characters made visible. */
void guichectl_print (JsonNode *object,
                      gboolean as_json,
                      const char *list,
                      const GuichectlColumn *columns);
/* One object or a short answer. */
void guichectl_print_object (JsonNode *object, gboolean as_json);
void guichectl_print_done (gboolean as_json);

G_END_DECLS
