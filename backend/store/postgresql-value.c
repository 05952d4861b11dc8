/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/postgresql-private.h"

#include <string.h>

/* Binary results: big-endian, as each type's `send` function writes them
 * (postgresql.org/docs/15/protocol-overview.html#PROTOCOL-FORMAT-CODES). Numbers of types as in
 * pg_type.dat. */
#define TYPE_BOOL 16
#define TYPE_BYTEA 17
#define TYPE_INT8 20
#define TYPE_INT2 21
#define TYPE_INT4 23
#define TYPE_TEXT 25
#define TYPE_OID 26
#define TYPE_FLOAT8 701
#define TYPE_NUMERIC 1700

#define NUMERIC_NEGATIVE 0x4000
#define NUMERIC_BASE 10000
#define NUMERIC_HEADER_BYTES 8

static guint16
read_16 (const char *value)
{
  guint16 number;

  memcpy (&number, value, sizeof number);
  return GUINT16_FROM_BE (number);
}

static guint32
read_32 (const char *value)
{
  guint32 number;

  memcpy (&number, value, sizeof number);
  return GUINT32_FROM_BE (number);
}

static guint64
read_64 (const char *value)
{
  guint64 number;

  memcpy (&number, value, sizeof number);
  return GUINT64_FROM_BE (number);
}

/* How many digits (base 10000), the weight of the first, the sign, decimals, the digits: the sum of
 * integers is one. What stands after the point is cut off. */
static gint64
read_numeric (const char *value, int length)
{
  int n_digits = length < NUMERIC_HEADER_BYTES ? 0 : read_16 (value);
  int weight = length < NUMERIC_HEADER_BYTES ? -1 : (gint16) read_16 (value + 2);
  gint64 number = 0;

  for (int i = 0; i <= weight; i++)
    number =
        number * NUMERIC_BASE + (i < n_digits ? read_16 (value + NUMERIC_HEADER_BYTES + 2 * i) : 0);

  return length >= NUMERIC_HEADER_BYTES && read_16 (value + 4) == NUMERIC_NEGATIVE ? -number
                                                                                   : number;
}

static gint64
read_double (const char *value)
{
  guint64 bits = read_64 (value);
  double number;

  memcpy (&number, &bits, sizeof number);
  return (gint64) number;
}

gint64
guiche_postgresql_column_int (GuicheStatement *statement, int column)
{
  GuichePostgresqlStatement *self = (GuichePostgresqlStatement *) statement;
  const char *value = PQgetvalue (self->result, self->row, column);
  int length = PQgetlength (self->result, self->row, column);

  if (PQgetisnull (self->result, self->row, column))
    return 0;

  switch (PQftype (self->result, column)) {
  case TYPE_INT8:
    return (gint64) read_64 (value);
  case TYPE_INT4:
    return (gint32) read_32 (value);
  case TYPE_INT2:
    return (gint16) read_16 (value);
  case TYPE_OID:
    return read_32 (value);
  case TYPE_BOOL:
    return *value != 0;
  case TYPE_NUMERIC:
    return read_numeric (value, length);
  case TYPE_FLOAT8:
    return read_double (value);
  default:
    return g_ascii_strtoll (value, NULL, 10);
  }
}

static gboolean
is_number (Oid type)
{
  return type == TYPE_INT8 || type == TYPE_INT4 || type == TYPE_INT2 || type == TYPE_OID ||
         type == TYPE_BOOL || type == TYPE_NUMERIC || type == TYPE_FLOAT8;
}

const char *
guiche_postgresql_column_text (GuicheStatement *statement, int column, gsize *out_length)
{
  GuichePostgresqlStatement *self = (GuichePostgresqlStatement *) statement;
  const char *value = PQgetvalue (self->result, self->row, column);
  gsize length = (gsize) PQgetlength (self->result, self->row, column);

  if (PQgetisnull (self->result, self->row, column)) {
    value = NULL;
  } else if (is_number (PQftype (self->result, column))) {
    g_free (self->scratch);
    self->scratch =
        g_strdup_printf ("%" G_GINT64_FORMAT, guiche_postgresql_column_int (statement, column));
    value = self->scratch;
    length = strlen (value);
  }

  if (out_length != NULL)
    *out_length = length;
  return value;
}

const void *
guiche_postgresql_column_bytes (GuicheStatement *statement, int column, gsize *out_length)
{
  GuichePostgresqlStatement *self = (GuichePostgresqlStatement *) statement;

  *out_length = (gsize) PQgetlength (self->result, self->row, column);
  if (PQgetisnull (self->result, self->row, column))
    return NULL;

  return PQgetvalue (self->result, self->row, column);
}

gboolean
guiche_postgresql_column_is_null (GuicheStatement *statement, int column)
{
  GuichePostgresqlStatement *self = (GuichePostgresqlStatement *) statement;

  return PQgetisnull (self->result, self->row, column) != 0;
}
