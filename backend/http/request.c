/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "http/request-private.h"

#include <string.h>

#define HEADER_MAX_LENGTH 256

void
guiche_request_init (GuicheRequest *self)
{
  *self = (GuicheRequest){ .text = g_byte_array_sized_new (512) };
}

void
guiche_request_reset (GuicheRequest *self)
{
  GByteArray *text = self->text;

  g_clear_pointer (&self->body, json_node_unref);
  g_clear_pointer (&self->upload, guiche_upload_free);
  g_byte_array_set_size (text, 0);
  self->store = NULL;
  self->tenant = NULL;
  self->actor = (GuicheActor){ 0 };
  self->context = NULL;
  self->n_segments = self->n_path = self->n_query = 0;
  self->content_type = self->user_agent = self->accept_language = self->if_none_match = NULL;
}

void
guiche_request_clear (GuicheRequest *self)
{
  guiche_request_reset (self);
  g_clear_pointer (&self->text, g_byte_array_unref);
}

/* Decodes text[from, to) in place to a NUL-terminated string. */
static gboolean
decode_piece (char *text, gsize from, gsize to, gboolean is_query)
{
  gsize out = from;

  for (gsize at = from; at < to; at++) {
    char c = text[at];
    if (c == '%') {
      int high = at + 2 < to ? g_ascii_xdigit_value (text[at + 1]) : -1;
      int low = at + 2 < to ? g_ascii_xdigit_value (text[at + 2]) : -1;
      if (high < 0 || low < 0 || (high == 0 && low == 0))
        return FALSE;
      c = (char) (high * 16 + low);
      at += 2;
    } else if (c == '+' && is_query) {
      c = ' ';
    }
    text[out++] = c;
  }
  text[out] = '\0';
  return g_utf8_validate (text + from, out - from, NULL);
}

static gboolean
is_hostile_segment (const char *segment)
{
  return strcmp (segment, ".") == 0 || strcmp (segment, "..") == 0 ||
         strchr (segment, '/') != NULL || strchr (segment, '\\') != NULL;
}

static gboolean
fail (GError **error, int code, const char *why)
{
  g_set_error_literal (error, GUICHE_ERROR, code, why);
  return FALSE;
}

static gboolean
decode_path (GuicheRequest *self, char *text, gsize end, GError **error)
{
  /* text[0] is the slash; a segment ends at the next one. */
  for (gsize start = 1; start <= end;) {
    char *slash = memchr (text + start, '/', end - start);
    gsize stop = slash != NULL ? (gsize) (slash - text) : end;
    if (self->n_segments == GUICHE_REQUEST_MAX_SEGMENTS)
      return fail (error, GUICHE_ERROR_NOT_FOUND, "there is nothing at this path");
    if (!decode_piece (text, start, stop, FALSE))
      return fail (error, GUICHE_ERROR_INVALID_REQUEST, "the path is malformed");
    if (is_hostile_segment (text + start))
      return fail (error, GUICHE_ERROR_NOT_FOUND, "there is nothing at this path");
    self->segments[self->n_segments++] = text + start;
    start = stop + 1;
  }
  return TRUE;
}

static gboolean
decode_query (GuicheRequest *self, char *text, gsize start, gsize end, GError **error)
{
  while (start < end) {
    char *ampersand = memchr (text + start, '&', end - start);
    gsize stop = ampersand != NULL ? (gsize) (ampersand - text) : end;
    char *equals = memchr (text + start, '=', stop - start);
    gsize name_end = equals != NULL ? (gsize) (equals - text) : stop;
    if (self->n_query == GUICHE_REQUEST_MAX_PARAMETERS)
      return fail (error, GUICHE_ERROR_INVALID_REQUEST, "too many query parameters");
    if (equals != NULL && !decode_piece (text, name_end + 1, stop, TRUE))
      return fail (error, GUICHE_ERROR_INVALID_REQUEST, "the query is malformed");
    if (!decode_piece (text, start, name_end, TRUE))
      return fail (error, GUICHE_ERROR_INVALID_REQUEST, "the query is malformed");
    if (name_end > start)
      self->query[self->n_query++] =
          (GuicheParameter){ text + start, equals != NULL ? text + name_end + 1 : "" };
    start = stop + 1;
  }
  return TRUE;
}

/* Offset + 1 of the copy in @text; 0: none. */
static gsize
keep (GuicheRequest *self, GuicheText value)
{
  gsize at = self->text->len + 1;

  if (value.text == NULL || value.length == 0)
    return 0;
  g_byte_array_append (self->text, (const guint8 *) value.text,
                       MIN (value.length, HEADER_MAX_LENGTH));
  g_byte_array_append (self->text, (const guint8 *) "", 1);
  return at;
}

gboolean
guiche_request_decode (GuicheRequest *self, const GuicheRequestTexts *texts, GError **error)
{
  gsize length = texts->target.length;
  gsize at[4];

  g_byte_array_set_size (self->text, 0);
  g_byte_array_append (self->text, (const guint8 *) texts->target.text, length);
  g_byte_array_append (self->text, (const guint8 *) "", 1);
  at[0] = keep (self, texts->content_type);
  at[1] = keep (self, texts->user_agent);
  at[2] = keep (self, texts->accept_language);
  at[3] = keep (self, texts->if_none_match);

  char *text = (char *) self->text->data; /* grows no more */
  self->content_type = at[0] > 0 ? text + at[0] - 1 : NULL;
  self->user_agent = at[1] > 0 ? text + at[1] - 1 : NULL;
  self->accept_language = at[2] > 0 ? text + at[2] - 1 : NULL;
  self->if_none_match = at[3] > 0 ? text + at[3] - 1 : NULL;
  self->n_segments = self->n_path = self->n_query = 0;

  if (length == 0 || text[0] != '/' || memchr (text, '\0', length) != NULL)
    return fail (error, GUICHE_ERROR_INVALID_REQUEST, "the target is not a path");
  char *mark = memchr (text, '?', length);
  gsize path_end = mark != NULL ? (gsize) (mark - text) : length;
  return decode_path (self, text, path_end, error) &&
         decode_query (self, text, MIN (path_end + 1, length), length, error);
}

GuicheTenant *
guiche_request_tenant (const GuicheRequest *self)
{
  return self->tenant;
}

const GuicheActor *
guiche_request_actor (const GuicheRequest *self)
{
  return &self->actor;
}

gpointer
guiche_request_context (const GuicheRequest *self)
{
  return self->context;
}

GuicheStore *
guiche_request_store (const GuicheRequest *self)
{
  return self->store;
}

const char *
guiche_request_path_param (const GuicheRequest *self, const char *name)
{
  for (guint i = 0; i < self->n_path; i++)
    if (strcmp (self->path[i].name, name) == 0)
      return self->path[i].value;
  return NULL;
}

gboolean
guiche_request_path_id (const GuicheRequest *self,
                        const char *name,
                        GuicheId *out_id,
                        GError **error)
{
  const char *value = guiche_request_path_param (self, name);

  if (value != NULL && guiche_id_parse (value, out_id))
    return TRUE;
  return fail (error, GUICHE_ERROR_NOT_FOUND, "there is nothing with this id");
}

const char *
guiche_request_query (const GuicheRequest *self, const char *name)
{
  for (guint i = 0; i < self->n_query; i++)
    if (strcmp (self->query[i].name, name) == 0)
      return self->query[i].value[0] == '\0' ? NULL : self->query[i].value; /* `cursor=` is none */
  return NULL;
}

gint64
guiche_request_query_int (const GuicheRequest *self, const char *name, gint64 fallback)
{
  const char *value = guiche_request_query (self, name);
  gint64 number;

  if (value != NULL && g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return number;
  return fallback;
}

JsonObject *
guiche_request_body (const GuicheRequest *self)
{
  return self->body != NULL ? json_node_get_object (self->body) : NULL;
}

GuicheUpload *
guiche_request_upload (const GuicheRequest *self)
{
  return self->upload;
}

const char *
guiche_request_header (const GuicheRequest *self, const char *name)
{
  if (g_ascii_strcasecmp (name, "Content-Type") == 0)
    return self->content_type;
  if (g_ascii_strcasecmp (name, "User-Agent") == 0)
    return self->user_agent;
  if (g_ascii_strcasecmp (name, "Accept-Language") == 0)
    return self->accept_language;
  return NULL;
}
