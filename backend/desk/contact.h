/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Phones and e-mail addresses as they are kept, and what makes two of them the same. */

/* Its digits, 8 to 15 of them (ITU-T E.164, 6.2.1); %NULL when it is no phone. (transfer full) */
char *guiche_contact_clean_phone (const char *text);
/* Lower case, one @, a domain with a dot; %NULL when it is no address. (transfer full) */
char *guiche_contact_clean_email (const char *text);
/* For comparing: a Brazilian number without its country code 55. (transfer full) */
char *guiche_contact_match (const char *clean);

/* Cleans @values (nullable: leaves *out) with @clean, drops repeats; refuses what is none and more
 * than GUICHE_CUSTOMER_CONTACTS_MAX with GUICHE_ERROR_INVALID_REQUEST about @field. */
gboolean guiche_contact_clean_all (const char *field,
                                   char *const *values,
                                   char *(*clean) (const char *text),
                                   char ***out,
                                   GError **error);

G_END_DECLS
