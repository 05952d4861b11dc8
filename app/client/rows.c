/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/rows.h"

void
guiche_conversation_row_free (GuicheConversationRow *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->kind);
  g_free (self->channel);
  g_free (self->customer_id);
  g_free (self->title);
  g_free (self->queue);
  g_free (self->state);
  g_free (self->assignee_id);
  g_free (self->close_reason);
  g_strfreev (self->members);
  g_free (self->last_sender_kind);
  g_free (self->last_sender_name);
  g_free (self->last_kind);
  g_free (self->last_body);
  g_free (self);
}

void
guiche_message_row_free (GuicheMessageRow *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->client_id);
  g_free (self->conversation_id);
  g_free (self->sender_kind);
  g_free (self->sender_id);
  g_free (self->sender_name);
  g_free (self->kind);
  g_free (self->body);
  g_free (self->quote_id);
  g_free (self->quote_sender);
  g_free (self->quote_body);
  g_free (self->file_id);
  g_free (self->file_name);
  g_free (self->file_type);
  g_free (self->waveform);
  g_free (self->attachments);
  g_free (self->mentions);
  g_free (self);
}

void
guiche_customer_row_free (GuicheCustomerRow *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->document);
  g_free (self->contract);
  g_free (self->plan);
  g_free (self->address);
  g_free (self->status);
  g_free (self->notes);
  g_strfreev (self->phones);
  g_strfreev (self->emails);
  g_free (self);
}

void
guiche_user_row_free (GuicheUserRow *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->login);
  g_free (self->name);
  g_free (self->role);
  g_free (self->email);
  g_free (self->status_text);
  g_strfreev (self->queues);
  g_free (self);
}

void
guiche_queue_row_free (GuicheQueueRow *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->key);
  g_free (self->name);
  g_strfreev (self->members);
  g_free (self);
}

void
guiche_canned_reply_row_free (GuicheCannedReplyRow *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->shortcut);
  g_free (self->title);
  g_free (self->body);
  g_free (self);
}

void
guiche_scheduled_row_free (GuicheScheduledRow *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->conversation_id);
  g_free (self->body);
  g_free (self);
}
