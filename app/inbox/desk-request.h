/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheDeskRequest:
 *
 * One asynchronous call to the desk made from a widget: its end becomes a toast of that widget's
 * window (the sentence of the error, or what was done with an Undo). Survives the widget. Pass it
 * as user data beside guiche_desk_request_done_cb(), which frees it.
 */
typedef struct _GuicheDeskRequest GuicheDeskRequest;

/* @done_text (nullable): what to say when it worked. */
GuicheDeskRequest *guiche_desk_request_new (GuicheDesk *desk,
                                            GtkWidget *widget,
                                            const char *done_text);
/* Offers to undo by reopening @conversation. */
void guiche_desk_request_set_undo_reopen (GuicheDeskRequest *self,
                                          GuicheConversation *conversation);
/* Offers to undo by joining the channel @conversation again. */
void guiche_desk_request_set_undo_join (GuicheDeskRequest *self, GuicheConversation *conversation);
/* Called with the id of what was made (nullable), before the toast. */
typedef void (*GuicheDeskRequestFunc) (const char *id, gpointer user_data);
void guiche_desk_request_set_done (GuicheDeskRequest *self,
                                   GuicheDeskRequestFunc func,
                                   GObject *object);
void guiche_desk_request_done_cb (GObject *desk, GAsyncResult *result, gpointer user_data);

G_END_DECLS
