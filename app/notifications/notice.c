/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notifications/notice.h"

#include "base/text.h"

#define TITLE_CHARACTERS 80
#define BODY_CHARACTERS 240

gboolean
guiche_notice_is_quiet (guint now, guint from, guint to)
{
  if (from <= to)
    return from <= now && now < to;
  return now >= from || now < to;
}

gboolean
guiche_notice_is_told (GuicheNoticeKind kind, const GuicheNoticePolicy *policy)
{
  if (policy->do_not_disturb || !policy->kinds[kind])
    return FALSE;
  if (policy->quiet_hours &&
      guiche_notice_is_quiet (policy->now, policy->quiet_from, policy->quiet_to))
    return FALSE;
  if (policy->is_focused && kind != GUICHE_NOTICE_FAILURE)
    return FALSE;
  if (kind == GUICHE_NOTICE_MENTION || kind == GUICHE_NOTICE_FAILURE)
    return TRUE;
  return !policy->muted_channels || !policy->channel ||
         !g_strv_contains (policy->muted_channels, policy->channel);
}

char *
guiche_notice_title (const char *name, guint n_messages)
{
  g_autofree char *line = guiche_text_one_line (name ? name : "", TITLE_CHARACTERS);

  return n_messages > 1 ? g_strdup_printf ("%s (%u)", line, n_messages) : g_steal_pointer (&line);
}

char *
guiche_notice_body (const char *text, gboolean server_reads_markup)
{
  g_autofree char *body = guiche_text_body (text ? text : "");

  if (g_utf8_strlen (body, -1) > BODY_CHARACTERS) {
    g_autofree char *cut = g_utf8_substring (body, 0, BODY_CHARACTERS);

    g_free (body);
    body = g_strconcat (cut, "…", NULL);
  }
  return server_reads_markup ? g_markup_escape_text (body, -1) : g_steal_pointer (&body);
}
