/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/postgresql-watch.h"

#include "store/postgresql-time.h"

char *
guiche_postgresql_watch_sql (GPtrArray *tenants, guint first, guint n)
{
  GString *sql = g_string_new (NULL);

  for (guint i = first; i < first + n; i++) {
    const GuicheTenant *tenant = tenants->pdata[i];
    const char *schema = tenant->location->schema;

    g_string_append_printf (
        sql,
        "%sSELECT CAST(%u AS BIGINT), (SELECT COALESCE(MAX(seq), 0) FROM \"%s\".events), "
        "(SELECT COALESCE(MIN(due_at), %" G_GINT64_FORMAT ") FROM \"%s\".jobs "
        "WHERE state = 'waiting'), EXISTS (SELECT 1 FROM \"%s\".jobs WHERE state = 'running' "
        "AND lease_until < " GUICHE_POSTGRESQL_NOW_US ")",
        i == first ? "" : " UNION ALL ", i, schema, GUICHE_NO_JOB, schema, schema);
  }
  return g_string_free (sql, FALSE);
}
