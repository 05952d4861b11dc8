/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chat/attachments.h"
#include "model/message-list.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheMessageRow:
 *
 * One row of a conversation, recycled for whatever message scrolls in: a bubble of the other side,
 * of one's own, a private note or a system line, under a day or unread line where one begins. Parts
 * that most messages lack are made when first needed.
 */
#define GUICHE_TYPE_MESSAGE_ROW (guiche_message_row_get_type ())
G_DECLARE_FINAL_TYPE (GuicheMessageRow, guiche_message_row, GUICHE, MESSAGE_ROW, GtkWidget)

GtkWidget *guiche_message_row_new (GuicheAttachments *attachments);
void guiche_message_row_set_message (GuicheMessageRow *self,
                                     GuicheMessage *message);           /* (nullable) */
GuicheMessage *guiche_message_row_get_message (GuicheMessageRow *self); /* (nullable) */
/* Marks the row that was jumped to. */
void guiche_message_row_set_highlighted (GuicheMessageRow *self, gboolean is_highlighted);
/* (nullable) (transfer full): the address under a point of the row. */
char *guiche_message_row_link_at (GuicheMessageRow *self, double x, double y);
/* (nullable) (transfer full): what is selected of the text. */
char *guiche_message_row_dup_selection (GuicheMessageRow *self);

G_END_DECLS
