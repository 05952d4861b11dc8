/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "base/json.h"

G_BEGIN_DECLS

/**
 * GuicheDraftRecord:
 *
 * What a user has written and not sent; an empty @body deletes it.
 */
typedef struct {
  GuicheId conversation_id;
  char *body;
  gint64 updated_at;
} GuicheDraftRecord;

void guiche_draft_record_clear (GuicheDraftRecord *self);
void guiche_draft_record_free (GuicheDraftRecord *self);
void guiche_draft_record_to_json (const GuicheDraftRecord *self, GuicheJsonWriter *writer);
gboolean guiche_draft_record_from_json (JsonObject *object, GuicheDraftRecord *out, GError **error);

/**
 * GuicheReadMarkRecord:
 *
 * How far a user has read.
 */
typedef struct {
  GuicheId conversation_id;
  gint64 seq;
} GuicheReadMarkRecord;

void guiche_read_mark_record_clear (GuicheReadMarkRecord *self);
void guiche_read_mark_record_free (GuicheReadMarkRecord *self);
void guiche_read_mark_record_to_json (const GuicheReadMarkRecord *self, GuicheJsonWriter *writer);
gboolean guiche_read_mark_record_from_json (JsonObject *object,
                                            GuicheReadMarkRecord *out,
                                            GError **error);

/**
 * GuicheScheduledMessageRecord:
 *
 * A message that the server sends later.
 */
typedef struct {
  GuicheId id;
  GuicheId conversation_id;
  GuicheId client_id;
  char *body;
  gint64 send_at;
} GuicheScheduledMessageRecord;

void guiche_scheduled_message_record_clear (GuicheScheduledMessageRecord *self);
void guiche_scheduled_message_record_free (GuicheScheduledMessageRecord *self);
void guiche_scheduled_message_record_to_json (const GuicheScheduledMessageRecord *self,
                                              GuicheJsonWriter *writer);
gboolean guiche_scheduled_message_record_from_json (JsonObject *object,
                                                    GuicheScheduledMessageRecord *out,
                                                    GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheDraftRecord, guiche_draft_record_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheDraftRecord, guiche_draft_record_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheReadMarkRecord, guiche_read_mark_record_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheReadMarkRecord, guiche_read_mark_record_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheScheduledMessageRecord,
                                  guiche_scheduled_message_record_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheScheduledMessageRecord, guiche_scheduled_message_record_free)

G_END_DECLS
