/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/request-private.h"

#include <string.h>

static void
header_clear (gpointer data)
{
  GuicheReplyHeader *header = data;

  g_free (header->name);
  g_free (header->value);
}

void
guiche_reply_init (GuicheReply *self)
{
  *self = (GuicheReply){ .status = 200, .json = guiche_json_writer_new () };
}

void
guiche_reply_reset (GuicheReply *self)
{
  self->status = 200;
  if (self->has_json)
    guiche_json_writer_reset (self->json);
  self->has_json = FALSE;
  g_clear_pointer (&self->file_path, g_free);
  g_clear_pointer (&self->type, g_free);
  g_clear_pointer (&self->file_name, g_free);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->headers, g_array_unref);
}

void
guiche_reply_clear (GuicheReply *self)
{
  guiche_reply_reset (self);
  g_clear_pointer (&self->json, guiche_json_writer_free);
}

void
guiche_reply_set_status (GuicheReply *self, guint status)
{
  self->status = status;
}

GuicheJsonWriter *
guiche_reply_json (GuicheReply *self)
{
  self->has_json = TRUE;
  return self->json;
}

void
guiche_reply_set_file (GuicheReply *self, const char *path, const char *type, const char *name)
{
  g_free (self->file_path);
  g_free (self->type);
  g_free (self->file_name);
  self->file_path = g_strdup (path);
  self->type = g_strdup (type);
  self->file_name = g_strdup (name);
}

void
guiche_reply_set_bytes (GuicheReply *self, GBytes *bytes, const char *type)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->type);
  self->bytes = g_bytes_ref (bytes);
  self->type = g_strdup (type);
}

void
guiche_reply_set_header (GuicheReply *self, const char *name, const char *value)
{
  GuicheReplyHeader header = { g_strdup (name), g_strdup (value) };

  /* A line break would end the header: the caller's bug, but never the client's chance. */
  g_return_if_fail (strpbrk (value, "\r\n") == NULL);
  if (self->headers == NULL) {
    self->headers = g_array_new (FALSE, FALSE, sizeof (GuicheReplyHeader));
    g_array_set_clear_func (self->headers, header_clear);
  }
  g_array_append_val (self->headers, header);
}
