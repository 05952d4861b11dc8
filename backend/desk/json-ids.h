/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json.h"

G_BEGIN_DECLS

/* Lists in a request's body; absent and null leave *out %NULL. GUICHE_ERROR_INVALID_REQUEST about
 * @name. (transfer full) */
gboolean guiche_json_read_ids (JsonObject *object,
                               const char *name,
                               GuicheId **out,
                               gsize *out_length,
                               GError **error);
gboolean guiche_json_read_strings (JsonObject *object,
                                   const char *name,
                                   char ***out,
                                   GError **error);

G_END_DECLS
