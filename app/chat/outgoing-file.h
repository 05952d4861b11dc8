/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The server takes no larger upload. */
#define GUICHE_OUTGOING_FILE_MAX_BYTES (25 * 1024 * 1024)

/**
 * GuicheOutgoingFile:
 *
 * A file on the way into a conversation: checked, with a name that is safe to show. `is_temporary`:
 * made here, removed after it was copied into the outbox.
 */
typedef struct {
  char *path;
  char *name;
  gboolean is_image, is_temporary;
} GuicheOutgoingFile;

void guiche_outgoing_file_free (GuicheOutgoingFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheOutgoingFile, guiche_outgoing_file_free)

/* Refuses folders, empty and too large files with a sentence for the person. Blocks for a stat. */
GuicheOutgoingFile *guiche_outgoing_file_new (GFile *file, GError **error);
/* Writes a pasted image as PNG. */
GuicheOutgoingFile *guiche_outgoing_file_new_for_texture (GdkTexture *texture, GError **error);

G_END_DECLS
