/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/reconciliation.h"
#include "guichectl/lines.h"

G_BEGIN_DECLS

/* One line of JSON each (GuichectlLineFunc). */
gboolean guichectl_boleto_encode (JsonObject *input, GuicheJsonWriter *out, GError **error);
gboolean guichectl_boleto_decode (JsonObject *input, GuicheJsonWriter *out, GError **error);
gboolean guichectl_document_check (JsonObject *input, GuicheJsonWriter *out, GError **error);
gboolean guichectl_charges_compute (JsonObject *input, GuicheJsonWriter *out, GError **error);
gboolean guichectl_pix_decode (JsonObject *input, GuicheJsonWriter *out, GError **error);
gboolean guichectl_pix_encode (JsonObject *input, GuicheJsonWriter *out, GError **error);
gboolean guichectl_reconcile (JsonObject *input, GuicheJsonWriter *out, GError **error);

/* What each title became and why, in the shape of a case's `esperado`. */
void guichectl_write_reconciliation (GuicheJsonWriter *out,
                                     const char *id,
                                     const GuicheReconcileTitle *titles,
                                     guint n_titles,
                                     const GuicheReconcileEvent *events,
                                     const GuicheReconciliation *run);

G_END_DECLS
