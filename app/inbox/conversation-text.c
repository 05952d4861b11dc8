/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/conversation-text.h"

#include "widgets/time-text.h"

#include <glib/gi18n.h>

char *
guiche_conversation_text_title (GuicheConversation *conversation)
{
  const char *title = guiche_conversation_get_title (conversation);

  if (g_strcmp0 (guiche_conversation_get_kind (conversation), "channel") == 0)
    return g_strdup_printf ("#%s", title != NULL ? title : "");
  if (title == NULL || *title == '\0')
    return g_strdup (_ ("Unknown"));
  return g_strdup (title);
}

const char *
guiche_conversation_text_state (const char *state)
{
  static const struct {
    const char *state, *text;
  } rows[] = {
    { "waiting", N_ ("Waiting") }, { "open", N_ ("Open") },     { "pending", N_ ("Pending") },
    { "snoozed", N_ ("Snoozed") }, { "closed", N_ ("Closed") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (g_strcmp0 (rows[i].state, state) == 0)
      return _ (rows[i].text);
  }
  return "";
}

static char *
customer_subtitle (GuicheConversation *conversation)
{
  g_autofree char *queue_name = NULL;
  const char *state = guiche_conversation_text_state (guiche_conversation_get_state (conversation));
  GuichePerson *assignee = guiche_conversation_get_assignee (conversation);

  g_object_get (conversation, "queue-name", &queue_name, NULL);
  if (queue_name == NULL)
    queue_name = g_strdup (_ ("No queue"));
  if (assignee != NULL && !guiche_conversation_get_is_mine (conversation))
    return g_strdup_printf ("%s · %s · %s", queue_name, state, guiche_person_get_name (assignee));
  return g_strdup_printf ("%s · %s", queue_name, state);
}

char *
guiche_conversation_text_subtitle (GuicheConversation *conversation)
{
  g_autofree char *typing = NULL;
  const char *kind = guiche_conversation_get_kind (conversation);

  g_object_get (conversation, "typing", &typing, NULL);
  if (typing != NULL && *typing != '\0')
    return g_strdup_printf (_ ("%s is typing…"), typing);
  if (g_strcmp0 (kind, "customer") == 0)
    return customer_subtitle (conversation);
  if (g_strcmp0 (kind, "channel") == 0)
    return g_strdup (_ ("Internal channel"));
  return g_strdup (_ ("Direct conversation"));
}

char *
guiche_conversation_text_accessible (GuicheConversation *conversation)
{
  GString *text = g_string_new (NULL);
  g_autofree char *title = guiche_conversation_text_title (conversation);
  g_autofree char *subtitle = guiche_conversation_text_subtitle (conversation);
  g_autofree char *preview = NULL;
  g_autofree char *time = NULL;
  gboolean has_draft = FALSE;
  gboolean is_closed = g_strcmp0 (guiche_conversation_get_state (conversation), "closed") == 0;
  guint unread = is_closed ? 0 : guiche_conversation_get_unread (conversation);
  gint64 last_at = 0;

  g_object_get (conversation, "preview", &preview, "last-at", &last_at, "has-draft", &has_draft,
                NULL);
  time = guiche_time_text_full (last_at, g_get_real_time ());
  g_string_append (text, title);
  if (unread > 0)
    g_string_append_printf (text, ngettext (", %u unread message", ", %u unread messages", unread),
                            unread);
  if (has_draft)
    g_string_append (text, _ (", draft"));
  g_string_append_printf (text, ", %s", subtitle);
  if (preview != NULL)
    g_string_append_printf (text, ", %s", preview);
  if (*time != '\0')
    g_string_append_printf (text, ", %s", time);
  return g_string_free (text, FALSE);
}
