/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chat/message-row.h"
#include "chat/message-view.h"

G_BEGIN_DECLS

/* Shared by message-view.c (the list and its scrolling), message-menu.c (links and a message's
 * menu) and message-actions.c (what the menu does). */
struct _GuicheMessageView {
  GtkWidget parent_instance;
  GtkWidget *overlay;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  GtkWidget *latest_button;
  GtkLabel *latest_count;
  GMenuModel *message_menu;
  GuicheAttachments *attachments; /* (owned) (nullable) */
  GListModel *messages;           /* (owned) (nullable) */
  GuicheMessage *menu_message;    /* (owned) (nullable) */
  GuicheMessageRow *menu_row;     /* (nullable) (weak) */
  char *menu_link;                /* (nullable) */
  GtkWidget *popover;             /* (nullable) */
  GHashTable *rows;               /* (owned) (element-type GuicheMessageRow): those bound */
  gulong items_handler;
  guint n_new;  /* arrived below what is seen */
  guint target; /* where it is settling, G_MAXUINT: nowhere */
  guint n_frames_left;
  guint tick_id;
  guint highlight_id;
  guint highlighted; /* position, G_MAXUINT: none */
  gboolean sticks;   /* to the latest message */
};

void guiche_message_view_emit_reply (GuicheMessageView *self, GuicheMessage *message);
void guiche_message_view_emit_edit (GuicheMessageView *self, GuicheMessage *message);
gboolean guiche_message_view_show_seq (GuicheMessageView *self, gint64 seq);

G_END_DECLS
