/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

G_BEGIN_DECLS

/**
 * GuicheNotifier:
 *
 * Tells the agent what happened while they look elsewhere: a new conversation in a queue of theirs,
 * a message, a mention, a failure to send; one notification per conversation, withdrawn when it is
 * read here or elsewhere.
 *
 * What the person presses arrives as actions of the application, which the shell provides:
 * `app.open-conversation` ("s": conversation id), `app.reply-to-conversation` ("s", opens it with
 * the composer focused). Accepting and inline replies are done through the desk.
 */
#define GUICHE_TYPE_NOTIFIER (guiche_notifier_get_type ())
G_DECLARE_FINAL_TYPE (GuicheNotifier, guiche_notifier, GUICHE, NOTIFIER, GObject)

GuicheNotifier *guiche_notifier_new (GApplication *application, GuicheDesk *desk);
/* The conversation shown in a focused window, whose messages need no notification; null when no
 * window has the focus. */
void guiche_notifier_set_focused (GuicheNotifier *self, GuicheConversation *conversation);

G_END_DECLS
