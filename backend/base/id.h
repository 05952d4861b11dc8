/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"

G_BEGIN_DECLS

/**
 * GuicheId:
 *
 * A UUIDv7 (RFC 9562, 5.7): 16 bytes, big-endian, time-ordered. Plain value, copied
 * by assignment. The all-zero id means "none".
 */
typedef struct {
  guint8 bytes[16];
} GuicheId;

#define GUICHE_ID_STRING_LENGTH 36
#define GUICHE_ID_NONE ((GuicheId){ { 0 } })

gboolean guiche_id_is_none (const GuicheId *id);
gboolean guiche_id_equal (gconstpointer a, gconstpointer b);
guint guiche_id_hash (gconstpointer id);
int guiche_id_compare (gconstpointer a, gconstpointer b);
void guiche_id_to_string (const GuicheId *id, char out[GUICHE_ID_STRING_LENGTH + 1]);
char *guiche_id_dup_string (const GuicheId *id);
/* Accepts the 36-character form of any UUID version, either case; nothing else. */
gboolean guiche_id_parse (const char *text, GuicheId *out_id);

/**
 * GuicheIdSource:
 *
 * Makes ids that never go backwards, even when the clock does (a counter fills in,
 * RFC 9562 6.2 method 1). One per owner thread, not thread-safe. With a seed other
 * than 0 the random part is a deterministic sequence: tests and the sample company.
 */
typedef struct _GuicheIdSource GuicheIdSource;

GuicheIdSource *guiche_id_source_new (GuicheClock *clock, guint64 seed);
void guiche_id_source_free (GuicheIdSource *self);
GuicheId guiche_id_source_next (GuicheIdSource *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheIdSource, guiche_id_source_free)

G_END_DECLS
