/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/message-parts.h"

#include "base/error.h"
#include "base/text.h"
#include "desk/emit.h"
#include "store/files.h"

#include <string.h>

#define LOGIN_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789._-"
#define MENTIONS_MAX 20
#define WAVEFORM_MAX 256
#define DURATION_MAX_MS (60 * 60 * 1000)

static gboolean
check_voice (const GuicheAttachmentRecord *wanted, GError **error)
{
  const char *waveform = wanted->waveform;
  gsize length = waveform == NULL ? 0 : strlen (waveform);

  if (wanted->duration_ms < 0 || wanted->duration_ms > DURATION_MAX_MS)
    return guiche_desk_refuse_field (error, "duration_ms", "is longer than an hour");
  if (length > WAVEFORM_MAX || length % 2 != 0 ||
      (waveform != NULL && strspn (waveform, "0123456789abcdefABCDEF") != length))
    return guiche_desk_refuse_field (error, "waveform", "is not up to 128 pairs of hex digits");
  return TRUE;
}

static gboolean
resolve_attachment (GuicheTx *tx,
                    const GuicheSender *sender,
                    const GuicheAttachmentRecord *wanted,
                    GuicheAttachmentRecord *out,
                    GError **error)
{
  g_auto (GuicheFile) file = { 0 };

  if (!check_voice (wanted, error) || !guiche_file_load (tx, &wanted->file_id, &file, error))
    return FALSE;
  if (!guiche_id_equal (&file.owner, &sender->id)) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no such file");
    return FALSE;
  }
  out->file_id = wanted->file_id;
  out->name = guiche_text_file_name (wanted->name != NULL ? wanted->name : file.name);
  out->type = g_strdup (file.type);
  out->size = file.size;
  out->duration_ms = wanted->duration_ms;
  out->waveform = g_strdup (wanted->waveform);
  return TRUE;
}

static gboolean
resolve_attachments (GuicheTx *tx,
                     const GuicheSender *sender,
                     const GuicheMessageRequest *request,
                     GuicheMessageRecord *record,
                     GError **error)
{
  record->attachments = g_new0 (GuicheAttachmentRecord, request->n_attachments);
  for (gsize i = 0; i < request->n_attachments; i++) {
    if (!resolve_attachment (tx, sender, &request->attachments[i], &record->attachments[i], error))
      return FALSE;
    record->n_attachments++;
  }
  return TRUE;
}

static gboolean
resolve_quote (GuicheTx *tx,
               const GuicheConversation *conversation,
               const GuicheSender *sender,
               const GuicheMessageRequest *request,
               GuicheMessageRecord *record,
               GError **error)
{
  g_auto (GuicheMessageRecord) quoted = { 0 };

  if (!guiche_message_load (tx, conversation, &request->quote_id, &quoted, error))
    return FALSE;
  if (sender->kind == GUICHE_SENDER_CUSTOMER && quoted.kind == GUICHE_MESSAGE_NOTE) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no such message");
    return FALSE;
  }
  /* A quotation in a text would carry a private note out to the visitor. */
  if (quoted.kind == GUICHE_MESSAGE_NOTE && record->kind != GUICHE_MESSAGE_NOTE)
    return guiche_desk_refuse_field (error, "quote", "is a private note: only a note can quote it");
  record->quote.id = quoted.id;
  record->quote.seq = quoted.seq;
  record->quote.sender_name = g_steal_pointer (&quoted.sender_name);
  record->quote.kind = quoted.kind;
  record->quote.body =
      g_strndup (quoted.body, guiche_preview_length (quoted.body, GUICHE_PREVIEW_CHARACTERS));
  return TRUE;
}

static void
add_mention (GuicheMessageRecord *record, const GuicheId *user_id)
{
  for (gsize i = 0; i < record->n_mentions; i++)
    if (guiche_id_equal (&record->mentions[i], user_id))
      return;
  record->mentions = g_renew (GuicheId, record->mentions, record->n_mentions + 1);
  record->mentions[record->n_mentions++] = *user_id;
}

/* `@ana.` at the end of a sentence means `ana`. */
static gboolean
resolve_login (GuicheTx *tx, char *login, GuicheId *out_id, GError **error)
{
  gsize length = strlen (login);

  while (length > 0) {
    if (!guiche_sender_find_login (tx, login, out_id, error))
      return FALSE;
    if (!guiche_id_is_none (out_id) || strchr ("._-", login[length - 1]) == NULL)
      return TRUE;
    login[--length] = '\0';
  }
  return TRUE;
}

gboolean
guiche_message_parts_resolve_mentions (GuicheTx *tx, GuicheMessageRecord *record, GError **error)
{
  const char *at = strchr (record->body, '@');

  g_clear_pointer (&record->mentions, g_free);
  record->n_mentions = 0;
  for (guint tried = 0; at != NULL && tried < MENTIONS_MAX; at = strchr (at + 1, '@'), tried++) {
    gsize length = strspn (at + 1, LOGIN_CHARACTERS);
    g_autofree char *login = g_strndup (at + 1, length);
    GuicheId id = GUICHE_ID_NONE;

    if (length == 0 || length > 64 || (at > record->body && g_ascii_isalnum (at[-1])))
      continue;
    if (!resolve_login (tx, login, &id, error))
      return FALSE;
    if (!guiche_id_is_none (&id))
      add_mention (record, &id);
  }
  return TRUE;
}

gboolean
guiche_message_parts_resolve (GuicheTx *tx,
                              const GuicheConversation *conversation,
                              const GuicheSender *sender,
                              const GuicheMessageRequest *request,
                              GuicheMessageRecord *record,
                              GError **error)
{
  if (request->n_attachments > 0 && !resolve_attachments (tx, sender, request, record, error))
    return FALSE;
  if (!guiche_id_is_none (&request->quote_id) &&
      !resolve_quote (tx, conversation, sender, request, record, error))
    return FALSE;
  return sender->kind != GUICHE_SENDER_AGENT ||
         guiche_message_parts_resolve_mentions (tx, record, error);
}
