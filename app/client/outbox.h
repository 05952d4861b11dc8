/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/local.h"
#include "client/session.h"
#include "client/sync.h"

G_BEGIN_DECLS

/**
 * GuicheOutbox:
 *
 * Delivers messages: each conversation's in order, each once. A message is on the disk before it
 * is shown; its file goes first; then it is sent over the live stream, or as a request while the
 * stream is replaying. It leaves the outbox when the server's copy is in the cache. A process
 * that ends at any step begins that step again; the client id makes a repetition harmless. Main
 * thread.
 *
 * Signals: `changed` (pointer to GuicheOutboxEntry): progress, failure, no longer to be taken back;
 * `removed` (pointer to GuicheOutboxEntry).
 */
#define GUICHE_TYPE_OUTBOX (guiche_outbox_get_type ())
G_DECLARE_FINAL_TYPE (GuicheOutbox, guiche_outbox, GUICHE, OUTBOX, GObject)

GuicheOutbox *guiche_outbox_new (GuicheLocal *local, GuicheSession *session, GuicheSync *sync);
/* Takes @entry; waits until it is on the disk. With @path (nullable), that file is copied first. */
gboolean guiche_outbox_add (GuicheOutbox *self,
                            GuicheOutboxEntry *entry,
                            const char *path,
                            GError **error);
/* FALSE: it is on its way. */
gboolean guiche_outbox_undo (GuicheOutbox *self, const char *client_id);
void guiche_outbox_retry (GuicheOutbox *self, const char *client_id);
void guiche_outbox_discard (GuicheOutbox *self, const char *client_id);
/* The server's copy is in the cache. */
void guiche_outbox_stored (GuicheOutbox *self, const char *client_id);
/* The file of an entry, to be moved where downloaded files are. (nullable) (transfer full) */
char *guiche_outbox_dup_file_path (GuicheOutbox *self, const GuicheOutboxEntry *entry);
GPtrArray *guiche_outbox_get_entries (
    GuicheOutbox *self); /* (transfer none) (element-type GuicheOutboxEntry): in order */
GuicheOutboxEntry *guiche_outbox_find (GuicheOutbox *self, const char *client_id); /* (nullable) */
/* Something changed that may let messages go. */
void guiche_outbox_pump (GuicheOutbox *self);

G_END_DECLS
