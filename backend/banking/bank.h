/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GUICHE_CAMPO_LIVRE_LENGTH 25
#define GUICHE_NOSSO_NUMERO_MAX 20

/**
 * GuicheBoletoInput:
 *
 * What the company has from its bank and the number it gives, as text of digits; "" where the bank
 * does not use it. Borrowed.
 */
typedef struct {
  const char *banco;
  const char *tipo; /* (nullable): the agreement's kind, where the convenio alone does not say */
  const char *agencia;
  const char *conta;
  const char *convenio; /* BB: convênio; Sicoob: código do cliente; Inter: operação */
  const char *carteira;
  const char *modalidade;
  const char *parcela;
  const char *numero;
} GuicheBoletoInput;

/* How the bank knows the title. @dv is "" where the bank has none in its files. */
typedef struct {
  char digits[GUICHE_NOSSO_NUMERO_MAX + 1];
  char dv[2];
} GuicheNossoNumero;

/**
 * GuicheBank:
 *
 * What differs between banks in a boleto. One file each (`bank-<name>.c`), listed in meson.build;
 * the table of guiche_bank_find() is made from that list.
 */
typedef struct {
  const char *code; /* three digits of the clearing house */
  const char *name;
  /* The nosso número and the 25 digits (not terminated). Refuses with the input's field. */
  gboolean (*campo_livre) (const GuicheBoletoInput *input,
                           GuicheNossoNumero *out_number,
                           char out[GUICHE_CAMPO_LIVRE_LENGTH],
                           GError **error);
} GuicheBank;

/* (nullable) */
const GuicheBank *guiche_bank_find (const char *code);
/* Pads a text of digits into a field; refuses with @field and reason `digits` or `range`. */
gboolean guiche_bank_put_digits (const char *text,
                                 gsize width,
                                 char *out,
                                 const char *field,
                                 GError **error);

G_END_DECLS
