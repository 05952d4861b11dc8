/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/stream-private.h"

static void
on_refreshed_after_close (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheStream) self = user_data;

  if (guiche_session_refresh_finish (GUICHE_SESSION (source), result, NULL) && self->is_wanted)
    guiche_stream_retry_now (self);
}

void
guiche_stream_refresh_token (GuicheStream *self)
{
  guiche_session_refresh_async (self->session, NULL, on_refreshed_after_close, g_object_ref (self));
}

/* @user_data: a weak reference, because an attempt may outlive the stream. */
static GuicheStream *
take_stream (gpointer user_data)
{
  GuicheStream *self = g_weak_ref_get (user_data);

  g_weak_ref_clear (user_data);
  g_free (user_data);
  return self;
}

static gpointer
weakly (GuicheStream *self)
{
  GWeakRef *reference = g_new0 (GWeakRef, 1);

  g_weak_ref_init (reference, self);
  return reference;
}

static void
refused (GuicheStream *self, guint status, GError *error)
{
  g_autoptr (GError) reason = guiche_session_explain (self->session, self->message, error);

  if (status == 409 || status == 410) {
    guiche_stream_require_snapshot (self);
    return;
  }
  guiche_stream_go_down (self, reason->message);
  if (status == 401)
    guiche_stream_refresh_token (self);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheStream) self = take_stream (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupWebsocketConnection) connection =
                 soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (connection == NULL)
    refused (self, soup_message_get_status (self->message), error);
  else
    guiche_stream_adopt (self, g_steal_pointer (&connection));
}

static void
open_socket (GuicheStream *self)
{
  gint64 since = self->since != NULL ? self->since (self->since_data) : 0;
  g_autofree char *path = g_strdup_printf ("/api/v1/stream?since=%" G_GINT64_FORMAT, since);

  self->message = guiche_session_new_message (self->session, "GET", path, TRUE);
  if (self->message == NULL) {
    guiche_stream_go_down (self, "there is no server yet");
    return;
  }
  /* permessage-deflate lets a small frame become a large one. */
  soup_message_disable_feature (self->message, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
  self->cancellable = g_cancellable_new ();
  soup_session_websocket_connect_async (guiche_session_get_soup (self->session), self->message,
                                        NULL, NULL, G_PRIORITY_DEFAULT, self->cancellable,
                                        on_connected, weakly (self));
}

static void
on_token (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheStream) self = take_stream (user_data);
  g_autoptr (GError) error = NULL;
  gboolean is_done = guiche_session_refresh_finish (GUICHE_SESSION (source), result, &error);

  if (self == NULL || !self->is_wanted || self->state != GUICHE_STREAM_CONNECTING ||
      self->cancellable != NULL)
    return;
  if (is_done)
    open_socket (self);
  else
    guiche_stream_go_down (self, error->message);
}

void
guiche_stream_connect_now (GuicheStream *self)
{
  g_clear_handle_id (&self->retry_timer, g_source_remove);
  if (!self->is_wanted || self->state != GUICHE_STREAM_DOWN)
    return;
  guiche_stream_set_state (self, GUICHE_STREAM_CONNECTING);
  if (guiche_session_is_fresh (self->session))
    open_socket (self);
  else
    guiche_session_refresh_async (self->session, NULL, on_token, weakly (self));
}
