/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-scanner.h"

#include "base/json-keys.h"
#include "base/json-lexer.h"
#include "base/json.h"

typedef struct {
  GuicheJsonLexer lexer;
  gboolean is_built;
  guint depth;
} Scanner;

/* Stands for a value that was only checked. */
static char not_built;
#define NOT_BUILT ((JsonNode *) &not_built)

static JsonNode *scan_value (Scanner *self);

static JsonNode *
scan_number (Scanner *self)
{
  GuicheJsonNumber number = { 0 };

  if (!guiche_json_lexer_number (&self->lexer, &number))
    return NULL;
  if (!self->is_built)
    return NOT_BUILT;

  return number.is_integer ? json_node_init_int (json_node_alloc (), number.integer)
                           : json_node_init_double (json_node_alloc (), number.number);
}

static JsonNode *
scan_literal (Scanner *self, const char *literal)
{
  if (!guiche_json_lexer_literal (&self->lexer, literal))
    return NULL;
  if (!self->is_built)
    return NOT_BUILT;

  return *literal == 'n' ? json_node_init_null (json_node_alloc ())
                         : json_node_init_boolean (json_node_alloc (), *literal == 't');
}

static JsonNode *
scan_string (Scanner *self)
{
  const char *text;
  gsize length;
  g_autofree char *copy = NULL;

  self->lexer.at++;
  if (!guiche_json_lexer_string (&self->lexer, &text, &length))
    return NULL;
  if (!self->is_built)
    return NOT_BUILT;

  copy = g_strndup (text, length);
  return json_node_init_string (json_node_alloc (), copy);
}

/* At an opening bracket. */
static gboolean
enter (Scanner *self)
{
  if (self->depth == GUICHE_JSON_MAX_DEPTH)
    return guiche_json_lexer_fail (&self->lexer, "nested too deeply");

  self->depth++;
  self->lexer.at++;
  guiche_json_lexer_skip_space (&self->lexer);
  return TRUE;
}

/* After the opening bracket; @array is NULL when nothing is built. */
static gboolean
scan_elements (Scanner *self, JsonArray *array)
{
  if (guiche_json_lexer_accept (&self->lexer, ']'))
    return TRUE;

  for (;;) {
    JsonNode *element = scan_value (self);

    if (element == NULL)
      return FALSE;
    if (array != NULL)
      json_array_add_element (array, element);
    guiche_json_lexer_skip_space (&self->lexer);
    if (guiche_json_lexer_accept (&self->lexer, ']'))
      return TRUE;
    if (!guiche_json_lexer_accept (&self->lexer, ','))
      return guiche_json_lexer_fail (&self->lexer, "expected , or ]");
    guiche_json_lexer_skip_space (&self->lexer);
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

static gboolean
scan_member (Scanner *self, JsonObject *object, GuicheJsonKeys *keys)
{
  GuicheJsonLexer *lexer = &self->lexer;
  gsize position = (gsize) (lexer->at - lexer->start);
  g_autofree char *name = NULL;
  const char *text;
  gsize length;
  gboolean is_lasting;
  JsonNode *value;

  if (!guiche_json_lexer_accept (lexer, '"'))
    return guiche_json_lexer_fail (lexer, "expected a member's name");
  if (!guiche_json_lexer_string (lexer, &text, &length))
    return FALSE;
  is_lasting = lexer->decoded == NULL || text != lexer->decoded->str;
  guiche_json_keys_add (keys, text, length, is_lasting, position);
  if (object != NULL)
    name = g_strndup (text, length);

  guiche_json_lexer_skip_space (lexer);
  if (!guiche_json_lexer_accept (lexer, ':'))
    return guiche_json_lexer_fail (lexer, "expected :");
  guiche_json_lexer_skip_space (lexer);
  value = scan_value (self);
  if (value != NULL && object != NULL)
    json_object_set_member (object, name, value);
  return value != NULL;
}

/* After the opening brace. */
static gboolean
scan_members (Scanner *self, JsonObject *object, GuicheJsonKeys *keys)
{
  GuicheJsonLexer *lexer = &self->lexer;
  const GuicheJsonKey *repeated;

  if (guiche_json_lexer_accept (lexer, '}'))
    return TRUE;

  do {
    guiche_json_lexer_skip_space (lexer);
    if (!scan_member (self, object, keys))
      return FALSE;
    guiche_json_lexer_skip_space (lexer);
  } while (guiche_json_lexer_accept (lexer, ','));

  if (!guiche_json_lexer_accept (lexer, '}'))
    return guiche_json_lexer_fail (lexer, "expected , or }");
  repeated = guiche_json_keys_find_repeated (keys);
  return repeated == NULL ||
         guiche_json_lexer_fail_at (lexer, lexer->start + repeated->position, "a repeated name");
}

static JsonNode *
scan_object (Scanner *self)
{
  g_autoptr (JsonObject) object = NULL;
  GuicheJsonKeys keys;
  gboolean is_valid;
  JsonNode *node;

  if (!enter (self))
    return NULL;
  if (self->is_built)
    object = json_object_new ();
  guiche_json_keys_init (&keys);
  is_valid = scan_members (self, object, &keys);
  guiche_json_keys_clear (&keys);
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
  if (self->lexer.at >= self->lexer.end) {
    guiche_json_lexer_fail (&self->lexer, "the text ends where a value is expected");
    return NULL;
  }

  switch (*self->lexer.at) {
  case '{':
    return scan_object (self);
  case '[':
    return scan_array (self);
  case '"':
    return scan_string (self);
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

  guiche_json_lexer_skip_space (&self->lexer);
  node = scan_value (self);
  if (node == NULL)
    return NULL;

  guiche_json_lexer_skip_space (&self->lexer);
  if (self->lexer.at == self->lexer.end)
    return node;

  if (self->is_built)
    json_node_unref (node);
  guiche_json_lexer_fail (&self->lexer, "text after the document");
  return NULL;
}

JsonNode *
guiche_json_scan (const char *text, gsize length, gboolean is_built, GuicheJsonScan *out_scan)
{
  Scanner self = { .lexer = { .start = text, .at = text, .end = text + length },
                   .is_built = is_built };
  const char *invalid = text;
  JsonNode *node;

  if (length > 0 && !g_utf8_validate_len (text, length, &invalid)) {
    out_scan->problem = "invalid UTF-8, or NUL";
    out_scan->position = (gsize) (invalid - text);
    return NULL;
  }

  node = scan_document (&self);
  if (self.lexer.decoded != NULL)
    g_string_free (self.lexer.decoded, TRUE);
  out_scan->problem = self.lexer.problem;
  out_scan->position = self.lexer.problem_position;
  return node;
}
