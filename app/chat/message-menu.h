/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chat/message-view.h"

G_BEGIN_DECLS

/* The pointer's and the keyboard's ways to a message's menu and to the links in its text. */
void guiche_message_menu_add_controllers (GuicheMessageView *self);
/* The keys that open the menu of the message with the focus. */
void guiche_message_menu_add_bindings (GtkWidgetClass *widget_class);

G_END_DECLS
