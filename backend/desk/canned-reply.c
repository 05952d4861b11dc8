/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/canned-reply.h"

#include "base/error.h"
#include "base/text.h"
#include "desk/canned-reply-store.h"
#include "desk/emit.h"

#include <string.h>

#define SHORTCUT_MAX 32
#define TITLE_CHARACTERS_MAX 100
#define BODY_CHARACTERS_MAX 4000

static gboolean
set_shortcut (GuicheCannedReplyRecord *reply, const char *shortcut, GError **error)
{
  gsize length;

  if (shortcut == NULL)
    return TRUE;
  g_free (reply->shortcut);
  reply->shortcut = g_ascii_strdown (shortcut, -1);
  length = strlen (reply->shortcut);
  return (length > 0 && length <= SHORTCUT_MAX &&
          strspn (reply->shortcut, "abcdefghijklmnopqrstuvwxyz0123456789-_") == length) ||
         guiche_desk_refuse_field (error, "shortcut", "is not 1 to 32 of a-z 0-9 - _");
}

static gboolean
set_title (GuicheCannedReplyRecord *reply, const char *title, GError **error)
{
  if (title == NULL)
    return TRUE;
  g_free (reply->title);
  reply->title = guiche_text_one_line (title, TITLE_CHARACTERS_MAX);
  return *reply->title != '\0' || guiche_desk_refuse_field (error, "title", "is empty");
}

static gboolean
set_body (GuicheCannedReplyRecord *reply, const char *body, GError **error)
{
  if (body == NULL)
    return TRUE;
  if (*body == '\0' || g_utf8_strlen (body, -1) > BODY_CHARACTERS_MAX)
    return guiche_desk_refuse_field (error, "body", "has not 1 to 4,000 characters");
  g_free (reply->body);
  reply->body = guiche_text_body (body);
  return TRUE;
}

static gboolean
emit_updated (GuicheTx *tx, const GuicheCannedReplyRecord *reply, GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "canned_reply");
  guiche_canned_reply_record_to_json (reply, writer);
  guiche_json_writer_end_object (writer);
  return guiche_desk_emit (tx, "canned_reply.updated", GUICHE_AUDIENCE_EVERYBODY, &reply->id,
                           writer, error);
}

static gboolean
check_complete (const GuicheCannedReplyRecord *reply, GError **error)
{
  if (reply->shortcut == NULL)
    return guiche_desk_refuse_field (error, "shortcut", "is missing");
  if (reply->title == NULL)
    return guiche_desk_refuse_field (error, "title", "is missing");
  return reply->body != NULL || guiche_desk_refuse_field (error, "body", "is missing");
}

gboolean
guiche_canned_reply_save (GuicheTx *tx,
                          const GuicheId *id,
                          const char *shortcut,
                          const char *title,
                          const char *body,
                          GuicheCannedReplyRecord *out,
                          GError **error)
{
  *out = (GuicheCannedReplyRecord){ 0 };
  if (guiche_id_is_none (id))
    out->id = guiche_tx_new_id (tx);
  else if (!guiche_canned_reply_store_load (tx, id, out, error))
    return FALSE;
  out->updated_at = guiche_tx_now_us (tx);
  return set_shortcut (out, shortcut, error) && set_title (out, title, error) &&
         set_body (out, body, error) && check_complete (out, error) &&
         guiche_canned_reply_store_put (tx, out, error) && emit_updated (tx, out, error) &&
         guiche_tx_audit (tx, "canned-reply.save", &out->id, NULL, error);
}

gboolean
guiche_canned_reply_delete (GuicheTx *tx, const GuicheId *id, GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  gboolean was_there = FALSE;

  if (!guiche_canned_reply_store_delete (tx, id, &was_there, error))
    return FALSE;
  if (!was_there) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND,
                         "there is no such canned reply");
    return FALSE;
  }
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", id);
  guiche_json_writer_end_object (writer);
  return guiche_desk_emit (tx, "canned_reply.deleted", GUICHE_AUDIENCE_EVERYBODY, id, writer,
                           error) &&
         guiche_tx_audit (tx, "canned-reply.delete", id, NULL, error);
}
