/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/conversation.h"

G_BEGIN_DECLS

/**
 * GuicheVisitRecord:
 *
 * What a visitor may know of their conversation.
 */
typedef struct {
  GuicheId conversation_id;
  GuicheConversationState state;
  char *queue;      /* (nullable) */
  char *agent_name; /* (nullable): nobody has accepted yet */
} GuicheVisitRecord;

void guiche_visit_record_clear (GuicheVisitRecord *self);
void guiche_visit_record_to_json (const GuicheVisitRecord *self, GuicheJsonWriter *writer);
gboolean guiche_visit_record_from_json (JsonObject *object, GuicheVisitRecord *out, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheVisitRecord, guiche_visit_record_clear)

G_END_DECLS
