/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GuicheDocumentKind:
 *
 * The Brazilian tax numbers: of a person (CPF, 11 digits) and of a company (CNPJ, 14 characters;
 * twelve of them may be letters since July 2026, IN RFB 2.229/2024).
 */
typedef enum {
  GUICHE_DOCUMENT_CPF,
  GUICHE_DOCUMENT_CNPJ,
} GuicheDocumentKind;

#define GUICHE_CPF_LENGTH 11
#define GUICHE_CNPJ_LENGTH 14
#define GUICHE_DOCUMENT_FORMATTED_SIZE 19 /* 12.ABC.345/01DE-35 and its NUL */

/* @text without mask. Wrong check digits, another length, lower-case letters and one character
 * repeated are refused. */
gboolean guiche_document_is_valid (GuicheDocumentKind kind, const char *text);
/* Takes the mask off (`.`, `-`, `/` and spaces where a mask has them): FALSE when something else
 * than the characters of that kind is left. @out holds 15 bytes. */
gboolean guiche_document_unmask (GuicheDocumentKind kind, const char *text, char out[15]);
/* With its mask; @text must be of that kind's length and characters. */
void guiche_document_format (GuicheDocumentKind kind,
                             const char *text,
                             char out[GUICHE_DOCUMENT_FORMATTED_SIZE]);

G_END_DECLS
