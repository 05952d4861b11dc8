/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "desk/cursor.h"
#include "desk/customer-store.h"
#include "desk/customer.h"
#include "desk/emit.h"

#define QUERY_CHARACTERS_MAX 100

/* The cursor is the last row's name and id, so pages stay right while rows come and go. */
static char *
make_cursor (const GuicheCustomerRecord *last)
{
  g_autofree char *fold = NULL;
  g_autofree char *line =
      g_strjoin (" ", last->name, last->contract == NULL ? "" : last->contract, NULL);

  fold = guiche_text_fold (line);
  return guiche_cursor_new (fold, &last->id);
}

GPtrArray *
guiche_customers_list (GuicheTx *tx,
                       const char *query,
                       const char *cursor,
                       gsize limit,
                       char **out_cursor,
                       GError **error)
{
  g_autofree char *line = guiche_text_one_line (query == NULL ? "" : query, QUERY_CHARACTERS_MAX);
  g_autofree char *fold = guiche_text_fold (line);
  g_autofree char *digits = guiche_text_digits (line);
  g_autofree char *pattern = *fold == '\0' ? NULL : guiche_cursor_like_pattern (fold);
  g_autofree char *digits_pattern = *digits == '\0' ? NULL : g_strconcat ("%", digits, "%", NULL);
  g_autofree char *after_fold = NULL;
  g_autoptr (GPtrArray) customers = NULL;
  GuicheId after_id = GUICHE_ID_NONE;

  *out_cursor = NULL;
  if (cursor != NULL && !guiche_cursor_parse (cursor, &after_fold, &after_id)) {
    guiche_desk_refuse_field (error, "cursor", "is none that was given");
    return NULL;
  }
  customers =
      guiche_customer_store_list (tx, pattern, digits_pattern, after_fold == NULL ? "" : after_fold,
                                  after_fold == NULL ? NULL : &after_id, limit + 1, error);
  if (customers != NULL && customers->len > limit) {
    g_ptr_array_set_size (customers, (int) limit);
    *out_cursor = make_cursor (g_ptr_array_index (customers, limit - 1));
  }
  return g_steal_pointer (&customers);
}
