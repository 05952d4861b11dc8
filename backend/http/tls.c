/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/tls.h"

#include "base/error.h"

#include <errno.h>
#include <sys/stat.h>

/* glib-networking reads it once, when the first connection is made. */
#define PRIORITY_VARIABLE "G_TLS_GNUTLS_PRIORITY"
#define PRIORITY                                                                                   \
  "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:"      \
  "+CHACHA20-POLY1305:-MAC-ALL:+AEAD"

GTlsCertificate *
guiche_tls_load_certificate (const char *certificate_path, const char *key_path, GError **error)
{
  g_autoptr (GError) failure = NULL;
  struct stat info;

  if (stat (key_path, &info) != 0) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "[http] tls_key %s: %s", key_path,
                 g_strerror (errno));
    return NULL;
  }
  if ((info.st_mode & 007) != 0) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL,
                 "[http] tls_key %s may be read by everybody", key_path);
    return NULL;
  }
  g_setenv (PRIORITY_VARIABLE, PRIORITY, TRUE);

  GTlsCertificate *certificate =
      g_tls_certificate_new_from_files (certificate_path, key_path, &failure);
  if (certificate == NULL)
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "[http] tls_certificate %s: %s",
                 certificate_path, failure->message);
  return certificate;
}

GIOStream *
guiche_tls_server_connection (GSocket *socket, GTlsCertificate *certificate)
{
  static const char *const protocols[] = { "http/1.1", NULL };
  g_autoptr (GSocketConnection) plain = g_socket_connection_factory_create_connection (socket);
  GIOStream *tls = g_tls_server_connection_new (G_IO_STREAM (plain), certificate, NULL);

  if (tls == NULL)
    return NULL;
  g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (tls), protocols);
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  g_object_set (tls, "authentication-mode", G_TLS_AUTHENTICATION_NONE, NULL);
  return tls;
}
