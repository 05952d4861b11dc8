/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chat/attachments.h"

G_BEGIN_DECLS

/**
 * GuicheFileCard:
 *
 * A file of a message: icon, name, size, progress while it is sent; opens, saves, can be dragged
 * out.
 */
#define GUICHE_TYPE_FILE_CARD (guiche_file_card_get_type ())
G_DECLARE_FINAL_TYPE (GuicheFileCard, guiche_file_card, GUICHE, FILE_CARD, GtkBox)

GtkWidget *guiche_file_card_new (GuicheAttachments *attachments);
void guiche_file_card_set (GuicheFileCard *self, GuicheAttachment *attachment);

G_END_DECLS
