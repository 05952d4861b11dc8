/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/settings.h"

G_BEGIN_DECLS

/**
 * GuicheNodeName:
 *
 * What a server is called among several, and which of its starts this is.
 */
typedef struct {
  char *name;  /* (owned): as configured, or the host's */
  char *boot;  /* (owned): 32 hexadecimal digits, others at each start */
  char *owner; /* (owned): `name/boot`: who holds a lease */
} GuicheNodeName;

/* GUICHE_ERROR_INVALID_REQUEST when the configured name is not 1 to 63 of A-Z a-z 0-9 . _ - */
gboolean guiche_node_name_init (GuicheNodeName *self, GuicheSettings *settings, GError **error);
void guiche_node_name_clear (GuicheNodeName *self);

G_END_DECLS
