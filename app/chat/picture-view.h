/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chat/attachments.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuichePictureView:
 *
 * An image of a message, at most 320×240 on the screen, loaded off the main thread. A press opens
 * it.
 */
#define GUICHE_TYPE_PICTURE_VIEW (guiche_picture_view_get_type ())
G_DECLARE_FINAL_TYPE (GuichePictureView, guiche_picture_view, GUICHE, PICTURE_VIEW, GtkWidget)

GtkWidget *guiche_picture_view_new (GuicheAttachments *attachments);
void guiche_picture_view_set (GuichePictureView *self, GuicheAttachment *attachment);

G_END_DECLS
