/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GuicheInstance:
 *
 * The right to write to one data directory: a lock on its file `guiched.lock`, held while the
 * process lives, whatever ends it. Whoever does not get it reads there who has it.
 */
typedef struct _GuicheInstance GuicheInstance;

/* GUICHE_ERROR_CONFLICT when another process has it; details `pid` and `url` (when known). */
GuicheInstance *guiche_instance_acquire (const char *directory, GError **error);
/* Says where this process answers, for guichectl. */
gboolean guiche_instance_publish (GuicheInstance *self, const char *url, GError **error);
void guiche_instance_release (GuicheInstance *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheInstance, guiche_instance_release)

G_END_DECLS
