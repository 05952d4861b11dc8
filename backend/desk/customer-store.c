/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/customer-store.h"

#include "base/error.h"

#define CUSTOMER_COLUMNS                                                                           \
  "SELECT id, name, document, contract, plan, address, status, notes, created_at, updated_at "     \
  "FROM customers "

static gboolean
write_row (GuicheStatement *statement,
           const GuicheCustomerRecord *customer,
           const char *fold,
           GError **error)
{
  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_id (statement, 1, &customer->id);
  guiche_statement_bind_text (statement, 2, customer->name);
  guiche_statement_bind_text (statement, 3, fold);
  guiche_statement_bind_text (statement, 4, customer->document);
  guiche_statement_bind_text (statement, 5, customer->contract);
  guiche_statement_bind_text (statement, 6, customer->plan);
  guiche_statement_bind_text (statement, 7, customer->address);
  guiche_statement_bind_text (statement, 8, customer->status);
  guiche_statement_bind_text (statement, 9, customer->notes);
  guiche_statement_bind_int (statement, 10, customer->updated_at);
  guiche_statement_bind_int (statement, 11, customer->created_at);
  return guiche_statement_run (statement, NULL, error);
}

gboolean
guiche_customer_store_insert (GuicheTx *tx,
                              const GuicheCustomerRecord *customer,
                              const char *fold,
                              GError **error)
{
  return write_row (
      guiche_tx_prepare (
          tx,
          "INSERT INTO customers (id, name, fold, document, contract, plan, address, status, "
          "notes, updated_at, created_at) "
          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
          error),
      customer, fold, error);
}

gboolean
guiche_customer_store_update (GuicheTx *tx,
                              const GuicheCustomerRecord *customer,
                              const char *fold,
                              GError **error)
{
  return write_row (
      guiche_tx_prepare (tx,
                         "UPDATE customers SET name = $2, fold = $3, document = $4, contract = $5, "
                         "plan = $6, address = $7, status = $8, notes = $9, updated_at = $10, "
                         "created_at = $11 WHERE id = $1",
                         error),
      customer, fold, error);
}

static gboolean
delete_contacts (GuicheTx *tx, const GuicheId *customer_id, const char *kind, GError **error)
{
  GuicheStatement *statement = guiche_tx_prepare (
      tx, "DELETE FROM customer_contacts WHERE customer_id = $1 AND kind = $2", error);

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_id (statement, 1, customer_id);
  guiche_statement_bind_text (statement, 2, kind);
  return guiche_statement_run (statement, NULL, error);
}

gboolean
guiche_customer_store_set_contacts (GuicheTx *tx,
                                    const GuicheId *customer_id,
                                    const char *kind,
                                    char *const *values,
                                    char *(*match) (const char *value),
                                    GError **error)
{
  if (!delete_contacts (tx, customer_id, kind, error))
    return FALSE;
  for (gint64 i = 0; values != NULL && values[i] != NULL; i++) {
    g_autofree char *match_value = match (values[i]);
    GuicheStatement *insert = guiche_tx_prepare (
        tx,
        "INSERT INTO customer_contacts (customer_id, kind, position, value, match) "
        "VALUES ($1, $2, $3, $4, $5)",
        error);

    if (insert == NULL)
      return FALSE;
    guiche_statement_bind_id (insert, 1, customer_id);
    guiche_statement_bind_text (insert, 2, kind);
    guiche_statement_bind_int (insert, 3, i);
    guiche_statement_bind_text (insert, 4, values[i]);
    guiche_statement_bind_text (insert, 5, match_value);
    if (!guiche_statement_run (insert, NULL, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
load_contacts (GuicheTx *tx, GuicheCustomerRecord *customer, GError **error)
{
  g_autoptr (GStrvBuilder) phones = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) emails = g_strv_builder_new ();
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows = guiche_tx_prepare (
      tx,
      "SELECT kind, value FROM customer_contacts WHERE customer_id = $1 ORDER BY kind, position",
      error);

  if (rows == NULL)
    return FALSE;
  guiche_statement_bind_id (rows, 1, &customer->id);
  while (guiche_statement_next (rows, &failure))
    g_strv_builder_add (g_str_equal (guiche_statement_text (rows, 0), "phone") ? phones : emails,
                        guiche_statement_text (rows, 1));
  customer->phones = g_strv_builder_end (phones);
  customer->emails = g_strv_builder_end (emails);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static GuicheCustomerRecord *
customer_from_row (GuicheStatement *row)
{
  GuicheCustomerRecord *customer = g_new0 (GuicheCustomerRecord, 1);

  customer->id = guiche_statement_id (row, 0);
  customer->name = g_strdup (guiche_statement_text (row, 1));
  customer->document = g_strdup (guiche_statement_text (row, 2));
  customer->contract = g_strdup (guiche_statement_text (row, 3));
  customer->plan = g_strdup (guiche_statement_text (row, 4));
  customer->address = g_strdup (guiche_statement_text (row, 5));
  customer->status = g_strdup (guiche_statement_text (row, 6));
  customer->notes = g_strdup (guiche_statement_text (row, 7));
  customer->created_at = guiche_statement_int (row, 8);
  customer->updated_at = guiche_statement_int (row, 9);
  return customer;
}

static GPtrArray *
read_customers (GuicheTx *tx, GuicheStatement *rows, GError **error)
{
  g_autoptr (GPtrArray) customers =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_customer_record_free);
  g_autoptr (GError) failure = NULL;

  while (guiche_statement_next (rows, &failure))
    g_ptr_array_add (customers, customer_from_row (rows));
  for (guint i = 0; failure == NULL && i < customers->len; i++)
    if (!load_contacts (tx, g_ptr_array_index (customers, i), &failure))
      break;
  if (failure == NULL)
    return g_steal_pointer (&customers);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

GPtrArray *
guiche_customer_store_load (GuicheTx *tx, const GuicheId *id, GError **error)
{
  GuicheStatement *rows = guiche_tx_prepare (tx, CUSTOMER_COLUMNS "WHERE id = $1", error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_id (rows, 1, id);
  return read_customers (tx, rows, error);
}

GPtrArray *
guiche_customer_store_list (GuicheTx *tx,
                            const char *pattern,
                            const char *digits_pattern,
                            const char *after_fold,
                            const GuicheId *after_id,
                            gsize limit,
                            GError **error)
{
  static const guint8 lowest[16] = { 0 };
  GuicheStatement *rows = guiche_tx_prepare (
      tx,
      CUSTOMER_COLUMNS
      "WHERE (fold > $1 OR (fold = $1 AND id > $2)) "
      "AND ($3 IS NULL OR fold LIKE $3 ESCAPE '\\' OR ($4 IS NOT NULL AND document LIKE $4) "
      "OR EXISTS (SELECT 1 FROM customer_contacts t WHERE t.customer_id = customers.id "
      "AND (t.match LIKE $3 ESCAPE '\\' OR ($4 IS NOT NULL AND t.value LIKE $4)))) "
      "ORDER BY fold, id LIMIT $5",
      error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_text (rows, 1, after_fold);
  guiche_statement_bind_bytes (rows, 2, after_id == NULL ? lowest : after_id->bytes, 16);
  guiche_statement_bind_text (rows, 3, pattern);
  guiche_statement_bind_text (rows, 4, digits_pattern);
  guiche_statement_bind_int (rows, 5, (gint64) limit);
  return read_customers (tx, rows, error);
}

static gboolean
read_first_id (GuicheStatement *row, GuicheId *out_id, GError **error)
{
  g_autoptr (GError) failure = NULL;

  *out_id = GUICHE_ID_NONE;
  if (guiche_statement_next (row, &failure))
    *out_id = guiche_statement_id (row, 0);
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
guiche_customer_store_find_contact (GuicheTx *tx,
                                    const char *kind,
                                    const char *match,
                                    const GuicheId *except,
                                    GuicheId *out_id,
                                    GError **error)
{
  GuicheStatement *row =
      guiche_tx_prepare (tx,
                         "SELECT customer_id FROM customer_contacts WHERE kind = $1 AND match = $2 "
                         "AND customer_id <> $3 ORDER BY customer_id LIMIT 1",
                         error);

  if (row == NULL)
    return FALSE;
  guiche_statement_bind_text (row, 1, kind);
  guiche_statement_bind_text (row, 2, match);
  guiche_statement_bind_bytes (row, 3, except->bytes, sizeof except->bytes);
  return read_first_id (row, out_id, error);
}

gboolean
guiche_customer_store_find_document (GuicheTx *tx,
                                     const char *document,
                                     const GuicheId *except,
                                     GuicheId *out_id,
                                     GError **error)
{
  GuicheStatement *row = guiche_tx_prepare (
      tx, "SELECT id FROM customers WHERE document = $1 AND id <> $2 ORDER BY id LIMIT 1", error);

  if (row == NULL)
    return FALSE;
  guiche_statement_bind_text (row, 1, document);
  guiche_statement_bind_bytes (row, 2, except->bytes, sizeof except->bytes);
  return read_first_id (row, out_id, error);
}
