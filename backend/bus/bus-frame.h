/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/id.h"

G_BEGIN_DECLS

/* Private to the room: what goes through Redis is who sent it (16 bytes), a keyed hash of name,
 * sender and content (16 bytes), and the content. */
#define GUICHE_BUS_FRAME_HEAD 32

typedef struct {
  guint8 key[32];
  char prefix[32]; /* `guiche:<16 hexadecimal digits>:` of all names in Redis */
  GuicheId origin;
} GuicheBusSeal;

void guiche_bus_seal_init (GuicheBusSeal *self, GBytes *secret);
/* Appends the frame of @data to @out, emptied before. */
void guiche_bus_seal_close (const GuicheBusSeal *self,
                            const char *name,
                            gconstpointer data,
                            gsize length,
                            GByteArray *out);
/* FALSE: not made by a node of this installation for @name. The content is what follows the head.
 */
gboolean guiche_bus_seal_open (const GuicheBusSeal *self,
                               const char *name,
                               const guint8 *frame,
                               gsize length,
                               GuicheId *out_origin);

G_END_DECLS
