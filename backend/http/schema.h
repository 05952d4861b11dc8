/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/route.h"

G_BEGIN_DECLS

/* Does @object have what @schema asks for? Members it does not name are ignored (readers
 * ignore unknown members) and null means absent. GUICHE_ERROR_INVALID_REQUEST with detail
 * `field`: `attachments[2].file_id`. Pure; fuzzed. */
gboolean guiche_schema_check (const GuicheSchema *schema, JsonObject *object, GError **error);

/* The same for query parameters. */
gboolean guiche_schema_check_query (const GuicheField *fields,
                                    const GuicheRequest *request,
                                    GError **error);

G_END_DECLS
