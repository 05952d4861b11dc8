/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheSendLater:
 *
 * Asks when a message shall be sent. Signal: `chosen` (int64 microseconds since 1970 UTC), always
 * in the future.
 */
#define GUICHE_TYPE_SEND_LATER (guiche_send_later_get_type ())
G_DECLARE_FINAL_TYPE (GuicheSendLater, guiche_send_later, GUICHE, SEND_LATER, AdwWindow)

GuicheSendLater *guiche_send_later_new (void);

G_END_DECLS
