/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GuicheSettings:
 *
 * `guiched.conf` (GKeyFile) with the built-in defaults behind it and the environment
 * before it: key `listen` of `[http]` is overridden by `GUICHE_HTTP_LISTEN`. Unknown
 * groups and keys, and values of the wrong type, are errors that name file and line.
 * Immutable once loaded; safe on every thread.
 */
typedef struct _GuicheSettings GuicheSettings;

/* @path (nullable): only defaults and environment. @environment (nullable): g_get_environ(). */
GuicheSettings *guiche_settings_load (const char *path, char **environment, GError **error);
GuicheSettings *guiche_settings_ref (GuicheSettings *self);
void guiche_settings_unref (GuicheSettings *self);

/* Groups and keys are rows of one table in settings.c with type, default and a line of
 * documentation; asking for one that has no row is a caller's bug. */
const char *guiche_settings_get_string (GuicheSettings *self, const char *group, const char *key);
gint64 guiche_settings_get_int (GuicheSettings *self, const char *group, const char *key);
gboolean guiche_settings_get_bool (GuicheSettings *self, const char *group, const char *key);
/* The shipped example: every key with its documentation and default. */
char *guiche_settings_example (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheSettings, guiche_settings_unref)

G_END_DECLS
