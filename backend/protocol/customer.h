/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "base/json.h"

G_BEGIN_DECLS

/**
 * GuicheCustomerRecord:
 *
 * A person or company that is served. @phones are digits only.
 */
typedef struct {
  GuicheId id;
  char *name;
  char **phones;
  char **emails;
  char *document; /* (nullable): CPF or CNPJ, digits */
  char *contract; /* (nullable) */
  char *plan;     /* (nullable) */
  char *address;  /* (nullable) */
  char *status;   /* active, suspended, cancelled, lead */
  char *notes;    /* (nullable) */
  gint64 created_at;
  gint64 updated_at;
} GuicheCustomerRecord;

void guiche_customer_record_clear (GuicheCustomerRecord *self);
void guiche_customer_record_free (GuicheCustomerRecord *self);
void guiche_customer_record_to_json (const GuicheCustomerRecord *self, GuicheJsonWriter *writer);
gboolean guiche_customer_record_from_json (JsonObject *object,
                                           GuicheCustomerRecord *out,
                                           GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheCustomerRecord, guiche_customer_record_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheCustomerRecord, guiche_customer_record_free)

G_END_DECLS
