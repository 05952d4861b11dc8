/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "base/json.h"

G_BEGIN_DECLS

/**
 * GuicheUserRecord:
 *
 * A colleague.
 */
typedef struct {
  GuicheId id;
  char *login;
  char *name;
  char *role;        /* agent, supervisor, admin */
  char *email;       /* (nullable) */
  char *status_text; /* (nullable) */
  gboolean is_enabled;
  char **queues; /* keys, sorted */
} GuicheUserRecord;

void guiche_user_record_clear (GuicheUserRecord *self);
void guiche_user_record_free (GuicheUserRecord *self);
void guiche_user_record_to_json (const GuicheUserRecord *self, GuicheJsonWriter *writer);
gboolean guiche_user_record_from_json (JsonObject *object, GuicheUserRecord *out, GError **error);

/**
 * GuichePresenceRecord:
 *
 * Where a colleague is now; never stored.
 */
typedef struct {
  GuicheId user_id;
  char *status; /* available, busy, away, offline */
} GuichePresenceRecord;

void guiche_presence_record_clear (GuichePresenceRecord *self);
void guiche_presence_record_free (GuichePresenceRecord *self);
void guiche_presence_record_to_json (const GuichePresenceRecord *self, GuicheJsonWriter *writer);
gboolean guiche_presence_record_from_json (JsonObject *object,
                                           GuichePresenceRecord *out,
                                           GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheUserRecord, guiche_user_record_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheUserRecord, guiche_user_record_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuichePresenceRecord, guiche_presence_record_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuichePresenceRecord, guiche_presence_record_free)

G_END_DECLS
