/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/bank.h"
#include "base/day.h"

G_BEGIN_DECLS

#define GUICHE_BARCODE_LENGTH 44
#define GUICHE_LINHA_LENGTH 47
#define GUICHE_LINHA_FORMATTED_LENGTH 54
#define GUICHE_ARRECADACAO_LENGTH 48

/**
 * GuicheBoleto:
 *
 * What a barcode or a linha digitável says (FEBRABAN; BB 2016 anexos IV to VI). Texts are
 * terminated; @linha_digitavel has its dots and spaces.
 */
typedef struct {
  char bank[4];
  GuicheDay due;       /* GUICHE_DAY_NONE: on presentation, or run over by the value */
  gint64 amount_cents; /* 0: not said */
  char campo_livre[GUICHE_CAMPO_LIVRE_LENGTH + 1];
  char codigo_barras[GUICHE_BARCODE_LENGTH + 1];
  char linha_digitavel[GUICHE_LINHA_FORMATTED_LENGTH + 1];
} GuicheBoleto;

/**
 * GuicheBoletoTitle:
 *
 * What a boleto is made of: the bank's agreement and number, due date and value.
 */
typedef struct {
  GuicheBoletoInput input;
  GuicheDay due;
  gint64 amount_cents;
} GuicheBoletoTitle;

/* The bank's numbers and the boleto's. Refused with a field: `banco`, `vencimento`,
 * `valor_centavos` and those of GuicheBoletoInput. */
gboolean guiche_boleto_encode (const GuicheBoletoTitle *title,
                               GuicheNossoNumero *out_number,
                               GuicheBoleto *out,
                               GError **error);
/* @digits: 44 of a barcode, or a linha digitável with or without its separators. @today decides
 * which cycle of the due factor is meant. Refused with reason `check-digit`, `width`, `digits`,
 * `due-factor`, or `arrecadacao` for the bills of utilities and taxes, which are another standard.
 */
gboolean guiche_boleto_decode_barcode (const char *digits,
                                       GuicheDay today,
                                       GuicheBoleto *out,
                                       GError **error);
gboolean guiche_boleto_decode_linha (const char *text,
                                     GuicheDay today,
                                     GuicheBoleto *out,
                                     GError **error);

/* Whether these digits (48, four blocks of 11 and a check digit; or the 44 of the barcode) are an
 * arrecadação whose check digits agree. */
gboolean guiche_arrecadacao_is_valid (const char *digits);

G_END_DECLS
