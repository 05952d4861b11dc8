/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tx-private.h"

G_BEGIN_DECLS

/* The end of the audit chain, remembered beside the database (`audit.head`): who cuts the log's
 * tail off, or puts an old database back, cannot make it fit. Written in idle moments, so it may
 * be a little behind, never ahead. */
gboolean guiche_audit_anchor_save (const char *tenant_directory,
                                   const GuicheAuditHead *head,
                                   GError **error);
/* All zero when there is none yet. */
gboolean guiche_audit_anchor_load (const char *tenant_directory,
                                   GuicheAuditHead *out_head,
                                   GError **error);

G_END_DECLS
