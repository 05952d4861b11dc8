/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/postgresql-private.h"

#include <string.h>

#define TYPE_BYTEA 17
#define TYPE_INT8 20
#define TYPE_TEXT 25

G_STATIC_ASSERT (sizeof (GuicheId) == 16);

static gboolean
has_word (const char *sql, const char *word)
{
  gsize length = strlen (word);

  for (const char *c = sql; *c != '\0'; c++) {
    if ((c == sql || !g_ascii_isalnum (c[-1])) && g_ascii_strncasecmp (c, word, length) == 0 &&
        !g_ascii_isalnum (c[length]) && c[length] != '_')
      return TRUE;
  }

  return FALSE;
}

/* What only reads begins with SELECT or VALUES, or with WITH and none of the three words. */
static gboolean
is_writing (const char *sql)
{
  while (g_ascii_isspace (*sql) || *sql == '(')
    sql++;
  if (g_ascii_strncasecmp (sql, "SELECT", 6) == 0 || g_ascii_strncasecmp (sql, "VALUES", 6) == 0 ||
      g_ascii_strncasecmp (sql, "SHOW", 4) == 0)
    return FALSE;
  if (g_ascii_strncasecmp (sql, "WITH", 4) == 0)
    return has_word (sql, "INSERT") || has_word (sql, "UPDATE") || has_word (sql, "DELETE");

  return TRUE;
}

static gboolean
is_savepoint (const char *sql)
{
  return g_str_has_prefix (sql, "SAVEPOINT ") || g_str_has_prefix (sql, "RELEASE ") ||
         g_str_has_prefix (sql, "ROLLBACK TO ");
}

static int
count_parameters (const char *sql)
{
  int n = 0;

  for (const char *c = strchr (sql, '$'); c != NULL; c = strchr (c + 1, '$'))
    n = MAX (n, atoi (c + 1));
  return n;
}

/* Nothing is sent: the types are known when it runs. */
GuicheStatement *
guiche_postgresql_prepare (GuicheDb *db, const char *sql, GError **error)
{
  GuichePostgresqlStatement *self = g_new0 (GuichePostgresqlStatement, 1);

  self->n_parameters = count_parameters (sql);
  if (self->n_parameters > GUICHE_POSTGRESQL_MAX_PARAMETERS) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "parameters are $1 to $%d: %s",
                 GUICHE_POSTGRESQL_MAX_PARAMETERS, sql);
    g_free (self);
    return NULL;
  }
  self->is_savepoint = is_savepoint (sql);
  self->base.is_writing = !self->is_savepoint && is_writing (sql);
  return &self->base;
}

void
guiche_postgresql_free_statement (GuicheStatement *statement)
{
  GuichePostgresqlStatement *self = (GuichePostgresqlStatement *) statement;

  if (self->plain != NULL)
    guiche_postgresql_free_statement (&self->plain->base);
  PQclear (self->result);
  g_free (self->plain_sql);
  g_free (self->scratch);
  g_free (self);
}

void
guiche_postgresql_clear_bindings (GuicheStatement *statement)
{
  GuichePostgresqlStatement *self = (GuichePostgresqlStatement *) statement;

  memset (self->types, 0, sizeof (Oid) * (gsize) self->n_parameters);
  memset (self->values, 0, sizeof (char *) * (gsize) self->n_parameters);
}

static void
bind (GuicheStatement *statement, int position, Oid type, const char *value, gsize length)
{
  GuichePostgresqlStatement *self = (GuichePostgresqlStatement *) statement;

  g_assert (position >= 1 && position <= self->n_parameters && length <= G_MAXINT);
  statement->is_bound = TRUE;
  self->types[position - 1] = type;
  self->values[position - 1] = value;
  self->lengths[position - 1] = (int) length;
}

void
guiche_postgresql_bind_int (GuicheStatement *statement, int position, gint64 value)
{
  GuichePostgresqlStatement *self = (GuichePostgresqlStatement *) statement;
  gint64 big_endian = GINT64_TO_BE (value);

  g_assert (position >= 1 && position <= self->n_parameters);
  memcpy (self->small[position - 1], &big_endian, sizeof big_endian);
  bind (statement, position, TYPE_INT8, self->small[position - 1], sizeof big_endian);
}

void
guiche_postgresql_bind_text (GuicheStatement *statement,
                             int position,
                             const char *value,
                             gsize length)
{
  bind (statement, position, TYPE_TEXT, value, length);
}

void
guiche_postgresql_bind_bytes (GuicheStatement *statement,
                              int position,
                              const void *data,
                              gsize length)
{
  bind (statement, position, TYPE_BYTEA, data, length);
}

void
guiche_postgresql_bind_id (GuicheStatement *statement, int position, const GuicheId *id)
{
  GuichePostgresqlStatement *self = (GuichePostgresqlStatement *) statement;

  g_assert (position >= 1 && position <= self->n_parameters);
  memcpy (self->small[position - 1], id->bytes, sizeof id->bytes);
  bind (statement, position, TYPE_BYTEA, self->small[position - 1], sizeof id->bytes);
}

void
guiche_postgresql_bind_null (GuicheStatement *statement, int position, GuicheDbType type)
{
  static const Oid types[] = { 0, TYPE_INT8, TYPE_TEXT, TYPE_BYTEA };

  bind (statement, position, types[type], NULL, 0);
}

void
guiche_postgresql_reset (GuicheStatement *statement)
{
  GuichePostgresqlStatement *self = (GuichePostgresqlStatement *) statement;

  g_clear_pointer (&self->result, PQclear);
  guiche_statement_set_active (statement, FALSE);
}

static gboolean
execute (GuichePostgresqlStatement *self, GError **error)
{
  GuichePostgresql *db = (GuichePostgresql *) self->base.db;

  guiche_postgresql_reset (&self->base);
  return guiche_postgresql_send_statement (db, self, error) &&
         guiche_postgresql_wait (db, self, error);
}

/* The whole result is here with its first row. */
gboolean
guiche_postgresql_next (GuicheStatement *statement, GError **error)
{
  GuichePostgresqlStatement *self = (GuichePostgresqlStatement *) statement;

  if (self->result == NULL) {
    if (!execute (self, error))
      return FALSE;
    self->row = -1;
  }
  if (++self->row < PQntuples (self->result)) {
    guiche_statement_set_active (statement, TRUE);
    return TRUE;
  }

  guiche_postgresql_reset (statement);
  return FALSE;
}

gboolean
guiche_postgresql_run (GuicheStatement *statement, gint64 *out_changes, GError **error)
{
  GuichePostgresqlStatement *self = (GuichePostgresqlStatement *) statement;
  GuichePostgresql *db = (GuichePostgresql *) statement->db;

  if (self->is_savepoint || (db->is_deferring && out_changes == NULL && statement->is_writing)) {
    guiche_postgresql_reset (statement);
    return guiche_postgresql_send_statement (db, self, error);
  }
  if (!execute (self, error))
    return FALSE;

  if (out_changes != NULL)
    *out_changes = g_ascii_strtoll (PQcmdTuples (self->result), NULL, 10);
  guiche_postgresql_reset (statement);
  return TRUE;
}

/* The same INSERT without its ON CONFLICT. */
static GuichePostgresqlStatement *
make_plain (GuichePostgresqlStatement *self)
{
  const char *conflict = strstr (self->base.sql, " ON CONFLICT");
  GuichePostgresqlStatement *plain;

  g_return_val_if_fail (conflict != NULL && g_str_has_suffix (conflict, "DO NOTHING"), NULL);

  plain = g_new0 (GuichePostgresqlStatement, 1);
  plain->plain_sql = g_strndup (self->base.sql, (gsize) (conflict - self->base.sql));
  plain->base.engine = self->base.engine;
  plain->base.db = self->base.db;
  plain->base.sql = plain->plain_sql;
  plain->base.is_writing = TRUE;
  plain->n_parameters = self->n_parameters;
  return plain;
}

/* A conflict is then an error, and the COMMIT that follows in the pipeline is not done. */
gboolean
guiche_postgresql_try_send_insert (GuicheStatement *statement,
                                   gboolean *out_is_sent,
                                   GError **error)
{
  GuichePostgresqlStatement *self = (GuichePostgresqlStatement *) statement;
  GuichePostgresql *db = (GuichePostgresql *) statement->db;

  *out_is_sent = db->is_deferring;
  if (!db->is_deferring)
    return TRUE;

  if (self->plain == NULL)
    self->plain = make_plain (self);
  memcpy (self->plain->types, self->types, sizeof self->types);
  memcpy (self->plain->values, self->values, sizeof self->values);
  memcpy (self->plain->lengths, self->lengths, sizeof self->lengths);
  return guiche_postgresql_send_statement (db, self->plain, error);
}
