/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/cnab-layout.h"
#include "base/day.h"

G_BEGIN_DECLS

/* One column of one line. */

/* Digits only, or blanks only. */
gboolean guiche_cnab_value_is_number (const char *text, guint length);
/* FALSE when it is no number or beyond int64; blanks are 0. */
gboolean guiche_cnab_value_number (const char *text, guint length, gint64 *out);

typedef enum {
  GUICHE_CNAB_DAY_GIVEN,
  GUICHE_CNAB_DAY_ABSENT, /* zeros or blanks, or 888888 and 999999: at sight, on presentation */
  GUICHE_CNAB_DAY_INVALID,
} GuicheCnabDayState;

/* DDMMAA (of the years 1970 to 2069) or DDMMAAAA. */
GuicheCnabDayState guiche_cnab_value_day (const char *text, guint length, GuicheDay *out);
/* Without blanks around it, as UTF-8. (transfer full) */
char *guiche_cnab_value_text (const char *text, guint length, gboolean is_trimmed);
/* (transfer full): "01234-3" */
char *guiche_cnab_value_dashed (const char *text, guint length);

/* FALSE when it does not fit. */
gboolean guiche_cnab_value_put_number (char *out, guint length, gint64 value);
void guiche_cnab_value_put_day (char *out, guint length, GuicheDay day);

typedef enum {
  GUICHE_CNAB_PUT_DONE,
  GUICHE_CNAB_PUT_TOO_LONG,
  GUICHE_CNAB_PUT_ENCODING,
} GuicheCnabPut;

/* UTF-8 into ISO-8859-1, blanks after it. */
GuicheCnabPut guiche_cnab_value_put_text (char *out, guint length, const char *text);

G_END_DECLS
