/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/id.h"

G_BEGIN_DECLS

/* A place in a sorted list: the last row's sort key and id, opaque to clients. Pages that go on
 * from it neither repeat nor miss rows that stay where they are. */
char *guiche_cursor_new (const char *key, const GuicheId *id); /* (transfer full) */
gboolean guiche_cursor_parse (const char *cursor, char **out_key, GuicheId *out_id);
/* `%text%` with the wildcards in @text escaped by a backslash. (transfer full) */
char *guiche_cursor_like_pattern (const char *text);

G_END_DECLS
