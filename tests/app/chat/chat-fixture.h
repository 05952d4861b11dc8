/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"
#include "support/populate.h"

#include <adwaita.h>

/* A desk opened on a cache in a folder of its own, without any server. (transfer full) */
GuicheDesk *chat_fixture_open_desk (const GuichePopulate *options);
/* An open conversation of mine. (transfer none) */
GuicheConversation *chat_fixture_conversation (GuicheDesk *desk);
/* Icons and styles, as the application loads them. */
void chat_fixture_load_style (void);
/* (nullable): the first descendant of a type. */
gpointer chat_fixture_find (GtkWidget *widget, GType type);

/* Runs the main loop until it is so; fails the test after @deadline_ms. */
#define chat_fixture_wait(expression, deadline_ms)                                                 \
  do {                                                                                             \
    gint64 wait_end =                                                                              \
        g_get_monotonic_time () + (gint64) (deadline_ms) *1000 * chat_fixture_patience ();         \
    guint wait_id = g_timeout_add (10, chat_fixture_keep_going, NULL);                             \
    gboolean wait_is_over = FALSE;                                                                 \
    while (!(wait_is_over = !!(expression)) && g_get_monotonic_time () < wait_end)                 \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (wait_id);                                                                     \
    if (!wait_is_over)                                                                             \
      g_assertion_message_expr (G_LOG_DOMAIN, __FILE__, __LINE__, G_STRFUNC, #expression);         \
  } while (0)
gboolean chat_fixture_keep_going (gpointer data);
/* By how much a loaded machine or a sanitised program may be slower. */
gint64 chat_fixture_patience (void);
