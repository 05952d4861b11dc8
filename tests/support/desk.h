/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json.h"
#include "http/route.h"
#include "protocol/conversation.h"
#include "support/store.h"

G_BEGIN_DECLS

/**
 * GuicheTestPerson:
 *
 * Somebody who calls routes: a colleague, or the visitor of a conversation. The viewer is made anew
 * for each call, as the ring does after `access.changed`.
 */
typedef struct {
  GuicheRole role;
  GuicheId id;
  GuicheId conversation_id; /* visitors */
  char name[32];
} GuicheTestPerson;

/**
 * GuicheTestDesk:
 *
 * A company with the desk's routes, called without a network: the request is decoded, checked
 * against role and schema, run on the write queue or the read pool, and its reply is checked
 * against its schema. Queues: `ana` and `bruno` serve technical_normal, `bruno` also financial,
 * `carla` commercial; `sofia` is a supervisor.
 */
typedef struct {
  GuicheTestStore *store;
  gpointer router;
  GuicheTestPerson ana, bruno, carla, sofia;
  guint n_clients;
} GuicheTestDesk;

GuicheTestDesk *guiche_test_desk_new (void);
void guiche_test_desk_free (GuicheTestDesk *self);

/* Calls a route; the answer is in *@out_status and (transfer full) the JSON, an error's too. @body
 * is printf-like and %NULL for none. */
JsonNode *guiche_test_call (GuicheTestDesk *self,
                            const GuicheTestPerson *person,
                            guint *out_status,
                            const char *method,
                            const char *path,
                            const char *body,
                            ...) G_GNUC_PRINTF (6, 7);
/* The same, asserting @status; the returned object is borrowed until the next call of this
 * function. */
JsonObject *guiche_test_expect (GuicheTestDesk *self,
                                const GuicheTestPerson *person,
                                guint status,
                                const char *method,
                                const char *path,
                                const char *body,
                                ...) G_GNUC_PRINTF (6, 7);
/* The error's code in the last answer. */
const char *guiche_test_error_code (JsonObject *answer);

/* A customer of that name who waits in @queue; the visitor and their conversation. */
GuicheTestPerson guiche_test_visit (GuicheTestDesk *self, const char *name, const char *queue);
/* What the visitor writes; returns its seq. A fresh client_id. */
gint64 guiche_test_write_as_visitor (GuicheTestDesk *self,
                                     const GuicheTestPerson *visitor,
                                     const char *body);
gint64 guiche_test_read_as_visitor (GuicheTestDesk *self,
                                    const GuicheTestPerson *visitor,
                                    GuicheDelivery state,
                                    gint64 seq);
/* A colleague writes; returns its seq. */
gint64 guiche_test_say (GuicheTestDesk *self,
                        const GuicheTestPerson *person,
                        const GuicheId *conversation_id,
                        const char *body);
/* (transfer full): `/api/v1/conversations/<id>` and @rest. */
char *guiche_test_path (const GuicheId *conversation_id, const char *rest);
/* A client_id nobody used. (transfer full) */
char *guiche_test_client_id (GuicheTestDesk *self);
/* What a person may see now; %NULL is nobody's case. (transfer full) */
GuicheViewer *guiche_test_viewer (GuicheTestDesk *self, const GuicheTestPerson *person);
void guiche_test_run_jobs (GuicheTestDesk *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheTestDesk, guiche_test_desk_free)

G_END_DECLS
