/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/customer.h"
#include "store/tx.h"

G_BEGIN_DECLS

#define GUICHE_CUSTOMER_CONTACTS_MAX 10

/**
 * GuicheCustomerChange:
 *
 * What to set; %NULL leaves a member as it is, an empty string removes it. Everything is cleaned
 * here: one line, digits, lower-case addresses; control and bidi characters become visible.
 */
typedef struct {
  const char *name;
  char *const *phones; /* (nullable) */
  char *const *emails; /* (nullable) */
  const char *document;
  const char *contract;
  const char *plan;
  const char *address;
  const char *status;
  const char *notes;
} GuicheCustomerChange;

/* GUICHE_ERROR_NOT_FOUND when there is none. */
gboolean guiche_customer_load (GuicheTx *tx,
                               const GuicheId *id,
                               GuicheCustomerRecord *out,
                               GError **error);
/* Emits `customer.created`. GUICHE_ERROR_CONFLICT with details `customer_id` and `field` when a
 * phone, e-mail or document is another's, unless @allow_duplicate. */
gboolean guiche_customer_create (GuicheTx *tx,
                                 const GuicheCustomerChange *change,
                                 gboolean allow_duplicate,
                                 GuicheCustomerRecord *out,
                                 GError **error);
/* Emits `customer.updated`; a new name also changes the titles of the customer's conversations. */
gboolean guiche_customer_update (GuicheTx *tx,
                                 const GuicheId *id,
                                 const GuicheCustomerChange *change,
                                 GuicheCustomerRecord *out,
                                 GError **error);
/* Whose contact is it? `phone` or `email` in any spelling; the none id when nobody's. What a
 * visitor says of themselves proves nothing: never let them join an active conversation by it. */
gboolean guiche_customer_find_by_contact (GuicheTx *tx,
                                          const char *kind,
                                          const char *value,
                                          GuicheId *out_id,
                                          GError **error);
/* By name, in pages; @query (nullable) is searched in names, documents, contracts and contacts.
 * @cursor (nullable) is what the last page returned in *@out_cursor. (element-type
 * GuicheCustomerRecord) */
GPtrArray *guiche_customers_list (GuicheTx *tx,
                                  const char *query,
                                  const char *cursor,
                                  gsize limit,
                                  char **out_cursor,
                                  GError **error);
gboolean guiche_customer_announce (GuicheTx *tx,
                                   const GuicheCustomerRecord *customer,
                                   const char *kind,
                                   const char *audience,
                                   GError **error);

G_END_DECLS
