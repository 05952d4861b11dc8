/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guichectl/command.h"

G_BEGIN_DECLS

/* A CNAB file to JSON on standard output; a refusal is JSON there too, and exit status 1. */
gboolean guichectl_cnab_read (GuichectlCall *call, GError **error);
/* JSON of that shape, from a file or standard input, to the file's bytes on standard output. */
gboolean guichectl_cnab_write (GuichectlCall *call, GError **error);

G_END_DECLS
