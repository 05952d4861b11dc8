/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/cnab-reader.h"
#include "base/json-writer.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* CNAB as JSON: dates ISO (null for none, `INVALID:` and the digits for no day), money in cents,
 * names as in layouts/names.csv. */

/* A title, a header or a trailer: the columns that are shown, as members of an open object. */
void guiche_cnab_json_write_members (GuicheJsonWriter *out, const GuicheCnabGroup *group);
void guiche_cnab_json_write_field (GuicheJsonWriter *out,
                                   const GuicheCnabField *field,
                                   const char *text);

/* The members of an object that columns have names for; borrowed from it. */
typedef struct {
  JsonNode *nodes[GUICHE_CNAB_N_NAMES]; /* (nullable) elements */
  const char *unknown;                  /* (nullable): a member that no column has */
} GuicheCnabMembers;

void guiche_cnab_members_read (JsonObject *object, GuicheCnabMembers *out);
/* Puts members into the columns of those names; a column that says the same already keeps its
 * bytes.
 * @shown_only leaves the columns alone that are not shown. */
gboolean guiche_cnab_json_overlay (GuicheCnabGroup *group,
                                   const GuicheCnabMembers *members,
                                   gboolean shown_only,
                                   GError **error);

/**
 * GuicheCnabSummary:
 *
 * What a file says beside its titles: headers, trailers, counts and sums. Memory does not grow with
 * the titles.
 */
typedef struct _GuicheCnabSummary GuicheCnabSummary;

GuicheCnabSummary *guiche_cnab_summary_new (void);
void guiche_cnab_summary_free (GuicheCnabSummary *self);
void guiche_cnab_summary_add (GuicheCnabSummary *self, const GuicheCnabGroup *group);
/* Members of an open object. */
void guiche_cnab_summary_write (const GuicheCnabSummary *self,
                                const GuicheCnabReader *reader,
                                GuicheJsonWriter *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheCnabSummary, guiche_cnab_summary_free)

/**
 * guiche_cnab_json_to_file:
 * @text: JSON of the shape that reading gives, however long; ends with NUL
 * @out: the file's bytes are appended
 *
 * With `registros` (the lines as they were read) every byte that the other members do not change
 * stays as it was; without them the file is made from the members alone.
 */
gboolean guiche_cnab_json_to_file (const char *text, gsize length, GString *out, GError **error);

G_END_DECLS
