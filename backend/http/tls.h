/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The certificate with its key; both files PEM, the key not readable by others. Also fixes
 * the process's TLS versions and ciphers (1.2 and up, AEAD, forward secrecy), so that it must
 * come before the first TLS connection. */
GTlsCertificate *guiche_tls_load_certificate (const char *certificate_path,
                                              const char *key_path,
                                              GError **error);

/* (transfer full) (nullable): the server's side over @socket, the handshake not yet done. */
GIOStream *guiche_tls_server_connection (GSocket *socket, GTlsCertificate *certificate);

G_END_DECLS
