/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chat/message-footer.h"
#include "chat/message-row.h"
#include "chat/message-text-view.h"

G_BEGIN_DECLS

/* Shared by message-row.c (the object, its layout) and message-parts.c (what a message looks like).
 */
struct _GuicheMessageRow {
  GtkWidget parent_instance;
  GuicheAttachments *attachments; /* (owned) */
  GuicheMessage *message;         /* (owned) (nullable) */
  gulong notify_handler;
  guint refresh_id;
  GPtrArray *links; /* (owned) (nullable) */
  gboolean is_mine, is_system, starts_group, shows_all;
  GtkWidget *line; /* (nullable): day or unread */
  GtkWidget *bubble;
  GtkWidget *sender;  /* (nullable) */
  GtkWidget *quote;   /* (nullable) */
  GtkWidget *content; /* (nullable): voice note, file or picture */
  GuicheMessageTextView *body;
  GtkWidget *more; /* (nullable): show all */
  GuicheMessageFooter *footer;
  GtkWidget *retry; /* (nullable) */
};

/* Shows the row's message as it is now. */
void guiche_message_row_refresh (GuicheMessageRow *self);

G_END_DECLS
