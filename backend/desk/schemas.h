/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/route.h"

G_BEGIN_DECLS

/* The contract's records, for replies. */
extern const GuicheSchema guiche_message_schema;
extern const GuicheSchema guiche_conversation_schema;
extern const GuicheSchema guiche_customer_schema;
extern const GuicheSchema guiche_queue_schema;
extern const GuicheSchema guiche_canned_reply_schema;
extern const GuicheSchema guiche_draft_schema;
extern const GuicheSchema guiche_read_mark_schema;
extern const GuicheSchema guiche_scheduled_message_schema;
extern const GuicheSchema guiche_empty_schema; /* {} */

G_END_DECLS
