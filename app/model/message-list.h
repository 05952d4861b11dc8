/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/conversation.h"

G_BEGIN_DECLS

/* One attachment: `file-id`, `name`, `media-type`, `size`, `duration-ms`, `waveform` (GBytes,
 * nullable), `local-path` (nullable), `progress` (0..1 while uploading). */
#define GUICHE_TYPE_ATTACHMENT (guiche_attachment_get_type ())
G_DECLARE_FINAL_TYPE (GuicheAttachment, guiche_attachment, GUICHE, ATTACHMENT, GObject)

/**
 * GuicheMessage:
 *
 * Properties: `id`, `client-id`, `conversation-id`, `seq` (0 while in the outbox), `kind` (text,
 * file, image, voice, note, system), `body`, `sender-kind`, `sender-id`, `sender-name`, `is-mine`,
 * `at`, `state` (uint: 0 in the outbox, 1 sent, 2 delivered, 3 read), `failure` (nullable code),
 * `can-undo`, `is-edited`, `is-deleted`, `quote-id`, `quote-seq`, `quote-sender`, `quote-body`,
 * `attachment` (GuicheAttachment, nullable), `starts-day` (bool: a day separator goes above),
 * `starts-group` (bool: another sender or five minutes later), `is-first-unread` (bool),
 * `is-loading` (bool: not in the cache, asked of the server; the other properties fill in).
 */
#define GUICHE_TYPE_MESSAGE (guiche_message_get_type ())
G_DECLARE_FINAL_TYPE (GuicheMessage, guiche_message, GUICHE, MESSAGE, GObject)

/**
 * GuicheMessageList:
 *
 * A GListModel of GuicheMessage for one conversation: its length is known at once, its items are
 * read from the cache in pages around what is shown and dropped again (100,000 messages cost what
 * is on the screen); pages that the cache lacks are asked of the server and fill in by themselves.
 * Outbox messages come last.
 */
#define GUICHE_TYPE_MESSAGE_LIST (guiche_message_list_get_type ())
G_DECLARE_FINAL_TYPE (GuicheMessageList, guiche_message_list, GUICHE, MESSAGE_LIST, GObject)

struct _GuicheDesk;
GuicheMessageList *guiche_message_list_new (struct _GuicheDesk *desk,
                                            GuicheConversation *conversation);
/* Positions for scrolling: of a seq; of the first message at or after a time; of the first unread;
 * GTK_INVALID_LIST_POSITION-like G_MAXUINT when none. */
guint guiche_message_list_find_seq (GuicheMessageList *self, gint64 seq);
guint guiche_message_list_find_time (GuicheMessageList *self, gint64 at_us);
guint guiche_message_list_find_first_unread (GuicheMessageList *self);

/* What a system message says (its body is a code such as `assigned:Maria`), translated. (transfer
 * full) */
char *guiche_system_text (const char *body, const char *sender_name);

G_END_DECLS
