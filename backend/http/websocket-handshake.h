/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Checks a client's opening handshake (RFC 6455, 4.2.1). Returns 0, or the HTTP status to
 * refuse it with (400, 426) and why in @out_problem. */
guint guiche_websocket_check_handshake (SoupServerMessage *message, const char **out_problem);
/* Sets status 101 and the headers of 4.2.2: no extension, no subprotocol. */
void guiche_websocket_accept_handshake (SoupServerMessage *message);
/* base64 (SHA-1 (key + GUID)), 4.2.2 step 5. */
char *guiche_websocket_accept_key (const char *key);

G_END_DECLS
