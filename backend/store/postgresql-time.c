/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/postgresql-time.h"

gboolean
guiche_postgresql_get_time (GuicheDb *self, gint64 *out_now_us, GError **error)
{
  static const char sql[] = "SELECT " GUICHE_POSTGRESQL_NOW_US;
  GuicheStatement *statement = guiche_db_prepare (self, sql, error);

  if (statement == NULL || !guiche_statement_next (statement, error))
    return FALSE;

  *out_now_us = guiche_statement_int (statement, 0);
  guiche_statement_reset (statement);
  return TRUE;
}
