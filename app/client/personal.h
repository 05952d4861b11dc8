/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/local.h"
#include "client/session.h"
#include "client/sync.h"

G_BEGIN_DECLS

/**
 * GuichePersonal:
 *
 * Drafts and read marks of this computer's user: on the disk at once, at the server when it can be
 * reached and, for drafts, after a pause in the typing. Main thread.
 */
#define GUICHE_TYPE_PERSONAL (guiche_personal_get_type ())
G_DECLARE_FINAL_TYPE (GuichePersonal, guiche_personal, GUICHE, PERSONAL, GObject)

GuichePersonal *guiche_personal_new (GuicheLocal *local, GuicheSession *session, GuicheSync *sync);
void guiche_personal_set_draft (GuichePersonal *self,
                                const char *conversation_id,
                                const char *body);
/* FALSE: nothing is known here, the cache's draft counts. @out_body may become empty. */
gboolean guiche_personal_dup_draft (GuichePersonal *self,
                                    const char *conversation_id,
                                    char **out_body);
/* The server's draft changed: it counts unless what was typed here is not there yet. */
void guiche_personal_draft_saved (GuichePersonal *self, const char *conversation_id);
void guiche_personal_mark_read (GuichePersonal *self, const char *conversation_id, gint64 seq);
gint64 guiche_personal_get_read_seq (GuichePersonal *self,
                                     const char *conversation_id); /* 0: none here */
/* (transfer container) (element-type utf8): conversations with a draft that is only here. */
GList *guiche_personal_list_drafts (GuichePersonal *self);

G_END_DECLS
