/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/id.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

/* Layout used here: 48 bits of milliseconds, a 26-bit counter (the 12 bits of rand_a and the
 * upper 14 of rand_b), 48 random bits. */
#define COUNTER_BITS 26
#define COUNTER_LIMIT (1u << COUNTER_BITS)
#define RANDOM_BUFFER_BYTES 2048

static const char hex_digits[] = "0123456789abcdef";

static const guint8 none_bytes[16];

struct _GuicheIdSource {
  GuicheClock *clock; /* (owned) */
  gboolean is_seeded;
  guint64 state; /* of the deterministic sequence */
  guint64 last_ms;
  guint32 counter;
  gsize n_left; /* unused bytes at the end of buffer */
  guint8 buffer[RANDOM_BUFFER_BYTES];
};

gboolean
guiche_id_is_none (const GuicheId *id)
{
  return memcmp (id->bytes, none_bytes, sizeof none_bytes) == 0;
}

gboolean
guiche_id_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (GuicheId)) == 0;
}

guint
guiche_id_hash (gconstpointer id)
{
  guint64 words[2];
  guint64 mixed;

  memcpy (words, id, sizeof words);
  mixed = (words[0] ^ (words[1] * 0x9e3779b97f4a7c15ULL)) * 0xff51afd7ed558ccdULL;
  return (guint) (mixed >> 32);
}

int
guiche_id_compare (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (GuicheId));
}

void
guiche_id_to_string (const GuicheId *id, char out[GUICHE_ID_STRING_LENGTH + 1])
{
  char *end = out;

  for (int i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      *end++ = '-';
    *end++ = hex_digits[id->bytes[i] >> 4];
    *end++ = hex_digits[id->bytes[i] & 15];
  }
  *end = '\0';
}

char *
guiche_id_dup_string (const GuicheId *id)
{
  char *text = g_malloc (GUICHE_ID_STRING_LENGTH + 1);

  guiche_id_to_string (id, text);
  return text;
}

gboolean
guiche_id_parse (const char *text, GuicheId *out_id)
{
  GuicheId id;
  gsize position = 0;

  if (text == NULL)
    return FALSE;

  for (int i = 0; i < 16; i++) {
    int high, low;

    if ((i == 4 || i == 6 || i == 8 || i == 10) && text[position++] != '-')
      return FALSE;
    high = g_ascii_xdigit_value (text[position]);
    if (high < 0)
      return FALSE;
    low = g_ascii_xdigit_value (text[position + 1]);
    if (low < 0)
      return FALSE;
    id.bytes[i] = (guint8) (high << 4 | low);
    position += 2;
  }
  if (text[position] != '\0')
    return FALSE;

  *out_id = id;
  return TRUE;
}

/**
 * guiche_id_source_new:
 * @seed: 0 for unguessable ids (getrandom(2))
 *
 * Returns: (transfer full):
 */
GuicheIdSource *
guiche_id_source_new (GuicheClock *clock, guint64 seed)
{
  GuicheIdSource *self = g_new0 (GuicheIdSource, 1);

  self->clock = guiche_clock_ref (clock);
  self->is_seeded = seed != 0;
  self->state = seed;
  return self;
}

void
guiche_id_source_free (GuicheIdSource *self)
{
  guiche_clock_unref (self->clock);
  g_free (self);
}

static void
refill (GuicheIdSource *self)
{
  gsize filled = 0;

  while (filled < sizeof self->buffer) {
    ssize_t n = getrandom (self->buffer + filled, sizeof self->buffer - filled, 0);

    if (n < 0 && errno != EINTR)
      g_error ("getrandom: %s", g_strerror (errno));
    if (n > 0)
      filled += (gsize) n;
  }
  self->n_left = sizeof self->buffer;
}

/* splitmix64 when seeded: the same seed gives the same ids. */
static guint64
next_random (GuicheIdSource *self)
{
  guint64 word;

  if (self->is_seeded) {
    word = self->state += 0x9e3779b97f4a7c15ULL;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9ULL;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebULL;
    return word ^ (word >> 31);
  }

  if (self->n_left < sizeof word)
    refill (self);
  memcpy (&word, self->buffer + sizeof self->buffer - self->n_left, sizeof word);
  self->n_left -= sizeof word;
  return word;
}

/**
 * guiche_id_source_next:
 *
 * Returns: an id greater than every one this source has given
 */
GuicheId
guiche_id_source_next (GuicheIdSource *self)
{
  guint64 now_ms = (guint64) guiche_clock_now_us (self->clock) / 1000;
  guint64 tail;
  GuicheId id;

  if (now_ms > self->last_ms) {
    self->last_ms = now_ms;
    /* Half of the range stays free for counting within the millisecond. */
    self->counter = (guint32) next_random (self) & (COUNTER_LIMIT / 2 - 1);
  } else if (++self->counter == COUNTER_LIMIT) {
    self->last_ms++;
    self->counter = 0;
  }

  for (int i = 0; i < 6; i++)
    id.bytes[i] = (guint8) (self->last_ms >> (40 - 8 * i));
  id.bytes[6] = (guint8) (0x70 | (self->counter >> 22));
  id.bytes[7] = (guint8) (self->counter >> 14);
  id.bytes[8] = (guint8) (0x80 | ((self->counter >> 8) & 0x3f));
  id.bytes[9] = (guint8) self->counter;
  tail = next_random (self);
  memcpy (id.bytes + 10, &tail, 6);
  return id;
}
