/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "base/json.h"

G_BEGIN_DECLS

/**
 * GuicheQueueRecord:
 *
 * A subject that customers choose and agents serve.
 */
typedef struct {
  GuicheId id;
  char *key;
  char *name;
  gint64 priority; /* 0 highest … 9 */
  gint64 position;
  GuicheId *members; /* (array length=n_members): users */
  gsize n_members;
} GuicheQueueRecord;

void guiche_queue_record_clear (GuicheQueueRecord *self);
void guiche_queue_record_free (GuicheQueueRecord *self);
void guiche_queue_record_to_json (const GuicheQueueRecord *self, GuicheJsonWriter *writer);
gboolean guiche_queue_record_from_json (JsonObject *object, GuicheQueueRecord *out, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheQueueRecord, guiche_queue_record_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheQueueRecord, guiche_queue_record_free)

G_END_DECLS
