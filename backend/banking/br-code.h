/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GuicheBrCode:
 *
 * A Pix QR code's text (BCB, Manual do BR Code; EMVCo MPM): fields of two digits id, two digits
 * length and value; some hold fields themselves; the last is a CRC.
 */
typedef struct _GuicheBrCode GuicheBrCode;

typedef enum {
  GUICHE_BR_CODE_STATIC,  /* a key: anybody pays any number of times */
  GUICHE_BR_CODE_DYNAMIC, /* an address where the PSP tells the charge */
  GUICHE_BR_CODE_OTHER,   /* Pix Automático only, or no Pix at all */
} GuicheBrCodeKind;

typedef struct {
  char id[3];
  int parent;  /* place of the field around it, or -1 */
  char *value; /* (owned): UTF-8; "" when it holds fields */
  gboolean holds_fields;
} GuicheBrCodeField;

/* Refused with field `payload` and reason `tlv` (message with the place), `crc`, `encoding`,
 * `width`. Lengths that count characters instead of bytes are taken too. */
GuicheBrCode *guiche_br_code_parse (const char *payload, GError **error);
void guiche_br_code_free (GuicheBrCode *self);
GuicheBrCodeKind guiche_br_code_kind (const GuicheBrCode *self);
/* (nullable): borrowed; @inner NULL for the outer field itself. */
const char *guiche_br_code_get (const GuicheBrCode *self, const char *id, const char *inner);
/* (nullable): of the Pix account (26 to 51 with br.gov.bcb.pix): 01 key, 02 text, 25 address. */
const char *guiche_br_code_get_account (const GuicheBrCode *self, const char *inner);
/* FALSE when there is none or it is no amount; "10", "10." and "10.5" are taken. */
gboolean guiche_br_code_get_amount (const GuicheBrCode *self, gint64 *out_cents);
/* (element-type GuicheBrCodeField): in the order of the text, inner fields after their outer one.
 */
const GArray *guiche_br_code_fields (const GuicheBrCode *self);

/* CRC-16/CCITT-FALSE; of a payload, over everything up to and with `6304`. */
guint16 guiche_crc16 (const char *data, gsize length);

/**
 * GuichePixCode:
 *
 * What a code is made of. A static one has @key, a dynamic one @url (without https://).
 */
typedef struct {
  const char *key;         /* (nullable): CPF, CNPJ, +55…, e-mail or UUID */
  const char *url;         /* (nullable) */
  const char *name, *city; /* accents are taken off, what is too long is cut */
  gint64 amount_cents;     /* 0: the payer says */
  const char *txid;        /* (nullable): static only, 1 to 25 letters and digits */
  const char *description; /* (nullable): static only */
  gboolean is_single_use;  /* 01 = 12 */
} GuichePixCode;

/* Refused with the fields `chave`, `url`, `nome`, `cidade`, `valor_centavos`, `txid`, `descricao`.
 * (transfer full) (nullable) */
char *guiche_br_code_encode (const GuichePixCode *code, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheBrCode, guiche_br_code_free)

G_END_DECLS
