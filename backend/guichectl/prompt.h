/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A line typed at the terminal without being shown; an error without a terminal. (transfer full) */
char *guichectl_prompt_hidden (const char *prompt, GError **error);
/* The first line of standard input. (transfer full) */
char *guichectl_read_line (GError **error);

G_END_DECLS
