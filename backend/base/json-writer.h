/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/id.h"

G_BEGIN_DECLS

/**
 * GuicheJsonWriter:
 *
 * Writes JSON text straight into one buffer: no tree, one pass, escaping vectorised by
 * run. It is on the path of every message, so a payload is written once and spliced
 * (guiche_json_writer_raw()) wherever it travels. Commas are placed by the writer;
 * nesting is asserted. Text must be valid UTF-8.
 */
typedef struct _GuicheJsonWriter GuicheJsonWriter;

GuicheJsonWriter *guiche_json_writer_new (void);
void guiche_json_writer_free (GuicheJsonWriter *self);
void guiche_json_writer_reset (GuicheJsonWriter *self); /* keeps the buffer */

void guiche_json_writer_begin_object (GuicheJsonWriter *self);
void guiche_json_writer_end_object (GuicheJsonWriter *self);
void guiche_json_writer_begin_array (GuicheJsonWriter *self);
void guiche_json_writer_end_array (GuicheJsonWriter *self);
void guiche_json_writer_name (GuicheJsonWriter *self,
                              const char *name); /* a literal that needs no escape */
void guiche_json_writer_string (GuicheJsonWriter *self,
                                const char *value); /* (nullable): writes null */
void guiche_json_writer_string_length (GuicheJsonWriter *self, const char *value, gsize length);
void guiche_json_writer_int (GuicheJsonWriter *self, gint64 value);
void guiche_json_writer_double (GuicheJsonWriter *self, double value);
void guiche_json_writer_bool (GuicheJsonWriter *self, gboolean value);
void guiche_json_writer_null (GuicheJsonWriter *self);
void guiche_json_writer_id (GuicheJsonWriter *self,
                            const GuicheId *id); /* the none id writes null */
void guiche_json_writer_raw (GuicheJsonWriter *self,
                             const char *json,
                             gssize length); /* a whole JSON value */

/* name + value in one call */
void guiche_json_writer_member_string (GuicheJsonWriter *self, const char *name, const char *value);
void guiche_json_writer_member_int (GuicheJsonWriter *self, const char *name, gint64 value);
void guiche_json_writer_member_bool (GuicheJsonWriter *self, const char *name, gboolean value);
void guiche_json_writer_member_id (GuicheJsonWriter *self, const char *name, const GuicheId *id);
void guiche_json_writer_member_raw (GuicheJsonWriter *self,
                                    const char *name,
                                    const char *json,
                                    gssize length);

/* The finished text: borrowed until the next change, or taken. */
const char *guiche_json_writer_peek (GuicheJsonWriter *self, gsize *out_length);
char *guiche_json_writer_steal (GuicheJsonWriter *self, gsize *out_length);
GBytes *guiche_json_writer_steal_bytes (GuicheJsonWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheJsonWriter, guiche_json_writer_free)

G_END_DECLS
