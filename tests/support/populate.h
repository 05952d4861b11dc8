/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * GuichePopulate:
 *
 * Fills the desktop's cache of a profile as a server would, deterministically: for benchmarks,
 * tests and pictures. Zeros take what stands behind the members.
 */
typedef struct {
  guint n_conversations; /* 40, of which an eighth are closed, some wait, some are mine */
  guint n_messages;      /* 1,000, spread over the conversations */
  guint n_long;          /* 0: messages of one more conversation, "Maria da Conversa Longa" */
  guint n_customers;     /* as many as conversations */
  guint64 seed;          /* 1 */
  gint64 now_us;         /* the present */
} GuichePopulate;

#define GUICHE_POPULATE_LONG_ID "00000000-0000-7000-8000-0000000f0001"
#define GUICHE_POPULATE_ME "00000000-0000-7000-8000-000100010001"

/* @directory: of the profile (`$XDG_DATA_HOME/guiche/profiles/<id>`); made when it is missing. */
gboolean guiche_populate_cache (const char *directory,
                                const GuichePopulate *options,
                                GError **error);
/* The id of the @index-th conversation, customer. (transfer full) */
char *guiche_populate_conversation_id (guint index);
char *guiche_populate_customer_id (guint index);
const char *guiche_populate_sentence (guint64 number);

G_END_DECLS
