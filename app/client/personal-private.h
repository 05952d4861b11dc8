/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/personal.h"

G_BEGIN_DECLS

/* The parts, for their own files: personal.c (the object), personal-disk.c (outbox.db),
 * personal-push.c (the server). */
typedef struct {
  char *body;                        /* (owned) */
  gboolean is_dirty;                 /* the server does not have it */
  gboolean is_writing, is_unwritten; /* to the disk */
  gboolean is_putting;               /* to the server */
} GuichePersonalDraft;

struct _GuichePersonal {
  GObject parent_instance;
  GuicheLocal *local;
  GuicheSession *session;    /* (owned) */
  GuicheSync *sync;          /* (owned) */
  GHashTable *drafts;        /* (owned) (element-type utf8 Draft) */
  GHashTable *marks;         /* (owned) (element-type utf8 gint64): not yet at the server */
  GHashTable *posting;       /* (owned) (element-type utf8): marks on their way */
  GCancellable *cancellable; /* (owned) */
  guint draft_timer, retry_timer;
};

/* One write at a time: while the disk works, only the newest text is kept for the next. */
void guiche_personal_write_draft (GuichePersonal *self,
                                  const char *conversation_id,
                                  GuichePersonalDraft *draft);
void guiche_personal_forget_draft (GuichePersonal *self, const char *conversation_id);
/* @is_pending FALSE: the server has it. */
void guiche_personal_write_mark (GuichePersonal *self,
                                 const char *conversation_id,
                                 gint64 seq,
                                 gboolean is_pending);
/* Gives the server what it does not have, when it can be reached. */
void guiche_personal_push (GuichePersonal *self);

G_END_DECLS
