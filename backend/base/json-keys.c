/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-keys.h"

#include <stdlib.h>
#include <string.h>

/* Chosen by chance, so that nobody can make names that collide. */
static guint32
hash_seed (void)
{
  static gsize seed;

  if (g_once_init_enter (&seed))
    g_once_init_leave (&seed, (gsize) g_random_int () | 1);

  return (guint32) seed;
}

void
guiche_json_keys_init (GuicheJsonKeys *self)
{
  self->keys = self->inline_keys;
  self->length = 0;
  self->capacity = GUICHE_JSON_INLINE_KEYS;
  self->copies = NULL;
}

void
guiche_json_keys_clear (GuicheJsonKeys *self)
{
  if (self->keys != self->inline_keys)
    g_free (self->keys);
  g_slist_free_full (self->copies, g_free);
}

static void
grow (GuicheJsonKeys *self)
{
  GuicheJsonKey *grown = g_new (GuicheJsonKey, self->capacity * 2);

  memcpy (grown, self->keys, self->length * sizeof *grown);
  if (self->keys != self->inline_keys)
    g_free (self->keys);
  self->keys = grown;
  self->capacity *= 2;
}

void
guiche_json_keys_add (GuicheJsonKeys *self,
                      const char *text,
                      gsize length,
                      gboolean is_lasting,
                      gsize position)
{
  guint32 hash = hash_seed ();
  GuicheJsonKey *key;

  if (self->length == self->capacity)
    grow (self);
  if (!is_lasting) {
    self->copies = g_slist_prepend (self->copies, g_strndup (text, length));
    text = self->copies->data;
  }
  for (gsize i = 0; i < length; i++)
    hash = (hash ^ (guchar) text[i]) * 0x01000193u;

  key = &self->keys[self->length++];
  key->hash = hash;
  key->length = (guint32) length;
  key->text = text;
  key->position = position;
}

static int
compare_keys (const void *a, const void *b)
{
  const GuicheJsonKey *left = a;
  const GuicheJsonKey *right = b;
  int order;

  if (left->hash != right->hash)
    return left->hash < right->hash ? -1 : 1;
  order = memcmp (left->text, right->text, MIN (left->length, right->length));
  if (order != 0)
    return order;
  return left->length < right->length ? -1 : left->length > right->length;
}

static const GuicheJsonKey *
find_among_few (GuicheJsonKeys *self)
{
  for (gsize i = 1; i < self->length; i++) {
    for (gsize j = 0; j < i; j++) {
      if (self->keys[i].hash == self->keys[j].hash &&
          compare_keys (&self->keys[i], &self->keys[j]) == 0)
        return &self->keys[i];
    }
  }

  return NULL;
}

const GuicheJsonKey *
guiche_json_keys_find_repeated (GuicheJsonKeys *self)
{
  if (self->length <= GUICHE_JSON_INLINE_KEYS)
    return find_among_few (self);

  qsort (self->keys, self->length, sizeof *self->keys, compare_keys);
  for (gsize i = 1; i < self->length; i++) {
    if (compare_keys (&self->keys[i - 1], &self->keys[i]) == 0)
      return &self->keys[i];
  }

  return NULL;
}
