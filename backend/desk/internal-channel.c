/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/internal-channel.h"

#include "base/error.h"
#include "base/text.h"
#include "desk/conversation-store.h"
#include "desk/emit.h"
#include "desk/message.h"
#include "desk/sender.h"
#include "people/access.h"

#include <string.h>

#define NAME_CHARACTERS_MAX 60
#define MEMBERS_MAX 500

/* *@out_changed (nullable) FALSE: they were in it. */
static gboolean
add_member (GuicheTx *tx,
            GuicheConversation *self,
            const GuicheId *user_id,
            gboolean *out_changed,
            GError **error)
{
  gboolean is_new = FALSE;

  if (!guiche_sender_check_user (tx, user_id, error) ||
      !guiche_conversation_store_add_member (tx, &self->record.id, user_id, &is_new, error))
    return FALSE;
  if (out_changed != NULL)
    *out_changed = is_new;
  return !is_new || guiche_access_announce (tx, user_id, error);
}

static gboolean
post_person_line (GuicheTx *tx,
                  GuicheConversation *self,
                  const char *code,
                  const GuicheId *user_id,
                  GError **error)
{
  g_autofree char *name = guiche_sender_dup_user_name (tx, user_id, error);
  g_autofree char *line = name == NULL ? NULL : g_strconcat (code, name, NULL);

  return line != NULL && guiche_message_post_line (tx, self, NULL, line, error);
}

/* Who joined is in the list of members that everybody in it then sees. */
static gboolean
announce_members (GuicheTx *tx, GuicheConversation *self, GError **error)
{
  return guiche_conversation_store_load_members (tx, self, error) &&
         guiche_conversation_announce (tx, self, "conversation.updated", error);
}

static gboolean
audit (GuicheTx *tx, const char *action, const GuicheConversation *self, GError **error)
{
  return guiche_tx_audit (tx, action, &self->record.id, NULL, error);
}

/* `# Suporte Técnico` is `suporte-técnico`. */
static char *
clean_name (const char *name)
{
  g_autofree char *line = guiche_text_one_line (name, NAME_CHARACTERS_MAX);
  g_autofree char *lower = g_utf8_strdown (line, -1);
  const char *start = lower;

  while (*start == '#' || *start == ' ')
    start++;
  g_strdelimit (lower, " ", '-');
  return g_strdup (start);
}

static GuicheConversation *
insert_internal (GuicheTx *tx,
                 GuicheConversationKind kind,
                 const char *title,
                 GBytes *pair,
                 GError **error)
{
  GuicheConversation fresh = { .ref_count = 1 };
  GuicheConversationRecord *record = &fresh.record;

  record->id = guiche_tx_new_id (tx);
  record->kind = kind;
  record->title = (char *) title;
  record->state = GUICHE_CONVERSATION_OPEN;
  record->created_at = record->updated_at = guiche_tx_now_us (tx);
  if (!guiche_conversation_store_insert (tx, &fresh, pair, error))
    return NULL;
  return guiche_conversation_load (tx, &record->id, error);
}

GuicheConversation *
guiche_channel_create (GuicheTx *tx,
                       const char *name,
                       const GuicheId *members,
                       gsize n_members,
                       GError **error)
{
  g_autofree char *title = clean_name (name);
  g_autoptr (GuicheConversation) self = NULL;

  if (*title == '\0') {
    guiche_desk_refuse_field (error, "name", "is empty");
    return NULL;
  }
  if (n_members > MEMBERS_MAX) {
    guiche_desk_refuse_field (error, "members", "are more than 500");
    return NULL;
  }
  self = insert_internal (tx, GUICHE_CONVERSATION_CHANNEL, title, NULL, error);
  if (self == NULL || !add_member (tx, self, &guiche_tx_actor (tx)->id, NULL, error))
    return NULL;
  for (gsize i = 0; i < n_members; i++)
    if (!add_member (tx, self, &members[i], NULL, error))
      return NULL;
  if (!guiche_conversation_store_load_members (tx, self, error) ||
      !guiche_conversation_announce (tx, self, "conversation.created", error) ||
      !guiche_message_post_line (tx, self, NULL, "opened", error) ||
      !audit (tx, "channel.create", self, error))
    return NULL;
  return g_steal_pointer (&self);
}

static GuicheConversation *
load_channel (GuicheTx *tx, const GuicheId *id, gboolean must_see, GError **error)
{
  g_autoptr (GuicheConversation) self = must_see ? guiche_conversation_load_visible (tx, id, error)
                                                 : guiche_conversation_load (tx, id, error);

  if (self == NULL)
    return NULL;
  if (self->record.kind == GUICHE_CONVERSATION_CHANNEL)
    return g_steal_pointer (&self);
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no such channel");
  return NULL;
}

GuicheConversation *
guiche_channel_join (GuicheTx *tx, const GuicheId *id, GError **error)
{
  const GuicheId *user_id = &guiche_tx_actor (tx)->id;
  g_autoptr (GuicheConversation) self = load_channel (tx, id, FALSE, error);
  gboolean is_new = FALSE;

  if (self == NULL || !add_member (tx, self, user_id, &is_new, error))
    return NULL;
  if (is_new && (!announce_members (tx, self, error) ||
                 !post_person_line (tx, self, "joined:", user_id, error) ||
                 !audit (tx, "channel.join", self, error)))
    return NULL;
  return g_steal_pointer (&self);
}

GuicheConversation *
guiche_channel_leave (GuicheTx *tx, const GuicheId *id, GError **error)
{
  const GuicheId *user_id = &guiche_tx_actor (tx)->id;
  g_autoptr (GuicheConversation) self = load_channel (tx, id, TRUE, error);
  gboolean was_there = FALSE;

  if (self == NULL ||
      !guiche_conversation_store_remove_member (tx, id, user_id, &was_there, error) ||
      !announce_members (tx, self, error) ||
      !post_person_line (tx, self, "left:", user_id, error) ||
      !guiche_access_announce (tx, user_id, error) || !audit (tx, "channel.leave", self, error))
    return NULL;
  return g_steal_pointer (&self);
}

GuicheConversation *
guiche_channel_add_members (GuicheTx *tx,
                            const GuicheId *id,
                            const GuicheId *members,
                            gsize n_members,
                            GError **error)
{
  g_autoptr (GuicheConversation) self = load_channel (tx, id, TRUE, error);
  g_autoptr (GArray) added = g_array_new (FALSE, FALSE, sizeof (GuicheId));

  if (self == NULL)
    return NULL;
  for (gsize i = 0; i < n_members; i++) {
    gboolean is_new = FALSE;

    if (!add_member (tx, self, &members[i], &is_new, error))
      return NULL;
    if (is_new)
      g_array_append_val (added, members[i]);
  }
  if (added->len == 0)
    return g_steal_pointer (&self);
  if (!announce_members (tx, self, error) || !audit (tx, "channel.add-members", self, error))
    return NULL;
  for (guint i = 0; i < added->len; i++)
    if (!post_person_line (tx, self, "joined:", &g_array_index (added, GuicheId, i), error))
      return NULL;
  return g_steal_pointer (&self);
}

static GBytes *
make_pair (const GuicheId *a, const GuicheId *b)
{
  GuicheId both[2] = { *a, *b };

  if (guiche_id_compare (a, b) > 0) {
    both[0] = *b;
    both[1] = *a;
  }
  return g_bytes_new (both, sizeof both);
}

/* Direct ones are in nobody's list of channels: their audience names both, so nobody's access
 * changes. */
static gboolean
add_pair (GuicheTx *tx,
          GuicheConversation *self,
          const GuicheId *a,
          const GuicheId *b,
          GError **error)
{
  gboolean is_new = FALSE;

  return guiche_sender_check_user (tx, b, error) &&
         guiche_conversation_store_add_member (tx, &self->record.id, a, &is_new, error) &&
         guiche_conversation_store_add_member (tx, &self->record.id, b, &is_new, error) &&
         guiche_conversation_store_load_members (tx, self, error) &&
         guiche_conversation_announce (tx, self, "conversation.created", error);
}

GuicheConversation *
guiche_direct_open (GuicheTx *tx, const GuicheId *user_id, gboolean *out_is_new, GError **error)
{
  const GuicheId *own_id = &guiche_tx_actor (tx)->id;
  g_autoptr (GBytes) pair = make_pair (own_id, user_id);
  g_autoptr (GuicheConversation) self = NULL;
  GuicheId id;

  if (guiche_id_equal (own_id, user_id)) {
    guiche_desk_refuse_field (error, "user_id", "is oneself");
    return NULL;
  }
  if (!guiche_conversation_store_find_pair (tx, pair, &id, error))
    return NULL;
  *out_is_new = guiche_id_is_none (&id);
  if (!*out_is_new)
    return guiche_conversation_load (tx, &id, error);
  self = insert_internal (tx, GUICHE_CONVERSATION_DIRECT, NULL, pair, error);
  if (self == NULL || !add_pair (tx, self, own_id, user_id, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
guiche_channel_summary_free (GuicheChannelSummary *self)
{
  g_free (self->title);
  g_free (self);
}
