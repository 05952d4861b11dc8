/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/conversation.h"

G_BEGIN_DECLS

#define GUICHE_VISIT_CHANNEL "webchat"
/* Long enough for the browser to find the conversation again for a month. */
#define GUICHE_VISIT_TOKEN_US (30 * G_TIME_SPAN_DAY)
#define GUICHE_VISIT_MESSAGES 100 /* that a page begins with */

/**
 * GuicheVisitRequest:
 * @subject: a queue's key
 *
 * What a customer fills in on the company's page. Borrowed.
 */
typedef struct {
  GuicheId
      client_id; /* made by the page, or none: a repeat within a day is answered, not done again */
  const char *name;
  const char *phone; /* (nullable) */
  const char *email; /* (nullable) */
  const char *subject;
} GuicheVisitRequest;

/**
 * GuicheVisit:
 *
 * A visit that was opened.
 */
typedef struct {
  GuicheId customer_id;
  GuicheId conversation_id;
  gboolean is_repeat;
} GuicheVisit;

/* A new customer, a lead, with a conversation waiting in the queue of @request->subject. What a
 * visitor says of themselves proves nothing, so it is never an existing customer: colleagues join
 * the two. GUICHE_ERROR_INVALID_REQUEST with detail `field`. */
gboolean guiche_visit_open (GuicheTx *tx,
                            const GuicheVisitRequest *request,
                            GuicheVisit *out_visit,
                            GError **error);

/* What this visitor may see: the one conversation, if it still is theirs;
 * GUICHE_ERROR_UNAUTHENTICATED when not. */
GuicheViewer *guiche_visit_load_viewer (GuicheTx *tx,
                                        const GuicheId *customer_id,
                                        const GuicheId *conversation_id,
                                        GError **error);

/* Writes `{conversation, position, agent, messages, seq}`: what the page begins with. */
gboolean guiche_visit_write_json (GuicheTx *tx,
                                  GuicheConversation *conversation,
                                  GuicheJsonWriter *writer,
                                  GError **error);

G_END_DECLS
