/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/websocket-handshake.h"

#include <string.h>

#define WEBSOCKET_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define KEY_BYTES 16
#define KEY_CHARACTERS 24

/* Exactly 16 bytes in base64, as 4.1 step 7 of the client's requirements has it. */
static gboolean
is_valid_key (const char *key)
{
  static const char last[] = "AQgw"; /* 16 bytes leave 4 zero bits in the last digit */

  if (key == NULL || strlen (key) != KEY_CHARACTERS || strcmp (key + 22, "==") != 0)
    return FALSE;
  for (guint i = 0; i < 22; i++)
    if (!g_ascii_isalnum (key[i]) && key[i] != '+' && key[i] != '/')
      return FALSE;
  return strchr (last, key[21]) != NULL;
}

char *
guiche_websocket_accept_key (const char *key)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) key, -1);
  g_checksum_update (checksum, (const guchar *) WEBSOCKET_GUID, -1);
  g_checksum_get_digest (checksum, digest, &length);
  return g_base64_encode (digest, length);
}

guint
guiche_websocket_check_handshake (SoupServerMessage *message, const char **out_problem)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *answer = soup_server_message_get_response_headers (message);
  const char *version = soup_message_headers_get_list (headers, "Sec-WebSocket-Version");

  *out_problem = "the stream is opened with GET and HTTP/1.1";
  if (strcmp (soup_server_message_get_method (message), "GET") != 0 ||
      soup_server_message_get_http_version (message) != SOUP_HTTP_1_1)
    return SOUP_STATUS_BAD_REQUEST;
  *out_problem = "this is a WebSocket: Upgrade and Connection are missing";
  if (!soup_message_headers_header_contains (headers, "Upgrade", "websocket") ||
      !soup_message_headers_header_contains (headers, "Connection", "upgrade")) {
    soup_message_headers_replace (answer, "Upgrade", "websocket");
    return 426;
  }
  *out_problem = "Sec-WebSocket-Version must be 13";
  if (g_strcmp0 (version, "13") != 0) {
    soup_message_headers_replace (answer, "Sec-WebSocket-Version", "13");
    return 426;
  }
  *out_problem = "Sec-WebSocket-Key must be 16 bytes in base64";
  if (!is_valid_key (soup_message_headers_get_list (headers, "Sec-WebSocket-Key")))
    return SOUP_STATUS_BAD_REQUEST;
  *out_problem = NULL;
  return 0;
}

void
guiche_websocket_accept_handshake (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *answer = soup_server_message_get_response_headers (message);
  g_autofree char *accept =
      guiche_websocket_accept_key (soup_message_headers_get_list (headers, "Sec-WebSocket-Key"));

  soup_message_headers_replace (answer, "Upgrade", "websocket");
  soup_message_headers_replace (answer, "Connection", "Upgrade");
  soup_message_headers_replace (answer, "Sec-WebSocket-Accept", accept);
  soup_server_message_set_status (message, SOUP_STATUS_SWITCHING_PROTOCOLS, NULL);
}
