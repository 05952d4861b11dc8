/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "base/json.h"

G_BEGIN_DECLS

/**
 * GuicheCannedReplyRecord:
 *
 * A prepared answer; @body has variables such as `{{customer.name}}`.
 */
typedef struct {
  GuicheId id;
  char *shortcut;
  char *title;
  char *body;
  gint64 updated_at;
} GuicheCannedReplyRecord;

void guiche_canned_reply_record_clear (GuicheCannedReplyRecord *self);
void guiche_canned_reply_record_free (GuicheCannedReplyRecord *self);
void guiche_canned_reply_record_to_json (const GuicheCannedReplyRecord *self,
                                         GuicheJsonWriter *writer);
gboolean guiche_canned_reply_record_from_json (JsonObject *object,
                                               GuicheCannedReplyRecord *out,
                                               GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheCannedReplyRecord, guiche_canned_reply_record_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheCannedReplyRecord, guiche_canned_reply_record_free)

G_END_DECLS
