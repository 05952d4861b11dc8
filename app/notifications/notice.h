/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  GUICHE_NOTICE_NEW_CONVERSATION,
  GUICHE_NOTICE_MESSAGE,
  GUICHE_NOTICE_MENTION,
  GUICHE_NOTICE_FAILURE
} GuicheNoticeKind;

/**
 * GuicheNotice:
 *
 * What is told about one conversation. Title and body are text, never markup.
 */
typedef struct {
  GuicheNoticeKind kind;
  const char *conversation_id;
  const char *title;
  const char *body;
} GuicheNotice;

/* What decides whether it is told; a copy of the settings and of the moment. */
typedef struct {
  gboolean do_not_disturb, quiet_hours;
  guint quiet_from, quiet_to; /* minutes since midnight */
  guint now;                  /* minutes since midnight, local time */
  gboolean kinds[4];          /* by GuicheNoticeKind */
  const char *const *muted_channels;
  const char *channel; /* webchat, dummy …; `channel` and `direct` for internal ones */
  gboolean is_focused; /* the person looks at this conversation */
} GuicheNoticePolicy;

gboolean guiche_notice_is_told (GuicheNoticeKind kind, const GuicheNoticePolicy *policy);
/* From @from to before @to; over midnight when @to is smaller; never when they are the same. */
gboolean guiche_notice_is_quiet (guint now, guint from, guint to);

/* (transfer full): for a title or a line: no controls, no bidi overrides, cut. */
char *guiche_notice_title (const char *name, guint n_messages);
/* (transfer full): escaped for servers that read markup (`body-markup`), else as it is. */
char *guiche_notice_body (const char *text, gboolean server_reads_markup);

G_END_DECLS
