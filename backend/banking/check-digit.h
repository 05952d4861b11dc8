/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Check digits over @n ASCII digits. */

/* Weights 2, 1, 2, 1, … from the right, the digits of each product added; 0 to 9. */
int guiche_modulo_10 (const char *digits, gsize n);
/* The sum of weights 2 to 9, again and again from the right, modulo 11; 0 to 10. What a digit is
 * made of that rest differs by bank and field. */
int guiche_modulo_11_rest (const char *digits, gsize n);
/* Of a barcode: 11 less the rest, where 0, 10 and 11 are 1; never 0. */
int guiche_modulo_11_barcode (const char *digits, gsize n);
gboolean guiche_is_digits (const char *text, gsize n);
/* @text, digits only, in @width characters with zeros before; FALSE when it is no number, empty or
 * too long. @out is not terminated. */
gboolean guiche_pad_digits (const char *text, gsize width, char *out);

G_END_DECLS
