/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How what is stored as digits is read in Brazil; anything else is returned as it is. (transfer
 * full) */
char *guiche_customer_text_phone (const char *digits); /* 5511987654321: +55 11 98765-4321 */
char *guiche_customer_text_document (
    const char *digits); /* CPF 123.456.789-09, CNPJ 12.345.678/0001-95 */

/* Statuses in words (translated) and how they look. */
const char *guiche_customer_text_status (const char *status);
const char *guiche_customer_text_status_css_class (const char *status);

/* What may be stored: TRUE also for "". A document has the right check digits, a phone 8 to 15
 * digits, an address one @. */
gboolean guiche_customer_text_is_phone (const char *text);
gboolean guiche_customer_text_is_email (const char *text);
gboolean guiche_customer_text_is_document (const char *text);

G_END_DECLS
