/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/move-row.h"

#include <sodium.h>
#include <string.h>

static GuicheDbType
key_type (const GuicheMoveTable *table, guint i)
{
  return guiche_move_table_column (table, table->key[i])->type;
}

static gboolean
parse_part (GuicheMoveKey *self, guint i, const char *part)
{
  gsize length = strlen (part);
  g_autofree guint8 *bytes = NULL;
  gsize n = 0;
  char *end;

  if (key_type (self->table, i) == GUICHE_DB_INT) {
    self->ints[i] = g_ascii_strtoll (part, &end, 10);
    return length > 0 && *end == '\0';
  }
  bytes = g_malloc (length / 2 + 1);
  if (sodium_hex2bin (bytes, length / 2 + 1, part, length, NULL, &n, NULL) != 0 || n * 2 != length)
    return FALSE;
  self->bytes[i] = g_bytes_new_take (g_steal_pointer (&bytes), n);
  return TRUE;
}

gboolean
guiche_move_key_parse (GuicheMoveKey *self,
                       const GuicheMoveTable *table,
                       const char *text,
                       GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  gboolean is_fine = g_strv_length (parts) == table->n_key;

  *self = (GuicheMoveKey){ .table = table };
  for (guint i = 0; is_fine && i < table->n_key; i++)
    is_fine = parse_part (self, i, parts[i]);
  if (!is_fine)
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "%s is no key of %s", text,
                 table->name);
  return is_fine;
}

void
guiche_move_key_clear (GuicheMoveKey *self)
{
  for (guint i = 0; i < GUICHE_MOVE_MAX_KEY; i++)
    g_clear_pointer (&self->bytes[i], g_bytes_unref);
}

char *
guiche_move_key_of (const GuicheMoveTable *table, GuicheStatement *row)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < table->n_key; i++) {
    int column = (int) table->key[i];
    const guint8 *bytes;
    gsize length;

    if (i > 0)
      g_string_append_c (text, ',');
    if (key_type (table, i) == GUICHE_DB_INT) {
      g_string_append_printf (text, "%" G_GINT64_FORMAT, guiche_statement_int (row, column));
      continue;
    }
    bytes = key_type (table, i) == GUICHE_DB_BYTES
                ? guiche_statement_bytes (row, column, &length)
                : (const guint8 *) guiche_statement_text_length (row, column, &length);
    for (gsize j = 0; j < length; j++)
      g_string_append_printf (text, "%02x", bytes[j]);
  }
  return g_string_free (text, FALSE);
}

int
guiche_move_key_compare (const GuicheMoveKey *a, const GuicheMoveKey *b)
{
  for (guint i = 0; i < a->table->n_key; i++) {
    int order = key_type (a->table, i) == GUICHE_DB_INT
                    ? (a->ints[i] > b->ints[i]) - (a->ints[i] < b->ints[i])
                    : g_bytes_compare (a->bytes[i], b->bytes[i]);

    if (order != 0)
      return order;
  }
  return 0;
}

void
guiche_move_key_bind (const GuicheMoveKey *self, GuicheStatement *statement)
{
  for (guint i = 0; i < self->table->n_key; i++) {
    GuicheDbType type = key_type (self->table, i);
    gsize length;
    const char *data;

    if (type == GUICHE_DB_INT) {
      guiche_statement_bind_int (statement, (int) i + 1, self->ints[i]);
      continue;
    }
    data = g_bytes_get_data (self->bytes[i], &length);
    if (type == GUICHE_DB_BYTES)
      guiche_statement_bind_bytes (statement, (int) i + 1, data == NULL ? "" : data, length);
    else
      guiche_statement_bind_text_length (statement, (int) i + 1, data == NULL ? "" : data, length);
  }
}

GuicheStatement *
guiche_move_page_ask (const GuicheMoveTable *table,
                      GuicheDb *db,
                      const char *last_key,
                      GuicheMoveKey *last,
                      guint n_rows,
                      GError **error)
{
  GuicheStatement *rows =
      guiche_db_prepare (db, last_key == NULL ? table->first_page : table->next_page, error);

  if (rows == NULL)
    return NULL;
  if (last_key == NULL) {
    guiche_statement_bind_int (rows, 1, n_rows);
    return rows;
  }
  if (!guiche_move_key_parse (last, table, last_key, error))
    return NULL;
  guiche_move_key_bind (last, rows);
  guiche_statement_bind_int (rows, (int) table->n_key + 1, n_rows);
  return rows;
}

/* How many bytes it is. */
static gsize
bind_column (GuicheDbType type, GuicheStatement *row, int column, GuicheStatement *insert)
{
  gsize length = 0;
  const void *data;

  if (type == GUICHE_DB_INT) {
    if (guiche_statement_is_null (row, column))
      guiche_statement_bind_null (insert, column + 1);
    else
      guiche_statement_bind_int (insert, column + 1, guiche_statement_int (row, column));
    return sizeof (gint64);
  }
  if (guiche_statement_is_null (row, column)) {
    guiche_statement_bind_null (insert, column + 1);
    return 0;
  }
  if (type == GUICHE_DB_TEXT) {
    data = guiche_statement_text_length (row, column, &length);
    guiche_statement_bind_text_length (insert, column + 1, data, length);
  } else {
    data = guiche_statement_bytes (row, column, &length);
    guiche_statement_bind_bytes (insert, column + 1, data == NULL ? "" : data, length);
  }
  return length;
}

gboolean
guiche_move_row_insert (const GuicheMoveTable *table,
                        GuicheStatement *row,
                        GuicheDb *db,
                        gint64 *bytes,
                        GError **error)
{
  GuicheStatement *insert = guiche_db_prepare (db, table->insert, error);

  if (insert == NULL)
    return FALSE;
  for (guint i = 0; i < table->columns->len; i++)
    *bytes +=
        (gint64) bind_column (guiche_move_table_column (table, i)->type, row, (int) i, insert);
  return guiche_statement_send (insert, error);
}

static void
hash_value (GChecksum *sum, char kind, const void *data, gsize length)
{
  guint64 be_length = GUINT64_TO_BE ((guint64) length);

  g_checksum_update (sum, (const guchar *) &kind, 1);
  g_checksum_update (sum, (const guchar *) &be_length, sizeof be_length);
  g_checksum_update (sum, data, (gssize) length);
}

void
guiche_move_row_hash (const GuicheMoveTable *table, GuicheStatement *row, GChecksum *sum)
{
  for (guint i = 0; i < table->columns->len; i++) {
    GuicheDbType type = guiche_move_table_column (table, i)->type;
    int column = (int) i;
    gsize length = 0;

    if (guiche_statement_is_null (row, column)) {
      hash_value (sum, 'n', "", 0);
    } else if (type == GUICHE_DB_INT) {
      gint64 value = GINT64_TO_BE (guiche_statement_int (row, column));

      hash_value (sum, 'i', &value, sizeof value);
    } else if (type == GUICHE_DB_TEXT) {
      const char *text = guiche_statement_text_length (row, column, &length);

      hash_value (sum, 't', text, length);
    } else {
      const void *data = guiche_statement_bytes (row, column, &length);

      hash_value (sum, 'b', data == NULL ? "" : data, length);
    }
  }
}
