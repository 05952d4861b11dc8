/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GUICHE_JSON_INLINE_KEYS 24

/* A name of one object, decoded. */
typedef struct {
  guint32 hash;
  guint32 length;
  const char *text;
  gsize position; /* where it stands in the document */
} GuicheJsonKey;

/* Private to the door: the names of one object, to find a repeated one when it ends. However many
 * an attacker sends, it takes no more than sorting them. */
typedef struct {
  GuicheJsonKey *keys; /* inline_keys, or (owned) */
  gsize length;
  gsize capacity;
  GuicheJsonKey inline_keys[GUICHE_JSON_INLINE_KEYS];
  GSList *copies; /* (owned) (element-type utf8) */
} GuicheJsonKeys;

void guiche_json_keys_init (GuicheJsonKeys *self);
void guiche_json_keys_clear (GuicheJsonKeys *self);
/* @is_lasting: @text stays where it is; otherwise it is copied. */
void guiche_json_keys_add (GuicheJsonKeys *self,
                           const char *text,
                           gsize length,
                           gboolean is_lasting,
                           gsize position);
/* (nullable): some name that stands there twice. Changes the order. */
const GuicheJsonKey *guiche_json_keys_find_repeated (GuicheJsonKeys *self);

G_END_DECLS
