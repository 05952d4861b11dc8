/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/message-facts.h"

void
guiche_message_facts_read (GuicheMessageFacts *facts, GuicheMessage *message)
{
  *facts = (GuicheMessageFacts){ 0 };
  g_object_get (message, "id", &facts->id, "client-id", &facts->client_id, "kind", &facts->kind,
                "body", &facts->body, "sender-kind", &facts->sender_kind, "sender-name",
                &facts->sender_name, "failure", &facts->failure, "quote-sender",
                &facts->quote_sender, "quote-body", &facts->quote_body, "seq", &facts->seq, "at",
                &facts->at, "quote-seq", &facts->quote_seq, "state", &facts->state, "is-mine",
                &facts->is_mine, "can-undo", &facts->can_undo, "is-edited", &facts->is_edited,
                "is-deleted", &facts->is_deleted, "is-loading", &facts->is_loading, "starts-day",
                &facts->starts_day, "starts-group", &facts->starts_group, "is-first-unread",
                &facts->is_first_unread, "attachment", &facts->attachment, NULL);
}

void
guiche_message_facts_clear (GuicheMessageFacts *facts)
{
  g_free (facts->id);
  g_free (facts->client_id);
  g_free (facts->kind);
  g_free (facts->body);
  g_free (facts->sender_kind);
  g_free (facts->sender_name);
  g_free (facts->failure);
  g_free (facts->quote_sender);
  g_free (facts->quote_body);
  g_clear_object (&facts->attachment);
  *facts = (GuicheMessageFacts){ 0 };
}

gboolean
guiche_message_facts_is (const GuicheMessageFacts *facts, const char *kind)
{
  return g_strcmp0 (facts->kind, kind) == 0;
}
