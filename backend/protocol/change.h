/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "base/json.h"

G_BEGIN_DECLS

/**
 * GuicheDeliveryRecord:
 *
 * One side of a conversation received (2) or read (3) everything up to @seq.
 */
typedef struct {
  GuicheId conversation_id;
  char *side; /* customer or agent: who received or read */
  gint64 state;
  gint64 seq;
} GuicheDeliveryRecord;

void guiche_delivery_record_clear (GuicheDeliveryRecord *self);
void guiche_delivery_record_free (GuicheDeliveryRecord *self);
void guiche_delivery_record_to_json (const GuicheDeliveryRecord *self, GuicheJsonWriter *writer);
gboolean guiche_delivery_record_from_json (JsonObject *object,
                                           GuicheDeliveryRecord *out,
                                           GError **error);

/**
 * GuicheMovedRecord:
 *
 * A conversation left a queue or an assignee: who may no longer see it drops it.
 */
typedef struct {
  GuicheId conversation_id;
  char *from_queue; /* (nullable) */
  char *queue;      /* (nullable) */
  GuicheId assignee_id;
} GuicheMovedRecord;

void guiche_moved_record_clear (GuicheMovedRecord *self);
void guiche_moved_record_free (GuicheMovedRecord *self);
void guiche_moved_record_to_json (const GuicheMovedRecord *self, GuicheJsonWriter *writer);
gboolean guiche_moved_record_from_json (JsonObject *object, GuicheMovedRecord *out, GError **error);

/**
 * GuicheAccessRecord:
 *
 * What a user may see from now on.
 */
typedef struct {
  GuicheId user_id;
  char *role;
  char **queues;      /* keys */
  GuicheId *channels; /* (array length=n_channels): internal channels */
  gsize n_channels;
} GuicheAccessRecord;

void guiche_access_record_clear (GuicheAccessRecord *self);
void guiche_access_record_free (GuicheAccessRecord *self);
void guiche_access_record_to_json (const GuicheAccessRecord *self, GuicheJsonWriter *writer);
gboolean guiche_access_record_from_json (JsonObject *object,
                                         GuicheAccessRecord *out,
                                         GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheDeliveryRecord, guiche_delivery_record_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheDeliveryRecord, guiche_delivery_record_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheMovedRecord, guiche_moved_record_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheMovedRecord, guiche_moved_record_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheAccessRecord, guiche_access_record_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheAccessRecord, guiche_access_record_free)

G_END_DECLS
