/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Private to the door (base/json.c): what went wrong and at which byte. */
typedef struct {
  const char *problem;
  gsize position;
} GuicheJsonScan;

/* The document as json-glib's tree, or, with @is_built FALSE, some non-NULL pointer that is not
 * owned; NULL and @out_scan filled in when it is refused. One pass decides and builds, so that
 * no second reader can understand the text in another way. */
JsonNode *guiche_json_scan (const char *text,
                            gsize length,
                            gboolean is_built,
                            GuicheJsonScan *out_scan);

G_END_DECLS
