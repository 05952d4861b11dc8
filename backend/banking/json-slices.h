/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Lists of a document that are too long for a tree: taken out of it as text and walked one element
 * after another. Only for text that passed guiche_json_check(). */

typedef struct {
  const char *at, *end; /* what is left of the list, without its brackets; borrowed */
} GuicheJsonSlice;

/* @slices: one for each of @names, empty and with @at %NULL when the document has no such list at
 * its top. Returns the document with these lists emptied. (transfer full) */
char *guiche_json_take_lists (const char *text,
                              gsize length,
                              const char *const *names,
                              guint n_names,
                              GuicheJsonSlice *slices);
/* The next element, as text; FALSE at the end. */
gboolean guiche_json_slice_next (GuicheJsonSlice *self, const char **out_text, gsize *out_length);

G_END_DECLS
