/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/router.h"

G_BEGIN_DECLS

/* openapi-schema.c: the tables of fields as JSON Schema (2020-12). */
extern const GuicheSchema guiche_openapi_error_schema;

void guiche_openapi_write_field (GuicheJsonWriter *writer,
                                 const GuicheField *field,
                                 gboolean with_description);
/* The member `schemas` with everything that rows and stream operations refer to, each once. */
void guiche_openapi_write_components (GuicheJsonWriter *writer,
                                      GPtrArray *rows,
                                      GPtrArray *stream_ops);

G_END_DECLS
