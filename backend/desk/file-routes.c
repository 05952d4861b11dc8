/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/file-access.h"
#include "desk/routes.h"

#define FILE_BYTES_MAX (25 * 1024 * 1024)

static const GuicheField name_query[] = {
  { "name", GUICHE_TYPE_STRING, FALSE, 1, 255, "The file's name" },
  { NULL },
};

static const GuicheField file_fields[] = {
  { "id", GUICHE_TYPE_ID, TRUE },
  { "name", GUICHE_TYPE_STRING, TRUE },
  { "type", GUICHE_TYPE_STRING, TRUE, .description = "Sniffed from the content" },
  { "size", GUICHE_TYPE_INTEGER, TRUE },
  { "sha256", GUICHE_TYPE_STRING, TRUE },
  { NULL },
};
static const GuicheSchema file_schema = { "File", file_fields, TRUE };

/* (thread writer) */
static gboolean
run_insert (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheFile *file = data;

  file->owner = guiche_tx_actor (tx)->id;
  return guiche_file_insert (tx, file, error);
}

static void
reply_file (const GuicheFile *file, GuicheReply *reply)
{
  GuicheJsonWriter *writer = guiche_reply_json (reply);

  guiche_reply_set_status (reply, 201);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &file->id);
  guiche_json_writer_member_string (writer, "name", file->name);
  guiche_json_writer_member_string (writer, "type", file->type);
  guiche_json_writer_member_int (writer, "size", file->size);
  guiche_json_writer_member_string (writer, "sha256", file->sha256);
  guiche_json_writer_end_object (writer);
}

/* (thread worker) */
static gboolean
handle_upload (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  const char *name = guiche_request_query (request, "name");
  g_auto (GuicheFile) file = { 0 };

  if (!guiche_upload_finish (guiche_request_upload (request), name != NULL ? name : "arquivo",
                             guiche_request_header (request, "Content-Type"), &file, error) ||
      !guiche_tenant_write_sync (guiche_request_tenant (request), guiche_request_actor (request),
                                 run_insert, &file, error))
    return FALSE;
  reply_file (&file, reply);
  return TRUE;
}

static gboolean
handle_download (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_auto (GuicheFile) file = { 0 };
  g_autofree char *path = NULL;
  GuicheId id;

  if (!guiche_request_path_id (request, "id", &id, error) ||
      !guiche_file_load_visible (tx, &id, &file, error))
    return FALSE;
  path = guiche_file_path (guiche_request_tenant (request), file.sha256);
  guiche_reply_set_file (reply, path, file.type, file.name);
  return TRUE;
}

static const GuicheRoute routes[] = {
  { "POST", "/api/v1/files", GUICHE_ROLE_AGENT, GUICHE_RATE_UPLOAD, GUICHE_ROUTE_WORKER, name_query,
    NULL, &file_schema, handle_upload, "Send a file (raw body); a message then names it",
    FILE_BYTES_MAX },
  { "GET", "/api/v1/files/{id}", GUICHE_ROLE_AGENT, GUICHE_RATE_READ, GUICHE_ROUTE_READ, NULL, NULL,
    NULL, handle_download, "A file of a conversation one may see; one Range is answered" },
  { NULL },
};

const GuicheRoute *
guiche_file_routes (void)
{
  return routes;
}
