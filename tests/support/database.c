/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/database.h"

#include <libpq-fe.h>
#include <string.h>
#include <unistd.h>

static const char *
server_url (void)
{
  return g_getenv ("GUICHE_TEST_DATABASE");
}

gboolean
guiche_test_is_on_postgresql (void)
{
  return server_url () != NULL;
}

static void
drop_notice (void *data, const PGresult *result)
{
}

void
guiche_test_database_run (const char *url, const char *sql)
{
  PGconn *connection = PQconnectdb (url);
  PGresult *result;
  ExecStatusType status;

  PQsetNoticeReceiver (connection, drop_notice, NULL);
  result = PQexec (connection, sql);
  status = PQresultStatus (result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    g_error ("%s: %s", sql, PQerrorMessage (connection));
  PQclear (result);
  PQfinish (connection);
}

char *
guiche_test_database_new (void)
{
  static int n_databases;
  const char *server = server_url ();
  g_autofree char *name = NULL;
  g_autofree char *create = NULL;

  if (server == NULL)
    return NULL;

  name = g_strdup_printf ("test_%d_%d", (int) getpid (), g_atomic_int_add (&n_databases, 1));
  create = g_strconcat ("CREATE DATABASE ", name, NULL);
  guiche_test_database_run (server, create);
  return g_strdup_printf ("%.*s%s", (int) (strrchr (server, '/') + 1 - server), server, name);
}

void
guiche_test_database_free (char *url)
{
  g_autofree char *drop = NULL;

  if (url == NULL)
    return;

  drop = g_strconcat ("DROP DATABASE ", strrchr (url, '/') + 1, " WITH (FORCE)", NULL);
  guiche_test_database_run (server_url (), drop);
  g_free (url);
}
