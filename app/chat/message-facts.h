/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/message-list.h"

G_BEGIN_DECLS

/**
 * GuicheMessageFacts:
 *
 * What a row shows of a message, read from its properties at once.
 */
typedef struct {
  char *id, *client_id, *kind, *body, *sender_kind, *sender_name, *failure;
  char *quote_sender, *quote_body;
  gint64 seq, at, quote_seq;
  guint state;
  gboolean is_mine, can_undo, is_edited, is_deleted, is_loading;
  gboolean starts_day, starts_group, is_first_unread;
  GuicheAttachment *attachment; /* (owned) (nullable) */
} GuicheMessageFacts;

void guiche_message_facts_read (GuicheMessageFacts *facts, GuicheMessage *message);
void guiche_message_facts_clear (GuicheMessageFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheMessageFacts, guiche_message_facts_clear)

gboolean guiche_message_facts_is (const GuicheMessageFacts *facts, const char *kind);

G_END_DECLS
