/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/**
 * GuicheFile:
 *
 * A row of `files`: a name and type over a content-addressed blob
 * (`files/ab/abcdef…`, SHA-256). The type is sniffed from the content, never believed.
 */
typedef struct {
  GuicheId id;
  char *name;
  char *type;   /* sniffed media type */
  char *sha256; /* 64 hex digits */
  gint64 size;
  GuicheId owner; /* user or customer who sent it */
} GuicheFile;

void guiche_file_clear (GuicheFile *self);

/**
 * GuicheUpload:
 *
 * A blob being received: bytes go to a temporary file in the tenant's directory and are
 * hashed as they arrive; nothing is visible until finish. One thread at a time.
 */
typedef struct _GuicheUpload GuicheUpload;

GuicheUpload *guiche_upload_new (GuicheTenant *tenant, gint64 max_bytes, GError **error);
/* GUICHE_ERROR_TOO_LARGE, GUICHE_ERROR_STORAGE_FULL */
gboolean guiche_upload_write (GuicheUpload *self, const void *data, gsize length, GError **error);
/* Syncs and moves the blob into place. @declared_type (nullable) and the sniffed one must
 * agree in kind, and executables are refused (GUICHE_ERROR_UNSUPPORTED_TYPE). */
gboolean guiche_upload_finish (GuicheUpload *self,
                               const char *name,
                               const char *declared_type,
                               GuicheFile *out_file,
                               GError **error);
void guiche_upload_free (GuicheUpload *self); /* removes what was not finished */

/* What uploads that were never finished left, once it is certain that nobody goes on with them. */
void guiche_upload_tidy (GuicheTenant *tenant);

/* The row; the tenant's quota is checked here (GUICHE_ERROR_QUOTA_EXCEEDED). Sets file->id. */
gboolean guiche_file_insert (GuicheTx *tx, GuicheFile *file, GError **error);
gboolean guiche_file_load (GuicheTx *tx, const GuicheId *id, GuicheFile *out_file, GError **error);
/* Path of the blob, made from the hash alone. */
char *guiche_file_path (GuicheTenant *tenant, const char *sha256);
/* The media type by content: `image/png`, `image/jpeg`, `image/webp`, `image/gif`, `audio/ogg`,
 * `audio/mp4`, `audio/mpeg`, `audio/wav`, `video/mp4`, `application/pdf`, `application/zip`, office
 * types, `text/plain`, `application/octet-stream`; `application/x-executable` for ELF, PE, Mach-O,
 * scripts. */
const char *guiche_file_sniff (const guint8 *head, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheUpload, guiche_upload_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheFile, guiche_file_clear)

G_END_DECLS
