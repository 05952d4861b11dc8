/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text from people is data. These never fail on valid or invalid UTF-8. */

/* Lower case, accents off (NFKD without marks), for searching: "NÃO" gives "nao". */
char *guiche_text_fold (const char *text);
/* Only the ASCII digits, for phones and documents. */
char *guiche_text_digits (const char *text);
/* One line for a name: trimmed, inner white space folded, control and bidi characters
 * shown as U+FFFD, at most @max_characters. */
char *guiche_text_one_line (const char *text, gsize max_characters);
/* Many lines for a message: control (but \n and \t) and bidi override characters shown
 * as U+FFFD, line ends unified. */
char *guiche_text_body (const char *text);
/* A safe file name to show and to offer when saving: no path, no control, no leading dot. */
char *guiche_text_file_name (const char *text);

G_END_DECLS
