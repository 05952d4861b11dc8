/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "base/json.h"

G_BEGIN_DECLS

/**
 * GuicheEventRecord:
 *
 * An event as a client receives it; see the table in this room's README for what @data holds.
 */
typedef struct {
  gint64 seq; /* gap-free in the tenant, from 1 */
  gint64 at;
  char *kind;       /* `message.created`, … */
  JsonObject *data; /* (owned) */
} GuicheEventRecord;

void guiche_event_record_clear (GuicheEventRecord *self);
void guiche_event_record_free (GuicheEventRecord *self);
void guiche_event_record_to_json (const GuicheEventRecord *self, GuicheJsonWriter *writer);
/* Shares @object's data; @object must not be changed afterwards. */
gboolean guiche_event_record_from_json (JsonObject *object, GuicheEventRecord *out, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheEventRecord, guiche_event_record_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheEventRecord, guiche_event_record_free)

G_END_DECLS
