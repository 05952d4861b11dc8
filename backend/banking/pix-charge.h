/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/charges.h"
#include "base/json-writer.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * GuichePixCharge:
 *
 * A charge of the Central Bank's Pix API 2.9: immediate (cob) or with a due date (cobv). The txid
 * is part of the address, not of the body. Texts are borrowed.
 */
typedef struct {
  const char *key;
  const char *payer_document, *payer_name; /* (nullable); a cobv needs them */
  const char *message;                     /* (nullable): at most 140 characters */
  gint64 expires_s;                        /* cob: from its creation */
  gboolean has_due_date;                   /* cobv: by @terms.due */
  guint days_after_due;                    /* cobv: payable so long, at most 9999 */
  GuicheChargeTerms terms; /* of a cob only the face value; percentages have two decimals */
} GuichePixCharge;

/* What an answer says of a charge; texts are borrowed from it. */
typedef struct {
  const char *txid, *status, *copy_and_paste, *location;
  gint64 amount_cents;
  JsonArray *payments; /* (nullable) (not owned): see guiche_pix_payment_read() */
} GuichePixAnswer;

/* A payment, of an answer, of a listing or of a webhook. */
typedef struct {
  const char *end_to_end, *txid, *at; /* @at: RFC 3339 */
  gint64 amount_cents;
} GuichePixPayment;

/* 26 to 35 letters and digits. */
gboolean guiche_pix_txid_is_valid (const char *txid);
/* The body of PUT /cob/{txid} or /cobv/{txid}. Refused with the body's field. */
gboolean guiche_pix_charge_write (const GuichePixCharge *charge,
                                  GuicheJsonWriter *out,
                                  GError **error);
gboolean guiche_pix_answer_read (JsonObject *answer, GuichePixAnswer *out, GError **error);
gboolean guiche_pix_payment_read (JsonObject *payment, GuichePixPayment *out, GError **error);

G_END_DECLS
