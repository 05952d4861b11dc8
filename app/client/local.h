/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/database.h"
#include "client/rows.h"
#include "client/worker.h"

G_BEGIN_DECLS

/**
 * GuicheLocal:
 *
 * What only this computer knows until the server has it: messages to be sent, drafts, read marks.
 * They live in `outbox.db` with synchronous FULL (a commit survives a power cut, which NORMAL does
 * not promise), apart from the cache, which can be thrown away. One connection on one worker
 * thread.
 */
typedef struct _GuicheLocal GuicheLocal;

GuicheLocal *guiche_local_open (const char *directory, GError **error);
void guiche_local_close (GuicheLocal *self);
const char *guiche_local_get_folder (GuicheLocal *self);   /* of files to be sent */
GuicheDatabase *guiche_local_database (GuicheLocal *self); /* (thread worker) */
GuicheWorker *guiche_local_worker (GuicheLocal *self);

/**
 * GuicheOutboxEntry:
 *
 * A message on its way. @row is what the list shows; its client_id is its name.
 */
typedef struct {
  GuicheMessageRow *row;
  gint64 position;
  gint64 send_at;     /* 0: now; else the server holds it */
  gint64 not_before;  /* until then it can be taken back */
  char *file;         /* (nullable): its name in the outbox's folder */
  char *failure;      /* (nullable): the code with which the server refused it */
  char *failure_text; /* (nullable) */
  /* while running */
  gboolean is_busy, is_on_stream, is_storing;
  gint64 retry_at; /* monotonic */
  guint attempts;
  double progress;
} GuicheOutboxEntry;

void guiche_outbox_entry_free (GuicheOutboxEntry *self);

/* outbox-store.c; (thread worker) */
gboolean guiche_outbox_store_add (GuicheDatabase *db, GuicheOutboxEntry *entry, GError **error);
gboolean guiche_outbox_store_set_file_id (GuicheDatabase *db,
                                          const char *client_id,
                                          const char *file_id,
                                          GError **error);
/* @failure NULL: to be tried again, after everything else. */
gboolean guiche_outbox_store_set_failure (GuicheDatabase *db,
                                          const char *client_id,
                                          const char *failure,
                                          const char *text,
                                          GError **error);
gboolean guiche_outbox_store_remove (GuicheDatabase *db, const char *client_id, GError **error);
GPtrArray *guiche_outbox_store_list (GuicheDatabase *db);
/* A draft; @body NULL forgets the row. */
gboolean guiche_local_draft_store_put (GuicheDatabase *db,
                                       const char *conversation_id,
                                       const char *body,
                                       gboolean is_dirty,
                                       GError **error);
/* (transfer full): conversation, body, "1" or "0", … */
GPtrArray *guiche_local_draft_store_list (GuicheDatabase *db);
gboolean guiche_local_mark_store_put (GuicheDatabase *db,
                                      const char *conversation_id,
                                      gint64 seq,
                                      GError **error);
/* Forgets a mark that is at most @seq. */
gboolean guiche_local_mark_store_drop (GuicheDatabase *db,
                                       const char *conversation_id,
                                       gint64 seq,
                                       GError **error);
GHashTable *guiche_local_mark_store_list (GuicheDatabase *db); /* (element-type utf8 gint64) */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheLocal, guiche_local_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheOutboxEntry, guiche_outbox_entry_free)

G_END_DECLS
