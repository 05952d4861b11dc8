/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chat/message-view.h"

G_BEGIN_DECLS

/* For message-menu.c: the message whose menu is open, and the view's ways. */
GuicheMessage *guiche_message_view_get_menu_message (GuicheMessageView *self); /* (nullable) */
char *guiche_message_view_dup_menu_selection (GuicheMessageView *self);        /* (nullable) */
GuicheAttachments *guiche_message_view_get_attachments (GuicheMessageView *self);
void guiche_message_view_emit_reply (GuicheMessageView *self, GuicheMessage *message);
void guiche_message_view_emit_edit (GuicheMessageView *self, GuicheMessage *message);
gboolean guiche_message_view_show_seq (GuicheMessageView *self, gint64 seq);

G_END_DECLS
