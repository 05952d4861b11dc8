/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-scanner.h"

#include "base/json.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NUMBER_LENGTH 64
#define N_INLINE_KEYS 24

/* A key as it stands decoded: in the text, or, when it had escapes, in an own copy. */
typedef struct {
  guint32 hash;
  guint32 length;
  const char *text;
  gsize position;
} Key;

typedef struct {
  const char *start;
  const char *at;
  const char *end;
  gboolean is_built;
  guint depth;
  const char *problem; /* (nullable): set once, by who fails first */
  gsize problem_position;
  GString *decoded; /* (owned) (nullable): the last string that had escapes */
  guint32 hash_seed;
} Scanner;

/* Stands for a value that was only checked. */
static char not_built;
#define NOT_BUILT ((JsonNode *) &not_built)

static JsonNode *scan_value (Scanner *self);

static gpointer
fail_at (Scanner *self, const char *position, const char *problem)
{
  if (self->problem == NULL) {
    self->problem = problem;
    self->problem_position = (gsize) (position - self->start);
  }
  return NULL;
}

static gpointer
fail (Scanner *self, const char *problem)
{
  return fail_at (self, self->at, problem);
}

static inline void
skip_space (Scanner *self)
{
  while (self->at < self->end &&
         (*self->at == ' ' || *self->at == '\n' || *self->at == '\r' || *self->at == '\t'))
    self->at++;
}

static inline gboolean
accept (Scanner *self, char c)
{
  if (self->at >= self->end || *self->at != c)
    return FALSE;

  self->at++;
  return TRUE;
}

/* Four hex digits at @at, or -1. */
static int
scan_hex4 (Scanner *self)
{
  int value = 0;

  if (self->end - self->at < 4)
    return -1;
  for (int i = 0; i < 4; i++) {
    int digit = g_ascii_xdigit_value (self->at[i]);

    if (digit < 0)
      return -1;
    value = value << 4 | digit;
  }
  self->at += 4;
  return value;
}

/* After `\u`. */
static gboolean
scan_unicode_escape (Scanner *self)
{
  int unit = scan_hex4 (self);

  if (unit < 0)
    return fail (self, "expected four hexadecimal digits") != NULL;
  if (unit == 0)
    return fail (self, "NUL in a string") != NULL;
  if (unit >= 0xdc00 && unit <= 0xdfff)
    return fail (self, "a lone low surrogate") != NULL;
  if (unit >= 0xd800 && unit <= 0xdbff) {
    int low = -1;

    if (accept (self, '\\') && accept (self, 'u'))
      low = scan_hex4 (self);
    if (low < 0xdc00 || low > 0xdfff)
      return fail (self, "a lone high surrogate") != NULL;
    unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  }

  g_string_append_unichar (self->decoded, (gunichar) unit);
  return TRUE;
}

/* After the backslash. */
static gboolean
scan_escape (Scanner *self)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  const char *letter;

  if (self->at >= self->end)
    return fail (self, "the text ends within a string") != NULL;
  if (accept (self, 'u'))
    return scan_unicode_escape (self);

  letter = *self->at == '\0' ? NULL : strchr (letters, *self->at);
  if (letter == NULL)
    return fail (self, "unknown escape") != NULL;

  g_string_append_c (self->decoded, meanings[letter - letters]);
  self->at++;
  return TRUE;
}

/* Moves to the next '"', '\\' or control character. */
static inline void
skip_plain (Scanner *self)
{
  while (self->at < self->end) {
    guchar c = (guchar) *self->at;

    if (c < 0x20 || c == '"' || c == '\\')
      return;
    self->at++;
  }
}

/* After the opening quote. The result is in the text itself or in self->decoded. */
static gboolean
scan_string (Scanner *self, const char **out_text, gsize *out_length)
{
  const char *run = self->at;
  gboolean is_decoded = FALSE;

  for (;;) {
    skip_plain (self);
    if (self->at >= self->end)
      return fail (self, "the text ends within a string") != NULL;
    if ((guchar) *self->at < 0x20)
      return fail (self, "a control character in a string") != NULL;
    if (*self->at == '"')
      break;

    if (!is_decoded) {
      if (self->decoded == NULL)
        self->decoded = g_string_new (NULL);
      g_string_truncate (self->decoded, 0);
      is_decoded = TRUE;
    }
    g_string_append_len (self->decoded, run, self->at - run);
    self->at++;
    if (!scan_escape (self))
      return FALSE;
    run = self->at;
  }

  if (is_decoded)
    g_string_append_len (self->decoded, run, self->at - run);
  *out_text = is_decoded ? self->decoded->str : run;
  *out_length = is_decoded ? self->decoded->len : (gsize) (self->at - run);
  self->at++;
  return TRUE;
}

static gsize
skip_digits (Scanner *self)
{
  const char *first = self->at;

  while (self->at < self->end && g_ascii_isdigit (*self->at))
    self->at++;
  return (gsize) (self->at - first);
}

/* The grammar of RFC 8259, 6; @out_is_integer tells whether it had neither fraction nor exponent.
 */
static gboolean
skip_number (Scanner *self, gboolean *out_is_integer)
{
  const char *first;

  accept (self, '-');
  first = self->at;
  if (skip_digits (self) == 0)
    return fail (self, "expected a value") != NULL;
  if (*first == '0' && self->at - first > 1)
    return fail_at (self, first, "a number with a leading zero") != NULL;

  *out_is_integer = TRUE;
  if (accept (self, '.')) {
    *out_is_integer = FALSE;
    if (skip_digits (self) == 0)
      return fail (self, "expected a digit") != NULL;
  }
  if (accept (self, 'e') || accept (self, 'E')) {
    *out_is_integer = FALSE;
    if (!accept (self, '+'))
      accept (self, '-');
    if (skip_digits (self) == 0)
      return fail (self, "expected a digit") != NULL;
  }

  return TRUE;
}

static JsonNode *
scan_number (Scanner *self)
{
  const char *first = self->at;
  char copy[MAX_NUMBER_LENGTH + 1];
  gboolean is_integer;
  gint64 integer;
  double number;

  if (!skip_number (self, &is_integer))
    return NULL;
  if (self->at - first > MAX_NUMBER_LENGTH)
    return fail_at (self, first, "a number of too many digits");

  memcpy (copy, first, (gsize) (self->at - first));
  copy[self->at - first] = '\0';
  errno = 0;
  if (is_integer) {
    integer = g_ascii_strtoll (copy, NULL, 10);
    if (errno == ERANGE)
      return fail_at (self, first, "an integer beyond 64 bits");
    return self->is_built ? json_node_init_int (json_node_alloc (), integer) : NOT_BUILT;
  }

  number = g_ascii_strtod (copy, NULL);
  if (!isfinite (number))
    return fail_at (self, first, "a number beyond double precision");
  return self->is_built ? json_node_init_double (json_node_alloc (), number) : NOT_BUILT;
}

static JsonNode *
scan_literal (Scanner *self, const char *literal)
{
  gsize length = strlen (literal);

  if ((gsize) (self->end - self->at) < length || memcmp (self->at, literal, length) != 0)
    return fail (self, "expected a value");

  self->at += length;
  if (!self->is_built)
    return NOT_BUILT;
  if (*literal == 'n')
    return json_node_init_null (json_node_alloc ());
  return json_node_init_boolean (json_node_alloc (), *literal == 't');
}

static JsonNode *
scan_string_value (Scanner *self)
{
  const char *text;
  gsize length;
  JsonNode *node;
  g_autofree char *copy = NULL;

  self->at++;
  if (!scan_string (self, &text, &length))
    return NULL;
  if (!self->is_built)
    return NOT_BUILT;

  copy = g_strndup (text, length);
  node = json_node_init_string (json_node_alloc (), copy);
  return node;
}

static gboolean
enter (Scanner *self)
{
  if (self->depth == GUICHE_JSON_MAX_DEPTH)
    return fail (self, "nested too deeply") != NULL;

  self->depth++;
  self->at++;
  skip_space (self);
  return TRUE;
}

/* After the opening bracket; @array is NULL when nothing is built. */
static gboolean
scan_elements (Scanner *self, JsonArray *array)
{
  if (accept (self, ']'))
    return TRUE;

  for (;;) {
    JsonNode *element = scan_value (self);

    if (element == NULL)
      return FALSE;
    if (array != NULL)
      json_array_add_element (array, element);
    skip_space (self);
    if (accept (self, ']'))
      return TRUE;
    if (!accept (self, ','))
      return fail (self, "expected , or ]") != NULL;
    skip_space (self);
  }
}

static JsonNode *
scan_array (Scanner *self)
{
  g_autoptr (JsonArray) array = NULL;
  JsonNode *node;

  if (!enter (self))
    return NULL;
  if (self->is_built)
    array = json_array_new ();
  if (!scan_elements (self, array))
    return NULL;

  self->depth--;
  if (!self->is_built)
    return NOT_BUILT;
  node = json_node_alloc ();
  json_node_init_array (node, array);
  return node;
}

/* The keys of one object, to find a repeated one when it ends. */
typedef struct {
  Key *keys; /* inline_keys, or (owned) */
  gsize length;
  gsize capacity;
  Key inline_keys[N_INLINE_KEYS];
  GSList *copies; /* (owned) (element-type utf8): keys that had escapes */
} Keys;

static void
keys_init (Keys *self)
{
  self->keys = self->inline_keys;
  self->length = 0;
  self->capacity = N_INLINE_KEYS;
  self->copies = NULL;
}

static void
keys_clear (Keys *self)
{
  if (self->keys != self->inline_keys)
    g_free (self->keys);
  g_slist_free_full (self->copies, g_free);
}

static void
keys_add (Keys *self, Scanner *scanner, const char *text, gsize length, gsize position)
{
  guint32 hash = scanner->hash_seed;
  Key *key;

  if (self->length == self->capacity) {
    Key *grown = g_new (Key, self->capacity * 2);

    memcpy (grown, self->keys, self->length * sizeof (Key));
    if (self->keys != self->inline_keys)
      g_free (self->keys);
    self->keys = grown;
    self->capacity *= 2;
  }
  if (scanner->decoded != NULL && text == scanner->decoded->str) {
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
  const Key *left = a;
  const Key *right = b;
  int order;

  if (left->hash != right->hash)
    return left->hash < right->hash ? -1 : 1;
  order = memcmp (left->text, right->text, MIN (left->length, right->length));
  if (order != 0)
    return order;
  return left->length < right->length ? -1 : left->length > right->length;
}

static const Key *
keys_find_repeated (Keys *self)
{
  if (self->length <= N_INLINE_KEYS) {
    for (gsize i = 1; i < self->length; i++) {
      for (gsize j = 0; j < i; j++) {
        if (self->keys[i].hash == self->keys[j].hash &&
            compare_keys (&self->keys[i], &self->keys[j]) == 0)
          return &self->keys[i];
      }
    }
    return NULL;
  }

  qsort (self->keys, self->length, sizeof (Key), compare_keys);
  for (gsize i = 1; i < self->length; i++) {
    if (compare_keys (&self->keys[i - 1], &self->keys[i]) == 0)
      return &self->keys[i];
  }
  return NULL;
}

static gboolean
scan_member (Scanner *self, JsonObject *object, Keys *keys)
{
  const char *first = self->at;
  g_autofree char *name = NULL;
  const char *text;
  gsize length;
  JsonNode *value;

  if (!accept (self, '"'))
    return fail (self, "expected a member's name") != NULL;
  if (!scan_string (self, &text, &length))
    return FALSE;
  keys_add (keys, self, text, length, (gsize) (first - self->start));
  if (object != NULL)
    name = g_strndup (text, length);

  skip_space (self);
  if (!accept (self, ':'))
    return fail (self, "expected :") != NULL;
  skip_space (self);
  value = scan_value (self);
  if (value == NULL)
    return FALSE;
  if (object != NULL)
    json_object_set_member (object, name, value);
  return TRUE;
}

/* After the opening brace. */
static gboolean
scan_members (Scanner *self, JsonObject *object, Keys *keys)
{
  const Key *repeated;

  if (accept (self, '}'))
    return TRUE;

  do {
    skip_space (self);
    if (!scan_member (self, object, keys))
      return FALSE;
    skip_space (self);
  } while (accept (self, ','));

  if (!accept (self, '}'))
    return fail (self, "expected , or }") != NULL;
  repeated = keys_find_repeated (keys);
  if (repeated != NULL)
    return fail_at (self, self->start + repeated->position, "a repeated name") != NULL;
  return TRUE;
}

static JsonNode *
scan_object (Scanner *self)
{
  g_autoptr (JsonObject) object = NULL;
  Keys keys;
  gboolean is_valid;
  JsonNode *node;

  if (!enter (self))
    return NULL;
  if (self->is_built)
    object = json_object_new ();
  keys_init (&keys);
  is_valid = scan_members (self, object, &keys);
  keys_clear (&keys);
  if (!is_valid)
    return NULL;

  self->depth--;
  if (!self->is_built)
    return NOT_BUILT;
  node = json_node_alloc ();
  json_node_init_object (node, object);
  return node;
}

static JsonNode *
scan_value (Scanner *self)
{
  if (self->at >= self->end)
    return fail (self, "the text ends where a value is expected");

  switch (*self->at) {
  case '{':
    return scan_object (self);
  case '[':
    return scan_array (self);
  case '"':
    return scan_string_value (self);
  case 't':
    return scan_literal (self, "true");
  case 'f':
    return scan_literal (self, "false");
  case 'n':
    return scan_literal (self, "null");
  default:
    return scan_number (self);
  }
}

static JsonNode *
scan_document (Scanner *self)
{
  JsonNode *node;

  skip_space (self);
  node = scan_value (self);
  if (node == NULL)
    return NULL;

  skip_space (self);
  if (self->at == self->end)
    return node;

  if (self->is_built)
    json_node_unref (node);
  return fail (self, "text after the document");
}

static guint32
hash_seed (void)
{
  static gsize seed;

  if (g_once_init_enter (&seed))
    g_once_init_leave (&seed, (gsize) g_random_int () | 1);
  return (guint32) seed;
}

JsonNode *
guiche_json_scan (const char *text, gsize length, gboolean is_built, GuicheJsonScan *out_scan)
{
  Scanner self = { .start = text, .at = text, .end = text + length, .is_built = is_built };
  const char *invalid = text;
  JsonNode *node;

  if (length > 0 && !g_utf8_validate_len (text, length, &invalid)) {
    out_scan->problem = "invalid UTF-8, or NUL";
    out_scan->position = (gsize) (invalid - text);
    return NULL;
  }

  self.hash_seed = hash_seed ();
  node = scan_document (&self);
  if (self.decoded != NULL)
    g_string_free (self.decoded, TRUE);
  out_scan->problem = self.problem;
  out_scan->position = self.problem_position;
  return node;
}
