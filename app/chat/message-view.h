/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chat/attachments.h"
#include "model/message-list.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheMessageView:
 *
 * The messages of a conversation: recycled rows over a paged model, kept at the latest message
 * while one is there, else where one reads.
 *
 * Signals: `reply` (GuicheMessage), `edit` (GuicheMessage): chosen in a message's menu;
 * `at-latest`: the latest message came into sight (what is there is read).
 */
#define GUICHE_TYPE_MESSAGE_VIEW (guiche_message_view_get_type ())
G_DECLARE_FINAL_TYPE (GuicheMessageView, guiche_message_view, GUICHE, MESSAGE_VIEW, GtkWidget)

GtkWidget *guiche_message_view_new (GuicheAttachments *attachments);
void guiche_message_view_set_attachments (GuicheMessageView *self, GuicheAttachments *attachments);
/* @messages (nullable): of GuicheMessage; shown at @start, G_MAXUINT: at the latest. */
void guiche_message_view_set_messages (GuicheMessageView *self, GListModel *messages, guint start);
void guiche_message_view_scroll_to (GuicheMessageView *self, guint position);
void guiche_message_view_scroll_to_latest (GuicheMessageView *self);
gboolean guiche_message_view_is_at_latest (GuicheMessageView *self);
/* Scrolls there and marks the message for a moment. */
void guiche_message_view_show_position (GuicheMessageView *self, guint position);
GtkAdjustment *guiche_message_view_get_adjustment (GuicheMessageView *self); /* (transfer none) */

G_END_DECLS
