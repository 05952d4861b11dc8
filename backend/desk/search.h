/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/conversation.h"

G_BEGIN_DECLS

/* How far back messages are looked at: the newest of the conversations most recently active. A
 * full-text index in a database of its own will lift the bound. */
#define GUICHE_SEARCH_CONVERSATIONS_MAX 2000
#define GUICHE_SEARCH_MESSAGES_MAX 50000

/**
 * GuicheSearch:
 *
 * What was found for the actor of @tx, each at most the limit, newest first.
 */
typedef struct {
  GPtrArray *customers;     /* (owned) (element-type GuicheCustomerRecord) */
  GPtrArray *conversations; /* (owned) (element-type GuicheConversation) */
  GPtrArray *messages;      /* (owned) (element-type GuicheMessageRecord) */
} GuicheSearch;

void guiche_search_clear (GuicheSearch *self);
/* Accents and case do not count; customers are also found by the digits of phone and document. */
gboolean guiche_search (GuicheTx *tx,
                        const char *query,
                        gsize limit,
                        GuicheSearch *out,
                        GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheSearch, guiche_search_clear)

G_END_DECLS
