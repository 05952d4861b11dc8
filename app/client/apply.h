/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/changes.h"
#include "client/stores.h"

G_BEGIN_DECLS

/**
 * GuicheApply:
 *
 * Applies what the server says to the cache, inside one transaction of its connection. On the
 * writer's thread. It remembers who is looking, because an event may take something away.
 */
typedef struct {
  GuicheDatabase *db;
  GuicheChanges *changes; /* of this transaction */
  gint64 seq;             /* of the last event applied */
  gint64 doc;             /* of the last text stored */
  GuicheId me;
} GuicheApply;

/* Reads where the cache stands. */
void guiche_apply_begin (GuicheApply *self, GuicheDatabase *db, GuicheChanges *changes);
/* Notes where it stands now. */
gboolean guiche_apply_end (GuicheApply *self, GError **error);

/* One event as the stream brought it. One that was applied before is passed over. A kind that
 * this version does not know, or one that does not decode, is noted and passed over. */
gboolean guiche_apply_event (GuicheApply *self, JsonObject *event, GError **error);
/* @is_fresh: everything known is replaced and the cache stands at the snapshot's seq; otherwise
 * (after a change of access) what it holds is added. */
gboolean guiche_apply_snapshot (GuicheApply *self,
                                JsonObject *snapshot,
                                gboolean is_fresh,
                                GError **error);
/* A message without an event: the answer to sending, or a page of history (@is_own FALSE). */
gboolean guiche_apply_message (GuicheApply *self,
                               JsonObject *message,
                               gboolean is_own,
                               GError **error);
gboolean guiche_apply_conversation (GuicheApply *self, JsonObject *conversation, GError **error);
gboolean guiche_apply_customer (GuicheApply *self, JsonObject *customer, GError **error);

/* apply-access.c: drops what the user may no longer see. */
gboolean guiche_apply_access (GuicheApply *self, const GuicheAccessRecord *access, GError **error);
gboolean guiche_apply_moved (GuicheApply *self, const GuicheMovedRecord *moved, GError **error);

G_END_DECLS
