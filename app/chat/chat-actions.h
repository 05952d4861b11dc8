/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GuicheChatAction:
 *
 * One row of the table of what can be done in a conversation by key: the shell merges it into its
 * accelerators and its shortcuts window.
 */
typedef struct {
  const char *name;      /* detailed action name, such as `messages.jump-to-date` */
  const char *accels[3]; /* GTK accelerators, null-terminated */
  const char *title;     /* untranslated: pass through _() */
} GuicheChatAction;

/* The table; @out_n_rows its length. Static. */
const GuicheChatAction *guiche_chat_actions (guint *out_n_rows);

G_END_DECLS
