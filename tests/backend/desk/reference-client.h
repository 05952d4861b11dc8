/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "support/desk.h"

G_BEGIN_DECLS

/**
 * ReferenceClient:
 *
 * A client as protocol/README.md describes one, as simple as it can be: tables of JSON objects that
 * a snapshot fills and events change. What it holds after any events must be what a fresh snapshot
 * says.
 */
typedef struct _ReferenceClient ReferenceClient;

ReferenceClient *reference_client_new (GuicheTestDesk *desk, const GuicheTestPerson *person);
void reference_client_free (ReferenceClient *self);
/* Applies what happened since the last time: as a stream that stayed open, or (@is_replay) one that
 * opens now. */
void reference_client_sync (ReferenceClient *self, gboolean is_replay);
/* Fails the test, saying @when, unless the client holds what the server has. */
void reference_client_check (ReferenceClient *self, const char *when);
guint reference_client_count_unread (ReferenceClient *self, const GuicheId *conversation_id);

G_END_DECLS
