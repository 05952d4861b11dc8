/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/chat-actions.h"

#include <glib/gi18n.h>

/* clang-format off */
static const GuicheChatAction rows[] = {
  { "messages.jump-to-latest", { "<Control>End" }, N_ ("Go to the latest message") },
  { "messages.jump-to-date", { "<Control>j" }, N_ ("Go to a date…") },
  { "messages.jump-to-unread", { "<Control>u" }, N_ ("Go to the first unread message") },
  { "messages.edit-last", { "<Control><Shift>e" }, N_ ("Edit my last message") },
  { "composer.focus", { "<Control>l" }, N_ ("Write a message") },
  { "composer.note", { "<Control><Shift>n" }, N_ ("Private note") },
  { "composer.attach", { "<Control><Shift>f" }, N_ ("Attach a file…") },
  { "composer.emoji", { "<Control>period" }, N_ ("Insert an emoji") },
  { "composer.canned", { "<Control>slash" }, N_ ("Insert a canned reply") },
  { "composer.record", { "<Control><Shift>r" }, N_ ("Record a voice note; again: send it") },
  { "composer.send-later", { "<Control><Shift>l" }, N_ ("Send later…") },
  { "composer.undo-send", { "<Control><Shift>u" }, N_ ("Take the last message back") },
};

/* clang-format on */

const GuicheChatAction *
guiche_chat_actions (guint *out_n_rows)
{
  *out_n_rows = G_N_ELEMENTS (rows);
  return rows;
}
