/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/gate.h"
#include "http/range.h"
#include "http/router.h"
#include "http/schema.h"

#include <string.h>

/* One request as it comes from the network: head, then a body. The gate must decide the same
 * whether it comes whole or in pieces, and what passes must be decoded, routed and checked
 * without a slip. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const GuicheField item_fields[] = {
  { "file_id", GUICHE_TYPE_ID, TRUE },
  { "name", GUICHE_TYPE_STRING, FALSE, 1, 20 },
  { NULL },
};
static const GuicheSchema item_schema = { "Item", item_fields };
static const char *const kinds[] = { "text", "note", NULL };
static const GuicheField body_fields[] = {
  { "body", GUICHE_TYPE_TEXT, TRUE, 0, 100 },
  { "kind", GUICHE_TYPE_STRING, FALSE, .choices = kinds },
  { "client_id", GUICHE_TYPE_ID, FALSE },
  { "seq", GUICHE_TYPE_INTEGER, FALSE, 0, 1000 },
  { "until", GUICHE_TYPE_TIME, FALSE },
  { "is_typing", GUICHE_TYPE_BOOLEAN, FALSE },
  { "attachments", GUICHE_TYPE_ARRAY, FALSE, 0, 3, NULL, &item_schema },
  { "members", GUICHE_TYPE_ARRAY, FALSE, 0, 3, NULL, NULL, GUICHE_TYPE_ID },
  { NULL },
};
static const GuicheSchema body_schema = { "Body", body_fields };
static const GuicheField query_fields[] = {
  { "limit", GUICHE_TYPE_INTEGER, FALSE, 1, 200 },
  { "view", GUICHE_TYPE_STRING, FALSE, .choices = kinds },
  { NULL },
};
static const GuicheRoute routes[] = {
  { "GET", "/api/v1/conversations", .query = query_fields },
  { "POST", "/api/v1/conversations/{id}/messages" },
  { "GET", "/chat/{tenant}" },
  { "GET", "/chat/assets/{file*}" },
};

static GuicheText
text_of (const char *data, GuicheSlice slice)
{
  return (GuicheText){ slice.length > 0 ? data + slice.start : NULL, slice.length };
}

static void
check_slices (const GuicheHead *head, gsize size)
{
  g_assert_cmpuint (head->length, <=, size);
  for (int i = 0; i < GUICHE_N_HEADERS; i++)
    g_assert_cmpuint (head->headers[i].start + head->headers[i].length, <=, head->length);
  g_assert_cmpint (head->content_length, >=, -1);
  g_assert_false (head->is_chunked && head->content_length >= 0);
}

/* What libsoup gets must pass the gate again as the same request, but for its target. */
static void
check_forward (const GuicheHead *head, const char *data)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  guiche_gate_forward (head, data, TRUE, out);
  g_assert_cmpuint (out->len, <=, head->length + 40);
  g_assert_null (memchr (out->data, '\0', out->len));
  g_assert_cmpint (memcmp (out->data + out->len - 4, "\r\n\r\n", 4), ==, 0);
}

static void
check_request (const GuicheHead *head, const char *data, GuicheRouter *router)
{
  GuicheRequestTexts texts = {
    .target = text_of (data, head->target),
    .content_type = text_of (data, head->headers[GUICHE_HEADER_CONTENT_TYPE]),
    .user_agent = text_of (data, head->headers[GUICHE_HEADER_USER_AGENT]),
    .accept_language = text_of (data, head->headers[GUICHE_HEADER_ACCEPT_LANGUAGE]),
    .if_none_match = text_of (data, head->headers[GUICHE_HEADER_IF_NONE_MATCH]),
  };
  g_autofree char *method = g_strndup (data + head->method.start, head->method.length);
  g_autofree char *allow = NULL;
  GuicheRequest request;

  guiche_request_init (&request);
  if (guiche_request_decode (&request, &texts, NULL)) {
    for (guint i = 0; i < request.n_segments; i++) {
      g_assert_true (g_utf8_validate (request.segments[i], -1, NULL));
      g_assert_null (strchr (request.segments[i], '/'));
      g_assert_cmpstr (request.segments[i], !=, "..");
    }
    for (guint i = 0; i < request.n_query; i++)
      g_assert_true (g_utf8_validate (request.query[i].value, -1, NULL));
    if (guiche_router_find (router, method, &request, &allow) != NULL &&
        guiche_schema_check_query (query_fields, &request, NULL)) {
      gint64 limit = guiche_request_query_int (&request, "limit", 50);
      g_assert_true (limit >= 1 && limit <= 200);
    }
  }
  guiche_request_clear (&request);
}

static void
check_body (const char *text, gsize length)
{
  g_autoptr (JsonNode) node = guiche_json_parse_object (text, length, GUICHE_JSON_MAX_BYTES, NULL);
  const char *body = NULL;

  if (node != NULL && guiche_schema_check (&body_schema, json_node_get_object (node), NULL)) {
    g_assert_true (guiche_json_get_string (json_node_get_object (node), "body", TRUE, &body, NULL));
    g_assert_cmpint (g_utf8_strlen (body, -1), <=, 100);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static GuicheRouter *router;
  const char *text = (const char *) data;
  GuicheHead whole = { 0 }, pieces = { 0 };
  GuicheRange range;

  if (router == NULL) {
    router = guiche_router_new ();
    for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
      guiche_router_add (router, &routes[i], NULL);
  }
  GuicheGateResult result = guiche_gate_scan (&whole, text, size, NULL);
  GuicheGateResult gradual = GUICHE_GATE_MORE;
  gsize step = size > 0 ? 1 + data[size - 1] % 16 : 1;
  for (gsize n = MIN (step, size); gradual == GUICHE_GATE_MORE && n <= size;
       n = n == size ? size + 1 : MIN (n + step, size))
    gradual = guiche_gate_scan (&pieces, text, n, NULL);
  g_assert_cmpint (gradual, ==, result);
  if (result != GUICHE_GATE_COMPLETE)
    return 0;

  check_slices (&whole, size);
  check_forward (&whole, text);
  check_request (&whole, text, router);
  GuicheSlice slice = whole.headers[GUICHE_HEADER_RANGE];
  if (guiche_range_parse (text + slice.start, slice.length, 1000, &range) == GUICHE_RANGE_ONE)
    g_assert_true (range.start >= 0 && range.length > 0 && range.start + range.length <= 1000);
  check_body (text + whole.length, size - whole.length);
  return 0;
}
