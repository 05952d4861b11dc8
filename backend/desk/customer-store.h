/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/customer.h"

G_BEGIN_DECLS

/* The SQL of customers; @fold is what searching compares. */
gboolean guiche_customer_store_insert (GuicheTx *tx,
                                       const GuicheCustomerRecord *customer,
                                       const char *fold,
                                       GError **error);
gboolean guiche_customer_store_update (GuicheTx *tx,
                                       const GuicheCustomerRecord *customer,
                                       const char *fold,
                                       GError **error);
/* Replaces all contacts. @match gives what makes two alike. (transfer full) */
gboolean guiche_customer_store_set_contacts (GuicheTx *tx,
                                             const GuicheId *customer_id,
                                             const char *kind,
                                             char *const *values,
                                             char *(*match) (const char *value),
                                             GError **error);
/* (element-type GuicheCustomerRecord): 0 or 1. */
GPtrArray *guiche_customer_store_load (GuicheTx *tx, const GuicheId *id, GError **error);
/* After (@after_fold, @after_id) in order; @pattern (nullable) is a LIKE pattern for fold and
 * contacts. */
GPtrArray *guiche_customer_store_list (GuicheTx *tx,
                                       const char *pattern,
                                       const char *digits_pattern,
                                       const char *after_fold,
                                       const GuicheId *after_id,
                                       gsize limit,
                                       GError **error);
/* Somebody else (not @except) with it; the none id when nobody has. */
gboolean guiche_customer_store_find_contact (GuicheTx *tx,
                                             const char *kind,
                                             const char *match,
                                             const GuicheId *except,
                                             GuicheId *out_id,
                                             GError **error);
gboolean guiche_customer_store_find_document (GuicheTx *tx,
                                              const char *document,
                                              const GuicheId *except,
                                              GuicheId *out_id,
                                              GError **error);

G_END_DECLS
