/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-chat"

#include "chat/rendition.h"

#include "audio/aac-rendition.h"

#include <glib/gstdio.h>

typedef struct {
  GuicheDesk *desk;       /* (owned) */
  GuicheMessage *message; /* (nullable) (weak): gone when it was taken back */
  char *source_path;
  char *path; /* (nullable): of the rendition */
  gulong seq_handler;
} Rendition;

static void on_message_gone (gpointer data, GObject *where);

static void
rendition_free (Rendition *self)
{
  if (self->message) {
    g_clear_signal_handler (&self->seq_handler, self->message);
    g_object_weak_unref (G_OBJECT (self->message), on_message_gone, self);
  }
  if (self->path)
    g_unlink (self->path);
  g_unlink (self->source_path);
  g_object_unref (self->desk);
  g_free (self->source_path);
  g_free (self->path);
  g_free (self);
}

/* While it is being encoded the encoder's callback frees it. */
static void
on_message_gone (gpointer data, GObject *where)
{
  Rendition *self = data;

  self->message = NULL;
  if (self->path)
    rendition_free (self);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Rendition *self = data;
  g_autoptr (GError) error = NULL;

  if (!guiche_desk_action_finish (GUICHE_DESK (source), result, NULL, &error))
    g_info ("the AAC form of a voice note was not sent: %s", error->message);
  rendition_free (self);
}

static void
send_if_stored (Rendition *self)
{
  g_autoptr (GuicheAttachment) attachment = NULL;
  g_autofree char *file_id = NULL;
  gint64 seq;

  g_object_get (self->message, "seq", &seq, "attachment", &attachment, NULL);
  if (attachment)
    g_object_get (attachment, "file-id", &file_id, NULL);
  if (seq == 0 || !file_id)
    return;
  g_clear_signal_handler (&self->seq_handler, self->message);
  g_object_weak_unref (G_OBJECT (self->message), on_message_gone, self);
  self->message = NULL;
  guiche_desk_add_rendition_async (self->desk, file_id, self->path, "audio/mp4", NULL, sent_cb,
                                   self);
}

static void
encoded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Rendition *self = data;
  g_autoptr (GError) error = NULL;

  self->path = guiche_aac_rendition_finish (result, &error);
  if (!self->path || !self->message) {
    if (error)
      g_info ("no AAC form of a voice note: %s", error->message);
    rendition_free (self);
    return;
  }
  self->seq_handler =
      g_signal_connect_swapped (self->message, "notify", G_CALLBACK (send_if_stored), self);
  send_if_stored (self);
}

void
guiche_rendition_send (GuicheDesk *desk, GuicheMessage *message, const char *path)
{
  Rendition *self = g_new0 (Rendition, 1);

  self->desk = g_object_ref (desk);
  self->source_path = g_strdup (path);
  self->message = message;
  g_object_weak_ref (G_OBJECT (message), on_message_gone, self);
  guiche_aac_rendition_async (path, NULL, encoded_cb, self);
}
