/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "reference-client.h"

G_BEGIN_DECLS

/* The tables of a snapshot and what a row's key is made of. */
typedef enum {
  USERS,
  QUEUES,
  CANNED_REPLIES,
  CONVERSATIONS,
  CUSTOMERS,
  MESSAGES,
  DRAFTS,
  READ_MARKS,
  SCHEDULED,
  N_TABLES
} Table;

typedef struct {
  const char *name;
  const char *key;
} TableName;

extern const TableName reference_tables[N_TABLES];

struct _ReferenceClient {
  GuicheTestDesk *desk;
  GuicheTestPerson person;
  GuicheViewer *viewer;       /* of the open stream */
  GHashTable *rows[N_TABLES]; /* key → JsonObject */
  gint64 seq;
  gboolean wants_snapshot;
};

const char *reference_text (JsonObject *object, const char *name);
JsonObject *reference_find (ReferenceClient *self, Table table, const char *key); /* (nullable) */
void reference_put (ReferenceClient *self, Table table, JsonObject *row);
void reference_drop (ReferenceClient *self, Table table, const char *key);
/* What it sees newly, it asks for. */
void reference_fetch_messages (ReferenceClient *self, const char *conversation_id);
/* One event, as the table in protocol/README.md says. */
void reference_apply (ReferenceClient *self, const char *kind, JsonObject *data);

G_END_DECLS
