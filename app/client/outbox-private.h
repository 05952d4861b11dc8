/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/outbox.h"

G_BEGIN_DECLS

/* What the outbox's files say to each other: outbox.c (the queue), outbox-disk.c (outbox.db and the
 * folder), outbox-send.c (what travels). */

gboolean guiche_outbox_disk_add (GuicheLocal *local,
                                 GuicheOutboxEntry *entry,
                                 const char *path,
                                 GError **error);
GPtrArray *guiche_outbox_disk_list (GuicheLocal *local);
void guiche_outbox_disk_set_file_id (GuicheLocal *local, const GuicheOutboxEntry *entry);
void guiche_outbox_disk_set_failure (GuicheLocal *local, const GuicheOutboxEntry *entry);
void guiche_outbox_disk_remove (GuicheLocal *local,
                                const GuicheOutboxEntry *entry,
                                gboolean is_stored,
                                gboolean waits);

char *guiche_outbox_entry_to_json (const GuicheOutboxEntry *entry, gboolean is_op);
gboolean guiche_outbox_is_refusal (const GError *error);
void guiche_outbox_upload (GuicheOutbox *self, GuicheOutboxEntry *entry);
void guiche_outbox_post (GuicheOutbox *self, GuicheOutboxEntry *entry);

void guiche_outbox_take_file (GuicheOutbox *self, GuicheOutboxEntry *entry, const char *file_id);
void guiche_outbox_take_progress (GuicheOutbox *self, GuicheOutboxEntry *entry, double progress);
void guiche_outbox_take_answer (GuicheOutbox *self, GuicheOutboxEntry *entry, JsonObject *message);
void guiche_outbox_take_failure (GuicheOutbox *self, GuicheOutboxEntry *entry, const GError *error);
GuicheSession *guiche_outbox_get_session (GuicheOutbox *self);
GCancellable *guiche_outbox_get_cancellable (GuicheOutbox *self);

G_END_DECLS
