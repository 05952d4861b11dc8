/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/conversation.h"

G_BEGIN_DECLS

/* Conversations among colleagues: channels with a name (`suporte`), which any colleague may join,
 * and direct ones between two. They have the same messages, mentions and read marks as those with
 * customers, and no state. The user is the actor of @tx. Each returns the conversation (transfer
 * full). */

/* Emits `conversation.created` and, for each member, `access.changed`. GUICHE_ERROR_CONFLICT when
 * the name is taken. */
GuicheConversation *guiche_channel_create (GuicheTx *tx,
                                           const char *name,
                                           const GuicheId *members,
                                           gsize n_members,
                                           GError **error);
GuicheConversation *guiche_channel_join (GuicheTx *tx, const GuicheId *id, GError **error);
GuicheConversation *guiche_channel_leave (GuicheTx *tx, const GuicheId *id, GError **error);
/* Colleagues are added by a member. */
GuicheConversation *guiche_channel_add_members (GuicheTx *tx,
                                                const GuicheId *id,
                                                const GuicheId *members,
                                                gsize n_members,
                                                GError **error);
/* The one with that colleague, made when there is none. */
GuicheConversation *guiche_direct_open (GuicheTx *tx,
                                        const GuicheId *user_id,
                                        gboolean *out_is_new,
                                        GError **error);

/**
 * GuicheChannelSummary:
 *
 * A channel that one may join, whether or not one has.
 */
typedef struct {
  GuicheId id;
  char *title;
  gint64 n_members;
  gboolean is_member;
} GuicheChannelSummary;

void guiche_channel_summary_free (GuicheChannelSummary *self);
/* By name. (element-type GuicheChannelSummary) */
GPtrArray *guiche_channels_list (GuicheTx *tx, GError **error);

G_END_DECLS
