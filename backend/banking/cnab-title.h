/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/cnab-group.h"

G_BEGIN_DECLS

/**
 * GuicheCnabTitle:
 *
 * What a retorno or a remessa says of one title, the same for every bank and format; what is kept
 * of a file. Texts are terminated, trimmed and as the file has them; money in cents, 0 when absent.
 */
typedef struct {
  guint64 line; /* of the title's first record */
  gint64 face_cents, paid_cents, net_cents, tariff_cents;
  gint64 charges_cents, discount_cents, abatement_cents;
  GuicheDay due, occurred, credited; /* GUICHE_DAY_NONE: not said */
  char movement[3];
  char nature[3];        /* BB's natureza do recebimento */
  char nosso_numero[21]; /* Sicoob's CNAB 240: with parcela and modalidade */
  char nosso_numero_dv[2];
  char convenio[8];
  char document[16];
  char company_use[26];
  char payer_document[16];
  char reasons[11];
} GuicheCnabTitle;

void guiche_cnab_title_read (const GuicheCnabGroup *group, GuicheCnabTitle *out);

G_END_DECLS
