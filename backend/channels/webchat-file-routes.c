/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "channels/rendition.h"
#include "channels/routes.h"
#include "desk/file-access.h"

#include <string.h>

#define FILE_BYTES_MAX (25 * 1024 * 1024)
#define RENDITION_BYTES_MAX (8 * 1024 * 1024)

static const GuicheField name_query[] = {
  { "name", GUICHE_TYPE_STRING, FALSE, 1, 255, "The file's name" },
  { NULL },
};

static const GuicheField format_query[] = {
  { "format", GUICHE_TYPE_STRING, FALSE, 1, 8, "`aac`: the form for browsers without Ogg/Opus" },
  { NULL },
};

static const GuicheField file_fields[] = {
  { "id", GUICHE_TYPE_ID, TRUE },
  { "type", GUICHE_TYPE_STRING, TRUE, .description = "Sniffed from the content" },
  { "size", GUICHE_TYPE_INTEGER, TRUE },
  { "sha256", GUICHE_TYPE_STRING, TRUE },
  { NULL },
};
static const GuicheSchema file_schema = { "FileReceived", file_fields, TRUE };

/* A received blob on its way to its row. */
typedef struct {
  GuicheFile file;
  GuicheId original; /* of a rendition, or none */
} Received;

static void
received_clear (Received *self)
{
  guiche_file_clear (&self->file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Received, received_clear)

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

/* (thread writer) */
static gboolean
run_insert (GuicheTx *tx, gpointer data, GError **error)
{
  Received *received = data;

  received->file.owner = guiche_tx_actor (tx)->id;
  if (!guiche_file_insert (tx, &received->file, error))
    return FALSE;
  return guiche_id_is_none (&received->original) ||
         guiche_rendition_set (tx, &received->original, &received->file, error);
}

static gboolean
receive (const GuicheRequest *request, Received *received, GuicheReply *reply, GError **error)
{
  const char *name = guiche_request_query (request, "name");

  if (!guiche_upload_finish (guiche_request_upload (request), name != NULL ? name : "arquivo",
                             guiche_request_header (request, "Content-Type"), &received->file,
                             error) ||
      !guiche_tenant_write_sync (guiche_request_tenant (request), guiche_request_actor (request),
                                 run_insert, received, error))
    return FALSE;
  reply_file (&received->file, reply);
  return TRUE;
}

/* (thread worker) */
static gboolean
handle_upload (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_auto (Received) received = { 0 };

  return receive (request, &received, reply, error);
}

/* (thread reader): refused before the blob is kept. */
static gboolean
run_check_original (GuicheTx *tx, gpointer data, GError **error)
{
  Received *received = data;

  return guiche_rendition_check (tx, &received->original, error);
}

/* (thread worker) */
static gboolean
handle_rendition (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_auto (Received) received = { 0 };

  return guiche_request_path_id (request, "id", &received.original, error) &&
         guiche_tenant_read_sync (guiche_request_tenant (request), guiche_request_actor (request),
                                  run_check_original, &received, error) &&
         receive (request, &received, reply, error);
}

static gboolean
handle_download (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  const char *format = guiche_request_query (request, "format");
  g_auto (GuicheFile) original = { 0 };
  g_auto (GuicheFile) file = { 0 };
  g_autofree char *path = NULL;
  GuicheId id;

  if (!guiche_request_path_id (request, "id", &id, error) ||
      !guiche_file_load_visible (tx, &id, &original, error))
    return FALSE;
  if (g_strcmp0 (format, "aac") == 0 && strcmp (original.type, GUICHE_RENDITION_TYPE) != 0 &&
      !guiche_rendition_find (tx, &original.id, &id, error))
    return FALSE;
  if (!guiche_file_load (tx, &id, &file, error))
    return FALSE;
  path = guiche_file_path (guiche_request_tenant (request), file.sha256);
  guiche_reply_set_file (reply, path, file.type, file.name);
  return TRUE;
}

static const GuicheRoute routes[] = {
  { "POST", "/api/v1/webchat/files", GUICHE_ROLE_VISITOR, GUICHE_RATE_UPLOAD, GUICHE_ROUTE_WORKER,
    name_query, NULL, &file_schema, handle_upload, "Send a file as the visitor (raw body)",
    FILE_BYTES_MAX },
  { "GET", "/api/v1/webchat/files/{id}", GUICHE_ROLE_VISITOR, GUICHE_RATE_READ, GUICHE_ROUTE_READ,
    format_query, NULL, NULL, handle_download, "A file of the visitor's conversation" },
  { "POST", "/api/v1/files/{id}/renditions", GUICHE_ROLE_AGENT, GUICHE_RATE_UPLOAD,
    GUICHE_ROUTE_WORKER, name_query, NULL, &file_schema, handle_rendition,
    "The same sound as AAC, for browsers without Ogg/Opus (raw body)", RENDITION_BYTES_MAX },
  { NULL },
};

const GuicheRoute *
guiche_webchat_file_routes (void)
{
  return routes;
}
