/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/cnab-json.h"
#include "banking/json-slices.h"

G_BEGIN_DECLS

/* A document that becomes a file: small members as a tree, its long lists as text. */
typedef struct {
  JsonObject *document; /* (not owned) */
  GuicheJsonSlice titles, lines;
  guint n_titles; /* taken so far */
  gint64 n_lotes;
  guint width;
  const char *bank;
  char direction;
} GuicheCnabSource;

/* (nullable) */
JsonObject *guiche_cnab_source_object (const GuicheCnabSource *self, const char *name);
/* *out_title: the one before is freed; NULL at the end. */
gboolean guiche_cnab_source_next_title (GuicheCnabSource *self,
                                        JsonNode **out_title,
                                        GError **error);
/* @object (nullable): its members into the columns of those names. */
gboolean guiche_cnab_source_overlay (GuicheCnabGroup *group,
                                     JsonObject *object,
                                     gboolean shown_only,
                                     GError **error);
/* Every member of a title has a column to go to. */
gboolean guiche_cnab_source_check_title (const GuicheCnabGroup *group,
                                         const GuicheCnabMembers *title,
                                         GError **error);
/* From the members alone, without `registros`. */
gboolean guiche_cnab_source_write_new (GuicheCnabSource *self, GString *out, GError **error);

G_END_DECLS
