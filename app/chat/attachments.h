/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "audio/player.h"
#include "model/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheAttachments:
 *
 * What is done with the files of messages: fetched once, played, shown as bounded images, saved,
 * opened. Signal: `failed` (GError): for a toast.
 */
#define GUICHE_TYPE_ATTACHMENTS (guiche_attachments_get_type ())
G_DECLARE_FINAL_TYPE (GuicheAttachments, guiche_attachments, GUICHE, ATTACHMENTS, GObject)

GuicheAttachments *guiche_attachments_new (GuicheDesk *desk, GuichePlayer *player);
GuicheDesk *guiche_attachments_get_desk (GuicheAttachments *self);
GuichePlayer *guiche_attachments_get_player (GuicheAttachments *self);

/* A local copy of the file. */
void guiche_attachments_fetch_async (GuicheAttachments *self,
                                     GuicheAttachment *attachment,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
char *guiche_attachments_fetch_finish (GuicheAttachments *self,
                                       GAsyncResult *result,
                                       GError **error);

/* A picture of it, decoded on a thread at no more than 640×480; only PNG, JPEG, WebP and GIF of at
 * most 50 megapixels are looked at. */
void guiche_attachments_load_texture_async (GuicheAttachments *self,
                                            GuicheAttachment *attachment,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
GdkTexture *guiche_attachments_load_texture_finish (GuicheAttachments *self,
                                                    GAsyncResult *result,
                                                    GError **error);
/* (nullable) (transfer full): when it was loaded lately. */
GdkTexture *guiche_attachments_peek_texture (GuicheAttachments *self, GuicheAttachment *attachment);

void guiche_attachments_play (GuicheAttachments *self,
                              const char *key,
                              GuicheAttachment *attachment,
                              gint64 start_ms);
void guiche_attachments_save_as (GuicheAttachments *self,
                                 GuicheAttachment *attachment,
                                 GtkWidget *parent);
/* With the person's own program; programs and scripts are only saved, never started. */
void guiche_attachments_open (GuicheAttachments *self,
                              GuicheAttachment *attachment,
                              GtkWidget *parent);

G_END_DECLS
