/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "http/server.h"
#include "store/catch-up.h"
#include "store/files.h"

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A server with a few routes of every kind, for the tests that attack it from outside and for
 * measuring: `http-test-server DIRECTORY`. Prints one line: port, agent's token, visitor's token.
 */

static GuicheServer *server;
static gint has_ended; /* atomic: the agent's session */
static GuicheTenant *tenant;

static gboolean
write_message (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  JsonObject *body = guiche_request_body (request);
  GuicheJsonWriter *writer = guiche_reply_json (reply);
  const char *text = "";
  GuicheId id = guiche_tx_new_id (tx);
  GuicheStatement *statement =
      guiche_tx_prepare (tx, "INSERT INTO notes (id, at, body) VALUES ($1, $2, $3)", error);

  if (statement == NULL || !guiche_json_get_string (body, "body", TRUE, &text, error))
    return FALSE;
  guiche_statement_bind_id (statement, 1, &id);
  guiche_statement_bind_int (statement, 2, guiche_tx_now_us (tx));
  guiche_statement_bind_text (statement, 3, text);
  if (!guiche_statement_run (statement, NULL, error))
    return FALSE;
  guiche_reply_set_status (reply, 201);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &id);
  guiche_json_writer_member_string (writer, "body", text);
  guiche_json_writer_member_int (writer, "at", guiche_tx_now_us (tx));
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static gboolean
fail_inside (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "a secret of the inside");
  return FALSE;
}

static gboolean
describe (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheJsonWriter *writer = guiche_reply_json (reply);
  const GuicheActor *actor = guiche_request_actor (request);
  GuicheId id;

  if (!guiche_request_path_id (request, "id", &id, error))
    return FALSE;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &id);
  guiche_json_writer_member_string (writer, "role", guiche_role_name (actor->role));
  guiche_json_writer_member_string (writer, "address", actor->address);
  guiche_json_writer_member_int (writer, "limit", guiche_request_query_int (request, "limit", 50));
  guiche_json_writer_member_string (writer, "q", guiche_request_query (request, "q"));
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static gboolean
say_ring (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheJsonWriter *writer = guiche_reply_json (reply);

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_bool (writer, "ok", TRUE);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

/* Blocks for `ms`: a slow password, a slow disk. */
static gboolean
work_slowly (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_usleep (guiche_request_query_int (request, "ms", 100) * 1000);
  return say_ring (tx, request, reply, error);
}

static gboolean
send_large (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  const char *path = guiche_request_context (request);

  guiche_reply_set_file (reply, path, "audio/ogg", "nota de voz.ogg");
  return TRUE;
}

static gboolean
insert_file (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_file_insert (tx, data, error);
}

static gboolean
take_upload (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_auto (GuicheFile) file = { 0 };
  GuicheJsonWriter *writer;

  if (!guiche_upload_finish (guiche_request_upload (request),
                             guiche_request_query (request, "name"),
                             guiche_request_header (request, "Content-Type"), &file, error) ||
      !guiche_tenant_write_sync (guiche_request_tenant (request), guiche_request_actor (request),
                                 insert_file, &file, error))
    return FALSE;
  writer = guiche_reply_json (reply);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "sha256", file.sha256);
  guiche_json_writer_member_string (writer, "type", file.type);
  guiche_json_writer_member_int (writer, "size", file.size);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

/* Signs the caller out. */
static gboolean
end_session (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_atomic_int_set (&has_ended, 1);
  guiche_server_end_session (server, guiche_request_tenant (request),
                             &guiche_request_actor (request)->session_id);
  return TRUE;
}

/* The same as domains do it: an event that commits with the revocation. */
static gboolean
change_access (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_atomic_int_set (&has_ended, 1);
  return guiche_tx_emit (tx, "access.changed", "*", &guiche_tx_actor (tx)->id, "{}", 2, error);
}

static const GuicheField message_fields[] = {
  { "body", GUICHE_TYPE_TEXT, TRUE, 1, 4000, "The text" },
  { "client_id", GUICHE_TYPE_ID, FALSE, .description = "Made by the sender" },
  { NULL },
};
static const GuicheSchema message_schema = { "TestMessage", message_fields };
static const GuicheField thing_query[] = {
  { "limit", GUICHE_TYPE_INTEGER, FALSE, 1, 200, "How many" },
  { "q", GUICHE_TYPE_STRING, FALSE, 0, 20, "What" },
  { "token", GUICHE_TYPE_STRING, FALSE },
  { NULL },
};
static const GuicheField upload_query[] = { { "name", GUICHE_TYPE_STRING, TRUE, 1, 200 },
                                            { NULL } };
static const GuicheField slow_query[] = { { "ms", GUICHE_TYPE_INTEGER, FALSE, 0, 10000 },
                                          { NULL } };

#define ROW(method, path, role, rate, mode)                                                        \
  method, "/api/v1/" path, GUICHE_ROLE_##role, GUICHE_RATE_##rate, GUICHE_ROUTE_##mode
static const GuicheRoute routes[] = {
  { ROW ("POST", "test/messages", AGENT, WRITE, WRITE), NULL, &message_schema, NULL, write_message,
    "Write" },
  { ROW ("GET", "test/things/{id}", AGENT, READ, READ), thing_query, NULL, NULL, describe, "Read" },
  { ROW ("GET", "test/admin/{id}", ADMIN, READ, READ), thing_query, NULL, NULL, describe,
    "For admins" },
  { ROW ("GET", "webchat/test/{id}", VISITOR, READ, READ), thing_query, NULL, NULL, describe,
    "For visitors" },
  { ROW ("POST", "test/failure", AGENT, WRITE, WRITE), NULL, NULL, NULL, fail_inside, "Fails" },
  { ROW ("GET", "test/slow", AGENT, READ, WORKER), slow_query, NULL, NULL, work_slowly, "Blocks" },
  { ROW ("GET", "test/sign-in", NONE, SIGN_IN, WORKER), slow_query, NULL, NULL, work_slowly,
    "Hashes" },
  { ROW ("POST", "test/ring", NONE, NONE, RING), NULL, &message_schema, NULL, say_ring, "At once" },
  { ROW ("POST", "test/visits", NONE, VISITOR, WORKER), slow_query, &message_schema, NULL,
    work_slowly, "Opens a visit" },
  { ROW ("POST", "test/files", AGENT, UPLOAD, WORKER), upload_query, NULL, NULL, take_upload,
    "Uploads", 64 << 20 },
  { ROW ("POST", "test/access", AGENT, WRITE, WRITE), NULL, NULL, NULL, change_access,
    "Ends the session" },
  { ROW ("POST", "test/sign-out", AGENT, WRITE, WORKER), NULL, NULL, NULL, end_session,
    "Signs out" },
  { NULL },
};
static const GuicheRoute large_routes[] = {
  { ROW ("GET", "test/large", NONE, READ, WORKER), NULL, NULL, NULL, send_large, "A large file" },
  { ROW ("GET", "test/large/{tenant}", NONE, READ, READ), NULL, NULL, NULL, send_large,
    "A large file" },
  { NULL },
};

static GuicheViewer *
load_viewer (GuicheTx *tx,
             GuicheRole role,
             const GuicheId *subject,
             const GuicheId *conversation_id,
             GError **error)
{
  return guiche_viewer_new (role, subject, conversation_id, NULL, NULL, 0);
}

static char *
conversation_audience (GuicheTx *tx, const GuicheId *conversation_id, GError **error)
{
  return g_strdup ("*");
}

static gboolean
session_is_valid (GuicheTx *tx, const GuicheId *session_id, GError **error)
{
  return !g_atomic_int_get (&has_ended);
}

static gboolean
make_table (GuicheTx *tx, gpointer data, GError **error)
{
  static const char *const sql[] = {
    "CREATE TABLE IF NOT EXISTS notes (id BLOB PRIMARY KEY, at INTEGER NOT NULL, "
    "body TEXT NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS notes (id BYTEA PRIMARY KEY, at BIGINT NOT NULL, "
    "body TEXT NOT NULL)",
  };
  GuicheStore *store = data;
  GuicheStatement *statement = guiche_tx_prepare (tx, sql[guiche_store_is_shared (store)], error);

  return statement != NULL && guiche_statement_run (statement, NULL, error);
}

static char *
make_token (GuicheRole role)
{
  g_autoptr (GuicheIdSource) ids =
                 guiche_id_source_new (guiche_store_clock (guiche_tenant_store (tenant)), 0);
  GuicheTokenClaims claims = {
    .tenant = guiche_tenant_key (tenant),
    .role = role,
    .subject = guiche_id_source_next (ids),
    .session_id = guiche_id_source_next (ids),
    .expires_at_us = g_get_real_time () + G_TIME_SPAN_HOUR,
  };
  if (role == GUICHE_ROLE_VISITOR)
    claims.conversation_id = guiche_id_source_next (ids);
  return guiche_server_sign_token (server, &claims);
}

static void
on_stopped (gpointer user_data)
{
  g_main_loop_quit (user_data);
}

static gboolean
on_signal (gpointer user_data)
{
  guiche_server_shutdown (server, on_stopped, user_data);
  return G_SOURCE_REMOVE;
}

static GuicheStore *
open_store (const char *directory, GuicheSettings *settings)
{
  g_autoptr (GError) error = NULL;
  GuicheStore *store = guiche_store_open (directory, settings, NULL, &error);
  GuicheActor nobody = { 0 };

  if (store == NULL)
    g_error ("%s", error->message);
  tenant = guiche_store_find_tenant (store, "test");
  if (tenant == NULL)
    tenant = guiche_store_create_tenant (store, "test", "Test", &error);
  if (tenant == NULL || !guiche_tenant_write_sync (tenant, &nobody, make_table, store, &error))
    g_error ("%s", error->message);
  return store;
}

int
main (int argc, char **argv)
{
  static const GuicheServerHooks hooks = { load_viewer, conversation_audience, session_is_valid };
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_auto (GStrv) environment = g_get_environ ();
  g_autofree char *large = g_build_filename (argv[1], "large.ogg", NULL);

  if (argc != 2)
    return 2;
  g_autoptr (GuicheSettings) settings = guiche_settings_load (NULL, environment, &error);
  if (settings == NULL)
    g_error ("%s", error->message);
  GuicheStore *store = open_store (argv[1], settings);
  server = guiche_server_new (store, settings, &hooks);
  guiche_server_add_routes (server, routes, NULL);
  guiche_server_add_routes (server, large_routes, large);
  if (!guiche_server_listen (server, &error)) {
    fprintf (stderr, "%s\n", error->message);
    return 1;
  }
  g_autofree char *agent = make_token (GUICHE_ROLE_AGENT);
  g_autofree char *visitor = make_token (GUICHE_ROLE_VISITOR);
  printf ("%u %s %s\n", guiche_server_port (server), agent, visitor);
  fflush (stdout);
  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_main_loop_run (loop);
  guiche_server_free (server);
  guiche_store_close (store);
  return 0;
}
