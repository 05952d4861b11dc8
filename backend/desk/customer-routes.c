/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/customer.h"
#include "desk/json-ids.h"
#include "desk/routes.h"
#include "desk/schemas.h"

#define PAGE_DEFAULT 50
#define PAGE_MAX 200

static const char *const statuses[] = { "active", "suspended", "cancelled", "lead", NULL };

static const GuicheField list_query[] = {
  { "q", GUICHE_TYPE_STRING, FALSE, 0, 100, "In names, contracts, documents, phones, e-mails" },
  { "cursor", GUICHE_TYPE_STRING, FALSE, 1, 1024, "The last page's next_cursor" },
  { "limit", GUICHE_TYPE_INTEGER, FALSE, 1, PAGE_MAX, "50 when absent" },
  { NULL },
};

static const GuicheField list_fields[] = {
  { "items", GUICHE_TYPE_ARRAY, TRUE, .schema = &guiche_customer_schema },
  { "next_cursor", GUICHE_TYPE_STRING, .is_nullable = TRUE },
  { NULL },
};
static const GuicheSchema list_schema = { "CustomerList", list_fields };

#define CUSTOMER_FIELDS                                                                            \
  { "phones",                                                                                      \
    GUICHE_TYPE_ARRAY,                                                                             \
    FALSE,                                                                                         \
    0,                                                                                             \
    GUICHE_CUSTOMER_CONTACTS_MAX,                                                                  \
    "Any spelling",                                                                                \
    .item = GUICHE_TYPE_STRING,                                                                    \
    .is_nullable = TRUE },                                                                         \
      { "emails",                                                                                  \
        GUICHE_TYPE_ARRAY,                                                                         \
        FALSE,                                                                                     \
        0,                                                                                         \
        GUICHE_CUSTOMER_CONTACTS_MAX,                                                              \
        .item = GUICHE_TYPE_STRING,                                                                \
        .is_nullable = TRUE },                                                                     \
      { "document",         GUICHE_TYPE_STRING, FALSE, 0, 32, "CPF or CNPJ; empty removes it",     \
        .is_nullable = TRUE },                                                                     \
      { "contract", GUICHE_TYPE_STRING, FALSE, 0, 200, .is_nullable = TRUE },                      \
      { "plan", GUICHE_TYPE_STRING, FALSE, 0, 200, .is_nullable = TRUE },                          \
      { "address", GUICHE_TYPE_STRING, FALSE, 0, 200, .is_nullable = TRUE },                       \
      { "status", GUICHE_TYPE_STRING, FALSE, 0, 16, .choices = statuses, .is_nullable = TRUE },    \
  {                                                                                                \
    "notes", GUICHE_TYPE_TEXT, FALSE, 0, 4000, .is_nullable = TRUE                                 \
  }

static const GuicheField create_fields[] = {
  { "name", GUICHE_TYPE_STRING, TRUE, 1, 120 },
  CUSTOMER_FIELDS,
  { "allow_duplicate", GUICHE_TYPE_BOOLEAN, FALSE,
    .description = "Even if a phone, e-mail or document is another's" },
  { NULL },
};
static const GuicheSchema create_schema = { "CustomerCreate", create_fields };

static const GuicheField update_fields[] = {
  { "name", GUICHE_TYPE_STRING, FALSE, 1, 120 },
  CUSTOMER_FIELDS,
  { NULL },
};
static const GuicheSchema update_schema = { "CustomerUpdate", update_fields };

/* Strings stay the body's, the lists are the caller's. */
static gboolean
read_change (JsonObject *body,
             GuicheCustomerChange *change,
             char ***phones,
             char ***emails,
             GError **error)
{
  if (!guiche_json_get_string (body, "name", FALSE, &change->name, error) ||
      !guiche_json_get_string (body, "document", FALSE, &change->document, error) ||
      !guiche_json_get_string (body, "contract", FALSE, &change->contract, error) ||
      !guiche_json_get_string (body, "plan", FALSE, &change->plan, error) ||
      !guiche_json_get_string (body, "address", FALSE, &change->address, error) ||
      !guiche_json_get_string (body, "status", FALSE, &change->status, error) ||
      !guiche_json_get_string (body, "notes", FALSE, &change->notes, error) ||
      !guiche_json_read_strings (body, "phones", phones, error) ||
      !guiche_json_read_strings (body, "emails", emails, error))
    return FALSE;
  change->phones = *phones;
  change->emails = *emails;
  return TRUE;
}

static gboolean
handle_list (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheJsonWriter *writer = guiche_reply_json (reply);
  g_autofree char *next_cursor = NULL;
  g_autoptr (GPtrArray) customers = guiche_customers_list (
      tx, guiche_request_query (request, "q"), guiche_request_query (request, "cursor"),
      guiche_desk_page_limit (request, PAGE_DEFAULT, PAGE_MAX), &next_cursor, error);

  if (customers == NULL)
    return FALSE;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "items");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < customers->len; i++)
    guiche_customer_record_to_json (g_ptr_array_index (customers, i), writer);
  guiche_json_writer_end_array (writer);
  guiche_json_writer_member_string (writer, "next_cursor", next_cursor);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static gboolean
handle_get (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_auto (GuicheCustomerRecord) customer = { 0 };
  GuicheId id;

  if (!guiche_request_path_id (request, "id", &id, error) ||
      !guiche_customer_load (tx, &id, &customer, error))
    return FALSE;
  guiche_customer_record_to_json (&customer, guiche_reply_json (reply));
  return TRUE;
}

static gboolean
handle_create (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  JsonObject *body = guiche_request_body (request);
  g_auto (GuicheCustomerRecord) customer = { 0 };
  GuicheCustomerChange change = { 0 };
  g_auto (GStrv) phones = NULL;
  g_auto (GStrv) emails = NULL;
  gboolean allow_duplicate = FALSE;

  if (!read_change (body, &change, &phones, &emails, error) ||
      !guiche_json_get_bool (body, "allow_duplicate", FALSE, &allow_duplicate, error) ||
      !guiche_customer_create (tx, &change, allow_duplicate, &customer, error))
    return FALSE;
  guiche_reply_set_status (reply, 201);
  guiche_customer_record_to_json (&customer, guiche_reply_json (reply));
  return TRUE;
}

static gboolean
handle_update (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_auto (GuicheCustomerRecord) customer = { 0 };
  GuicheCustomerChange change = { 0 };
  g_auto (GStrv) phones = NULL;
  g_auto (GStrv) emails = NULL;
  GuicheId id;

  if (!guiche_request_path_id (request, "id", &id, error) ||
      !read_change (guiche_request_body (request), &change, &phones, &emails, error) ||
      !guiche_customer_update (tx, &id, &change, &customer, error))
    return FALSE;
  guiche_customer_record_to_json (&customer, guiche_reply_json (reply));
  return TRUE;
}

static const GuicheRoute routes[] = {
  { "GET", "/api/v1/customers", GUICHE_ROLE_AGENT, GUICHE_RATE_READ, GUICHE_ROUTE_READ, list_query,
    NULL, &list_schema, handle_list, "Customers by name, a page" },
  { "GET", "/api/v1/customers/{id}", GUICHE_ROLE_AGENT, GUICHE_RATE_READ, GUICHE_ROUTE_READ, NULL,
    NULL, &guiche_customer_schema, handle_get, "One customer" },
  { "POST", "/api/v1/customers", GUICHE_ROLE_AGENT, GUICHE_RATE_WRITE, GUICHE_ROUTE_WRITE, NULL,
    &create_schema, &guiche_customer_schema, handle_create, "Add a customer" },
  { "PATCH", "/api/v1/customers/{id}", GUICHE_ROLE_AGENT, GUICHE_RATE_WRITE, GUICHE_ROUTE_WRITE,
    NULL, &update_schema, &guiche_customer_schema, handle_update, "Change a customer" },
  { NULL },
};

const GuicheRoute *
guiche_customer_routes (void)
{
  return routes;
}
