/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GuicheChannelKind:
 *
 * What a way to talk with customers can do; the rows are in channel-kind.c. Where @needs_job, an
 * agent's message also makes a job `channel.send` (key: the message's id; payload
 * `{"conversation_id", "message_id","seq","channel"}`) that the channel performs; the others
 * deliver by the stream.
 */
typedef struct {
  const char *name;
  gboolean needs_job;
} GuicheChannelKind;

#define GUICHE_JOB_CHANNEL_SEND "channel.send"

const GuicheChannelKind *guiche_channel_kind_find (const char *name); /* (nullable) */

G_END_DECLS
