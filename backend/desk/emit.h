/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "store/tx.h"

G_BEGIN_DECLS

#define GUICHE_AUDIENCE_EVERYBODY "*"

/* Emits what @writer holds, one whole object. */
gboolean guiche_desk_emit (GuicheTx *tx,
                           const char *kind,
                           const char *audience,
                           const GuicheId *entity,
                           GuicheJsonWriter *writer,
                           GError **error);
/* To one user. */
gboolean guiche_desk_emit_to_user (GuicheTx *tx,
                                   const char *kind,
                                   const GuicheId *user_id,
                                   const GuicheId *entity,
                                   GuicheJsonWriter *writer,
                                   GError **error);
/* Sets GUICHE_ERROR_INVALID_REQUEST with detail `field` and returns FALSE. */
gboolean guiche_desk_refuse_field (GError **error, const char *field, const char *what);

G_END_DECLS
