/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chat/message-facts.h"

#include <pango/pango.h>

G_BEGIN_DECLS

/* How messages read: everything from people stays data, links are Pango attributes, never markup.
 */

/* More than this is shown after a press on “Show all”. */
#define GUICHE_MESSAGE_SHOWN_CHARACTERS 3000

/* (transfer full): a system line's code (protocol/README.md) as a sentence. */
char *guiche_message_system_text (const char *code, const char *sender_name);
/* (transfer full): the body as shown; cut to @max_characters (0: whole) with @out_is_cut telling.
 */
char *guiche_message_body_text (const GuicheMessageFacts *facts,
                                gsize max_characters,
                                gboolean *out_is_cut);
/* (transfer full): “Sent”, “Read” …; null for messages of others. */
const char *guiche_message_state_text (const GuicheMessageFacts *facts);
const char *guiche_message_state_icon (const GuicheMessageFacts *facts);
/* (transfer full): who, when, what and its state, for a screen reader. */
char *guiche_message_accessible_text (const GuicheMessageFacts *facts, const char *body);

/**
 * GuicheLink:
 *
 * One http or https address in a text: its bytes from @start to @end, and the host it really leads
 * to.
 */
typedef struct {
  gsize start, end;
  char *uri;
  char *host; /* ASCII: a host in other letters is shown in its xn-- form */
} GuicheLink;

void guiche_link_free (GuicheLink *self);
/* (transfer full) (nullable) (element-type GuicheLink): null when there is none. */
GPtrArray *guiche_message_find_links (const char *text);
/* (transfer full) (nullable) */
PangoAttrList *guiche_message_link_attributes (GPtrArray *links);

G_END_DECLS
