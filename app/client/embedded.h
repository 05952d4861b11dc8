/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * GuicheEmbedded:
 *
 * This computer's own `guiched`: started as a child, restarted with back-off when it dies, ended
 * with the desktop (SIGTERM, and the kernel's parent-death signal when the desktop is killed).
 * Signal `ready` (url string): it listens, at first and after each restart.
 */
#define GUICHE_TYPE_EMBEDDED (guiche_embedded_get_type ())
G_DECLARE_FINAL_TYPE (GuicheEmbedded, guiche_embedded, GUICHE, EMBEDDED, GObject)

/* @data: the server's folder. @is_demo: with the sample company. */
GuicheEmbedded *guiche_embedded_new (const char *data, gboolean is_demo);
/* Finds and starts the program; finishes with the first ready line, or when the program ended
 * before one (GUICHE_ERROR_UNAVAILABLE). */
void guiche_embedded_start_async (GuicheEmbedded *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean guiche_embedded_start_finish (GuicheEmbedded *self, GAsyncResult *result, GError **error);
const char *guiche_embedded_get_url (GuicheEmbedded *self); /* (nullable) */
/* (nullable) (transfer full): of the administrator of a company that was made with this start. */
char *guiche_embedded_dup_first_password (GuicheEmbedded *self);
/* SIGTERM; waits at most five seconds, then kills. */
void guiche_embedded_stop (GuicheEmbedded *self);
/* (nullable) (transfer full): where the server's program is. */
char *guiche_embedded_find_program (void);

G_END_DECLS
