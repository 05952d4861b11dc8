/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "client/session-private.h"

/* SHA-256 of the certificate as it travels (DER), in hexadecimal. */
static char *
fingerprint_of (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  return der != NULL ? g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len) : NULL;
}

/* Asked only about certificates that the system does not trust. */
static gboolean
on_accept_certificate (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       GuicheSession *self)
{
  const char *accepted = guiche_session_get_profile (self)->fingerprint;
  g_autofree char *fingerprint = fingerprint_of (certificate);

  return accepted != NULL && fingerprint != NULL && g_ascii_strcasecmp (accepted, fingerprint) == 0;
}

SoupMessage *
guiche_session_new_message (GuicheSession *self,
                            const char *method,
                            const char *path,
                            gboolean has_token)
{
  const char *base = guiche_session_get_url (self);
  g_autofree char *url = base != NULL ? g_strconcat (base, path, NULL) : NULL;
  SoupMessage *message = url != NULL ? soup_message_new (method, url) : NULL;
  const char *token = guiche_session_get_token (self);

  if (message == NULL)
    return NULL;
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_disable_feature (message, SOUP_TYPE_AUTH_MANAGER);
  g_signal_connect_object (message, "accept-certificate", G_CALLBACK (on_accept_certificate), self,
                           0);
  if (has_token && token != NULL) {
    g_autofree char *value = g_strconcat ("Bearer ", token, NULL);
    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  value);
  }
  return message;
}

GError *
guiche_session_explain (GuicheSession *self, SoupMessage *message, const GError *failure)
{
  GTlsCertificate *certificate =
      message != NULL ? soup_message_get_tls_peer_certificate (message) : NULL;
  GError *error;

  if (failure->domain == GUICHE_ERROR ||
      g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (failure);
  if (certificate != NULL && failure->domain == G_TLS_ERROR) {
    g_autofree char *fingerprint = fingerprint_of (certificate);
    error = g_error_new (GUICHE_ERROR, GUICHE_ERROR_CERTIFICATE,
                         "the server's certificate is not trusted");
    guiche_error_set_detail (error, "fingerprint", fingerprint);
    return error;
  }
  return g_error_new (GUICHE_ERROR, GUICHE_ERROR_NETWORK, "%s", failure->message);
}
