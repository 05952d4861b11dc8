/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "http/router.h"
#include "http/schema.h"

#include <string.h>

static gboolean
decode (GuicheRequest *request, const char *target, GError **error)
{
  GuicheRequestTexts texts = {
    .target = { target, strlen (target) },
    .content_type = { "application/json", 16 },
  };

  return guiche_request_decode (request, &texts, error);
}

static void
test_decodes (void)
{
  GuicheRequest request;
  g_autoptr (GError) error = NULL;

  guiche_request_init (&request);
  g_assert_true (
      decode (&request, "/api/v1/caf%C3%A9?q=ol%C3%A1+mundo&empty=&flag&limit=7", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (request.n_segments, ==, 3);
  g_assert_cmpstr (request.segments[2], ==, "café");
  g_assert_cmpstr (guiche_request_query (&request, "q"), ==, "olá mundo");
  g_assert_null (guiche_request_query (&request, "empty"));
  g_assert_null (guiche_request_query (&request, "flag"));
  g_assert_null (guiche_request_query (&request, "none"));
  g_assert_cmpint (guiche_request_query_int (&request, "limit", 50), ==, 7);
  g_assert_cmpint (guiche_request_query_int (&request, "q", 50), ==, 50);
  g_assert_cmpstr (guiche_request_header (&request, "content-type"), ==, "application/json");
  g_assert_null (guiche_request_header (&request, "User-Agent"));
  guiche_request_clear (&request);
}

static void
test_refuses_hostile_targets (void)
{
  static const struct {
    const char *target;
    int code;
  } cases[] = {
    { "/a/../b", GUICHE_ERROR_NOT_FOUND },
    { "/a/%2e%2e/b", GUICHE_ERROR_NOT_FOUND },
    { "/a/.", GUICHE_ERROR_NOT_FOUND },
    { "/a%2fb", GUICHE_ERROR_NOT_FOUND },
    { "/a%5cb", GUICHE_ERROR_NOT_FOUND },
    { "/a%00b", GUICHE_ERROR_INVALID_REQUEST },
    { "/a%0", GUICHE_ERROR_INVALID_REQUEST },
    { "/a%", GUICHE_ERROR_INVALID_REQUEST },
    { "/a%zz", GUICHE_ERROR_INVALID_REQUEST },
    { "/a%ff", GUICHE_ERROR_INVALID_REQUEST },
    { "/a?q=%c3", GUICHE_ERROR_INVALID_REQUEST },
    { "/a?q=%0", GUICHE_ERROR_INVALID_REQUEST },
    { "a", GUICHE_ERROR_INVALID_REQUEST },
    { "", GUICHE_ERROR_INVALID_REQUEST },
    { "/1/2/3/4/5/6/7/8/9/10/11/12/13", GUICHE_ERROR_NOT_FOUND },
    { "/?1&2&3&4&5&6&7&8&9&10&11&12&13&14&15&16&17", GUICHE_ERROR_INVALID_REQUEST },
  };

  GuicheRequest request;

  guiche_request_init (&request);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_test_message ("%s", cases[i].target);
    g_assert_false (decode (&request, cases[i].target, &error));
    g_assert_error (error, GUICHE_ERROR, cases[i].code);
  }
  guiche_request_clear (&request);
}

static gboolean
no_handler (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  return TRUE;
}

static void
test_routes (void)
{
  static const GuicheRoute rows[] = {
    { "GET", "/api/v1/conversations", .handler = no_handler },
    { "POST", "/api/v1/conversations", .handler = no_handler },
    { "GET", "/api/v1/conversations/{id}", .handler = no_handler },
    { "GET", "/api/v1/conversations/{id}/messages/{message_id}", .handler = no_handler },
    { "GET", "/chat/{tenant}", .handler = no_handler },
    { "GET", "/chat/widget.js", .handler = no_handler },
    { "GET", "/chat/assets/{file*}", .handler = no_handler },
  };

  static const struct {
    const char *method, *target;
    int row;           /* -1: nothing; -2: another method */
    const char *value; /* of the first parameter */
  } cases[] = {
    { "GET", "/api/v1/conversations", 0, NULL },
    { "HEAD", "/api/v1/conversations", 0, NULL },
    { "POST", "/api/v1/conversations", 1, NULL },
    { "GET", "/api/v1/conversations/7", 2, "7" },
    { "GET", "/api/v1/conversations/7/messages/8", 3, "7" },
    { "GET", "/chat/demo", 4, "demo" },
    { "GET", "/chat/widget.js", 5, NULL },
    { "GET", "/chat/assets/a/b.css", 6, "a" },
    { "GET", "/api/v1/conversations/", -1, NULL },
    { "GET", "/api/v1/conversations/7/messages", -1, NULL },
    { "GET", "/", -1, NULL },
    { "GET", "/chat", -1, NULL },
    { "DELETE", "/api/v1/conversations/7", -2, NULL },
  };

  GuicheRouter *router = guiche_router_new ();
  GuicheRequest request;

  guiche_request_init (&request);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    guiche_router_add (router, &rows[i], NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *allow = NULL;
    g_test_message ("%s %s", cases[i].method, cases[i].target);
    g_assert_true (decode (&request, cases[i].target, NULL));
    GuicheRouterRow *row = guiche_router_find (router, cases[i].method, &request, &allow);
    if (cases[i].row < 0) {
      g_assert_null (row);
      g_assert_cmpint (allow != NULL, ==, cases[i].row == -2);
      continue;
    }
    g_assert_true (row->route == &rows[cases[i].row]);
    g_assert_cmpstr (row->n_names > 0 ? request.path[0].value : NULL, ==, cases[i].value);
  }
  guiche_request_clear (&request);
  guiche_router_free (router);
}

static const char *const colours[] = { "red", "blue", NULL };
static const GuicheField item_fields[] = {
  { "file_id", GUICHE_TYPE_ID, TRUE },
  { "name", GUICHE_TYPE_STRING, FALSE, 1, 5 },
  { NULL },
};
static const GuicheSchema item_schema = { "Item", item_fields };
static const GuicheField fields[] = {
  { "body", GUICHE_TYPE_TEXT, TRUE, 1, 10 },
  { "colour", GUICHE_TYPE_STRING, FALSE, .choices = colours },
  { "count", GUICHE_TYPE_INTEGER, FALSE, -5, 5 },
  { "until", GUICHE_TYPE_TIME, FALSE },
  { "is_open", GUICHE_TYPE_BOOLEAN, FALSE },
  { "items", GUICHE_TYPE_ARRAY, FALSE, 0, 2, NULL, &item_schema },
  { "ids", GUICHE_TYPE_ARRAY, FALSE, 0, 3, NULL, NULL, GUICHE_TYPE_ID },
  { "one", GUICHE_TYPE_OBJECT, FALSE, .schema = &item_schema },
  { NULL },
};
static const GuicheSchema schema = { "Thing", fields };

static void
test_schema (void)
{
#define ID "\"0192f0c1-2345-7abc-8def-0123456789ab\""

  static const struct {
    const char *json;
    const char *field; /* NULL: accepted */
  } cases[] = {
    { "{\"body\":\"olá\"}", NULL },
    { "{\"body\":\"áááááááááá\",\"unknown\":1,\"colour\":null}", NULL },
    { "{\"body\":\"x\",\"colour\":\"red\",\"count\":-5,\"until\":0,\"is_open\":false,\"ids\":[" ID
      "],\"one\":{\"file_id\":" ID "}}",
      NULL },
    { "{\"body\":\"x\",\"items\":[{\"file_id\":" ID ",\"name\":\"abcde\"}]}", NULL },
    { "{}", "body" },
    { "{\"body\":null}", "body" },
    { "{\"body\":\"\"}", "body" },
    { "{\"body\":\"12345678901\"}", "body" },
    { "{\"body\":5}", "body" },
    { "{\"body\":[\"x\"]}", "body" },
    { "{\"body\":\"x\",\"colour\":\"green\"}", "colour" },
    { "{\"body\":\"x\",\"count\":6}", "count" },
    { "{\"body\":\"x\",\"count\":1.5}", "count" },
    { "{\"body\":\"x\",\"count\":\"1\"}", "count" },
    { "{\"body\":\"x\",\"until\":-1}", "until" },
    { "{\"body\":\"x\",\"is_open\":1}", "is_open" },
    { "{\"body\":\"x\",\"items\":{}}", "items" },
    { "{\"body\":\"x\",\"items\":[{\"file_id\":" ID "},{\"file_id\":" ID "},{\"file_id\":" ID "}]}",
      "items" },
    { "{\"body\":\"x\",\"items\":[{\"file_id\":" ID "},{\"file_id\":\"x\"}]}", "items[1].file_id" },
    { "{\"body\":\"x\",\"items\":[{\"file_id\":" ID ",\"name\":\"abcdef\"}]}", "items[0].name" },
    { "{\"body\":\"x\",\"items\":[7]}", "items[0]" },
    { "{\"body\":\"x\",\"ids\":[" ID ",null]}", "ids[1]" },
    { "{\"body\":\"x\",\"one\":{}}", "one.file_id" },
    { "{\"body\":\"x\",\"one\":[]}", "one" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) node =
                   guiche_json_parse_object (cases[i].json, strlen (cases[i].json), 4096, &error);
    g_assert_no_error (error);
    g_test_message ("%s", cases[i].json);
    gboolean is_good = guiche_schema_check (&schema, json_node_get_object (node), &error);
    g_assert_cmpint (is_good, ==, cases[i].field == NULL);
    if (cases[i].field == NULL)
      continue;
    g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST);
    g_assert_cmpstr (guiche_error_get_detail (error, "field"), ==, cases[i].field);
  }
}

static void
test_query (void)
{
  static const GuicheField query[] = {
    { "limit", GUICHE_TYPE_INTEGER, FALSE, 1, 200 },
    { "view", GUICHE_TYPE_STRING, TRUE, .choices = colours },
    { NULL },
  };

  static const struct {
    const char *target, *field;
  } cases[] = {
    { "/?view=red&limit=200&other=1", NULL },
    { "/?limit=1", "view" },
    { "/?view=green", "view" },
    { "/?view=red&limit=0", "limit" },
    { "/?view=red&limit=1e3", "limit" },
    { "/?view=red&limit=", NULL },
    { "/?view=red&limit=99999999999999999999", "limit" },
  };

  GuicheRequest request;

  guiche_request_init (&request);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_test_message ("%s", cases[i].target);
    g_assert_true (decode (&request, cases[i].target, NULL));
    g_assert_cmpint (guiche_schema_check_query (query, &request, &error), ==,
                     cases[i].field == NULL);
    if (cases[i].field != NULL)
      g_assert_cmpstr (guiche_error_get_detail (error, "field"), ==, cases[i].field);
  }
  guiche_request_clear (&request);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http/request/decodes", test_decodes);
  g_test_add_func ("/http/request/refuses-hostile-targets", test_refuses_hostile_targets);
  g_test_add_func ("/http/router", test_routes);
  g_test_add_func ("/http/schema/body", test_schema);
  g_test_add_func ("/http/schema/query", test_query);
  return g_test_run ();
}
