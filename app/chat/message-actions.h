/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chat/message-view.h"

G_BEGIN_DECLS

/* Installs the actions `message.*` on the class of message views: reply, copy, edit, delete, open,
 * save, retry, discard, links. They act on the message whose menu was opened last. */
void guiche_message_actions_install (GtkWidgetClass *widget_class);
/* Enables what makes sense for the message whose menu opens. */
void guiche_message_actions_update (GuicheMessageView *view);

G_END_DECLS
