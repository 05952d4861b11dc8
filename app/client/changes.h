/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/id.h"

G_BEGIN_DECLS

/* Which messages of one conversation a transaction touched. */
typedef struct {
  gint64 first, last;
} GuicheSeqRange;

/* One message that an event brought, or one of ours that the server has stored. */
typedef struct {
  char *conversation_id;
  char *client_id; /* (nullable) */
  gint64 seq, at;
  gboolean is_mine, mentions_me;
} GuicheFreshMessage;

/**
 * GuicheChanges:
 *
 * What one transaction changed in the cache: names, not contents. The models read anew what they
 * show. Made on the writer's thread, handed to the main thread.
 */
typedef struct {
  gint64 seq;             /* everything up to this event is in the cache */
  gboolean is_everything; /* the cache was replaced */
  gboolean has_access;    /* what one may see changed: a snapshot is needed for what is new */
  gboolean has_people, has_queues, has_canned_replies, has_scheduled;
  GHashTable *conversations; /* (element-type utf8): changed, made or dropped */
  GHashTable *customers;     /* (element-type utf8) */
  GHashTable *drafts;        /* (element-type utf8): conversations */
  GHashTable *messages;      /* (element-type utf8 GuicheSeqRange) */
  GHashTable *waiting;       /* (element-type utf8): conversations whose state became waiting */
  GPtrArray *fresh;          /* (element-type GuicheFreshMessage): the newest, at most 256 */
  GPtrArray *own; /* (element-type GuicheFreshMessage): client ids that the server has stored */
} GuicheChanges;

GuicheChanges *guiche_changes_new (void);
void guiche_changes_free (GuicheChanges *self);
void guiche_changes_add (GHashTable *set, const GuicheId *id);
void guiche_changes_add_message (GuicheChanges *self, const GuicheId *conversation_id, gint64 seq);
void guiche_fresh_message_free (GuicheFreshMessage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheChanges, guiche_changes_free)

G_END_DECLS
