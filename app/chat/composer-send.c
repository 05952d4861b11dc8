/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/composer-private.h"
#include "chat/message-facts.h"
#include "chat/rendition.h"
#include "widgets/time-text.h"
#include "widgets/toast.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

static guint
undo_seconds (GuicheComposer *self)
{
  return g_settings_get_uint (self->settings, "undo-send-seconds");
}

/* (nullable) (transfer full). Hands it to the desk, which shows it at once and keeps it in the
 * outbox; counts down while it can be taken back. */
static GuicheMessage *
deliver (GuicheComposer *self, GuicheConversation *conversation, GuicheOutgoing *outgoing)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheMessage) message = NULL;
  guint seconds = outgoing->send_at_us > 0 ? 0 : undo_seconds (self);

  outgoing->undo_ms = seconds * 1000;
  message = guiche_desk_send (self->desk, conversation, outgoing, &error);
  if (!message) {
    guiche_toast_show_error (GTK_WIDGET (self), error);
    return NULL;
  }
  if (seconds > 0 && conversation == self->conversation)
    guiche_undo_bar_start (self->undo_bar, message, seconds);
  guiche_composer_update_actions (self);
  g_signal_emit_by_name (self, "sent", message);
  return g_steal_pointer (&message);
}

static void
edited_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GuicheComposer) self = data;
  g_autoptr (GError) error = NULL;

  if (!guiche_desk_action_finish (GUICHE_DESK (source), result, NULL, &error))
    guiche_toast_show_error (GTK_WIDGET (self), error);
}

static void
send_edit (GuicheComposer *self, const char *text)
{
  g_autofree char *draft = guiche_desk_dup_draft (self->desk, self->conversation);

  guiche_desk_edit_message_async (self->desk, self->edited, text, NULL, edited_cb,
                                  g_object_ref (self));
  guiche_composer_clear_reference (self);
  guiche_composer_fill (self, draft);
}

static void
text_is_sent (GuicheComposer *self)
{
  guiche_composer_clear_reference (self);
  self->is_note = FALSE;
  guiche_composer_text_set (self->text, ""); /* clears the draft and the typing mark too */
}

void
guiche_composer_send (GuicheComposer *self, gint64 send_at_us)
{
  g_autofree char *text = guiche_composer_text_dup (self->text);
  g_autofree char *quote_id = NULL;
  GuicheOutgoing outgoing = { .kind = self->is_note ? "note" : "text", .send_at_us = send_at_us };
  g_autoptr (GuicheMessage) message = NULL;

  g_strchomp (text);
  if (*text == '\0' || !guiche_composer_can_write (self))
    return;
  if (self->edited) {
    send_edit (self, text);
    return;
  }
  if (self->quoted)
    g_object_get (self->quoted, "id", &quote_id, NULL);
  outgoing.body = text;
  outgoing.quote_id = quote_id;
  message = deliver (self, self->conversation, &outgoing);
  if (!message)
    return;
  text_is_sent (self);
  if (send_at_us > 0) {
    g_autofree char *when = guiche_time_text_full (send_at_us, g_get_real_time ());
    g_autofree char *toast = g_strdup_printf (_ ("The message will be sent: %s"), when);

    guiche_toast_show (GTK_WIDGET (self), toast);
  }
}

void
guiche_composer_send_file (GuicheComposer *self, GuicheOutgoingFile *file)
{
  GuicheOutgoing outgoing = {
    .body = "",
    .kind = file->is_image ? "image" : "file",
    .path = file->path,
    .file_name = file->name,
  };
  g_autoptr (GuicheMessage) message = NULL;

  if (guiche_composer_can_write (self))
    message = deliver (self, self->conversation, &outgoing);
}

void
guiche_composer_send_recording (GuicheComposer *self, GuicheRecording *recording)
{
  GuicheOutgoing outgoing = {
    .body = "",
    .kind = "voice",
    .path = recording->path,
    .file_name = "voice.oga",
    .duration_ms = recording->duration_ms,
    .waveform = recording->waveform,
  };
  g_autoptr (GuicheMessage) message = NULL;

  if (self->recording_for)
    message = deliver (self, self->recording_for, &outgoing);
  if (message)
    guiche_rendition_send (self->desk, message, recording->path); /* the outbox has its own copy */
  else
    g_unlink (recording->path);
}

/* What was written comes back, unless something new was begun meanwhile. */
void
guiche_composer_undo (GuicheComposer *self)
{
  g_autoptr (GuicheMessage) message = guiche_undo_bar_take (self->undo_bar);
  g_autofree char *present = guiche_composer_text_dup (self->text);
  g_auto (GuicheMessageFacts) facts = { 0 };

  if (!message)
    return;
  guiche_message_facts_read (&facts, message);
  if (!guiche_desk_undo_send (self->desk, message)) {
    guiche_toast_show (GTK_WIDGET (self), _ ("Too late: the message is on its way."));
    return;
  }
  if (guiche_message_facts_is (&facts, "note"))
    guiche_composer_set_note (self, TRUE);
  if (*present == '\0' && facts.body && *facts.body)
    guiche_composer_text_set (self->text, facts.body);
  guiche_composer_update (self);
  guiche_composer_focus (self);
}
