/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/customer.h"

#include "base/error.h"
#include "base/text.h"
#include "desk/contact.h"
#include "desk/conversation-store.h"
#include "desk/conversation.h"
#include "desk/customer-store.h"
#include "desk/emit.h"

#include <string.h>

#define NAME_CHARACTERS_MAX 120
#define LINE_CHARACTERS_MAX 200
#define NOTES_CHARACTERS_MAX 4000

static const char *const statuses[] = { "active", "suspended", "cancelled", "lead", NULL };

/* NULL leaves, empty removes. */
static void
set_line (char **member, const char *value)
{
  if (value == NULL)
    return;
  g_free (*member);
  *member = guiche_text_one_line (value, LINE_CHARACTERS_MAX);
  if (**member == '\0')
    g_clear_pointer (member, g_free);
}

static gboolean
set_name (GuicheCustomerRecord *customer, const char *name, GError **error)
{
  if (name == NULL)
    return TRUE;
  g_free (customer->name);
  customer->name = guiche_text_one_line (name, NAME_CHARACTERS_MAX);
  return *customer->name != '\0' || guiche_desk_refuse_field (error, "name", "is empty");
}

static gboolean
set_document (GuicheCustomerRecord *customer, const char *document, GError **error)
{
  gsize length;

  if (document == NULL)
    return TRUE;
  g_free (customer->document);
  customer->document = guiche_text_digits (document);
  length = strlen (customer->document);
  if (length == 0 && *document == '\0')
    g_clear_pointer (&customer->document, g_free);
  return (length == 0 && *document == '\0') || length == 11 || length == 14 ||
         guiche_desk_refuse_field (error, "document",
                                   "is no CPF (11 digits) and no CNPJ (14 digits)");
}

static gboolean
set_notes (GuicheCustomerRecord *customer, const char *notes, GError **error)
{
  if (notes == NULL)
    return TRUE;
  if (g_utf8_strlen (notes, -1) > NOTES_CHARACTERS_MAX)
    return guiche_desk_refuse_field (error, "notes", "has more than 4,000 characters");
  g_free (customer->notes);
  customer->notes = *notes == '\0' ? NULL : guiche_text_body (notes);
  return TRUE;
}

static gboolean
set_status (GuicheCustomerRecord *customer, const char *status, GError **error)
{
  if (status == NULL)
    return TRUE;
  if (!g_strv_contains (statuses, status))
    return guiche_desk_refuse_field (error, "status",
                                     "is not active, suspended, cancelled or lead");
  g_free (customer->status);
  customer->status = g_strdup (status);
  return TRUE;
}

static gboolean
apply (GuicheCustomerRecord *customer, const GuicheCustomerChange *change, GError **error)
{
  set_line (&customer->contract, change->contract);
  set_line (&customer->plan, change->plan);
  set_line (&customer->address, change->address);
  return set_name (customer, change->name, error) &&
         guiche_contact_clean_all ("phones", change->phones, guiche_contact_clean_phone,
                                   &customer->phones, error) &&
         guiche_contact_clean_all ("emails", change->emails, guiche_contact_clean_email,
                                   &customer->emails, error) &&
         set_document (customer, change->document, error) &&
         set_status (customer, change->status, error) && set_notes (customer, change->notes, error);
}

static gboolean
refuse_duplicate (const GuicheId *other, const char *field, GError **error)
{
  g_autofree char *text = guiche_id_dup_string (other);
  GError *refusal =
      g_error_new (GUICHE_ERROR, GUICHE_ERROR_CONFLICT, "another customer has the same %s", field);

  guiche_error_set_detail (refusal, "customer_id", text);
  guiche_error_set_detail (refusal, "field", field);
  g_propagate_error (error, refusal);
  return FALSE;
}

static gboolean
check_contacts (GuicheTx *tx,
                const GuicheId *except,
                const char *kind,
                char *const *values,
                const char *field,
                GError **error)
{
  for (gsize i = 0; values != NULL && values[i] != NULL; i++) {
    g_autofree char *match = guiche_contact_match (values[i]);
    GuicheId other;

    if (!guiche_customer_store_find_contact (tx, kind, match, except, &other, error))
      return FALSE;
    if (!guiche_id_is_none (&other))
      return refuse_duplicate (&other, field, error);
  }
  return TRUE;
}

static gboolean
check_duplicates (GuicheTx *tx, const GuicheCustomerRecord *customer, GError **error)
{
  GuicheId other = GUICHE_ID_NONE;

  if (customer->document != NULL &&
      !guiche_customer_store_find_document (tx, customer->document, &customer->id, &other, error))
    return FALSE;
  if (!guiche_id_is_none (&other))
    return refuse_duplicate (&other, "document", error);
  return check_contacts (tx, &customer->id, "phone", customer->phones, "phones", error) &&
         check_contacts (tx, &customer->id, "email", customer->emails, "emails", error);
}

gboolean
guiche_customer_find_by_contact (GuicheTx *tx,
                                 const char *kind,
                                 const char *value,
                                 GuicheId *out_id,
                                 GError **error)
{
  g_autofree char *clean = g_str_equal (kind, "phone") ? guiche_contact_clean_phone (value)
                                                       : guiche_contact_clean_email (value);
  g_autofree char *match = clean == NULL ? NULL : guiche_contact_match (clean);

  *out_id = GUICHE_ID_NONE;
  return match == NULL ||
         guiche_customer_store_find_contact (tx, kind, match, &GUICHE_ID_NONE, out_id, error);
}

/* --- reading and writing
 * ---------------------------------------------------------------------------- */

gboolean
guiche_customer_load (GuicheTx *tx, const GuicheId *id, GuicheCustomerRecord *out, GError **error)
{
  g_autoptr (GPtrArray) customers = guiche_customer_store_load (tx, id, error);
  GuicheCustomerRecord *customer;

  *out = (GuicheCustomerRecord){ 0 };
  if (customers == NULL)
    return FALSE;
  if (customers->len == 0) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no such customer");
    return FALSE;
  }
  customer = g_ptr_array_index (customers, 0);
  *out = *customer;
  *customer = (GuicheCustomerRecord){ 0 };
  return TRUE;
}

gboolean
guiche_customer_announce (GuicheTx *tx,
                          const GuicheCustomerRecord *customer,
                          const char *kind,
                          const char *audience,
                          GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "customer");
  guiche_customer_record_to_json (customer, writer);
  guiche_json_writer_end_object (writer);
  return guiche_desk_emit (tx, kind, audience, &customer->id, writer, error);
}

/* What searching compares: one folded line of all that has letters; it begins with the name, so it
 * also sorts by it. */
static char *
make_fold (const GuicheCustomerRecord *customer)
{
  g_autofree char *line =
      g_strjoin (" ", customer->name, customer->contract == NULL ? "" : customer->contract, NULL);

  return guiche_text_fold (line);
}

static gboolean
write_contacts (GuicheTx *tx, const GuicheCustomerRecord *customer, GError **error)
{
  return guiche_customer_store_set_contacts (tx, &customer->id, "phone", customer->phones,
                                             guiche_contact_match, error) &&
         guiche_customer_store_set_contacts (tx, &customer->id, "email", customer->emails,
                                             guiche_contact_match, error);
}

gboolean
guiche_customer_create (GuicheTx *tx,
                        const GuicheCustomerChange *change,
                        gboolean allow_duplicate,
                        GuicheCustomerRecord *out,
                        GError **error)
{
  g_autofree char *fold = NULL;

  *out = (GuicheCustomerRecord){ 0 };
  out->id = guiche_tx_new_id (tx);
  out->name = g_strdup ("");
  out->status = g_strdup ("lead");
  out->created_at = out->updated_at = guiche_tx_now_us (tx);
  if (!apply (out, change, error))
    return FALSE;
  if (*out->name == '\0')
    return guiche_desk_refuse_field (error, "name", "is missing");
  if (!allow_duplicate && !check_duplicates (tx, out, error))
    return FALSE;
  fold = make_fold (out);
  return guiche_customer_store_insert (tx, out, fold, error) && write_contacts (tx, out, error) &&
         guiche_customer_announce (tx, out, "customer.created", GUICHE_AUDIENCE_EVERYBODY, error);
}

/* A conversation with a customer is called as the customer is. */
static gboolean
retitle_conversations (GuicheTx *tx, const GuicheCustomerRecord *customer, GError **error)
{
  g_autoptr (GArray) ids = guiche_conversation_store_list_of_customer (tx, &customer->id, error);

  for (guint i = 0; ids != NULL && i < ids->len; i++) {
    g_autoptr (GuicheConversation) conversation =
                   guiche_conversation_load (tx, &g_array_index (ids, GuicheId, i), error);

    if (conversation == NULL)
      return FALSE;
    g_free (conversation->record.title);
    conversation->record.title = g_strdup (customer->name);
    if (!guiche_conversation_announce (tx, conversation, "conversation.updated", error))
      return FALSE;
  }
  return ids != NULL;
}

gboolean
guiche_customer_update (GuicheTx *tx,
                        const GuicheId *id,
                        const GuicheCustomerChange *change,
                        GuicheCustomerRecord *out,
                        GError **error)
{
  g_autofree char *fold = NULL;
  g_autofree char *old_name = NULL;

  if (!guiche_customer_load (tx, id, out, error))
    return FALSE;
  old_name = g_strdup (out->name);
  if (!apply (out, change, error) || !check_duplicates (tx, out, error))
    return FALSE;
  out->updated_at = guiche_tx_now_us (tx);
  fold = make_fold (out);
  return guiche_customer_store_update (tx, out, fold, error) && write_contacts (tx, out, error) &&
         guiche_customer_announce (tx, out, "customer.updated", GUICHE_AUDIENCE_EVERYBODY, error) &&
         guiche_tx_audit (tx, "customer.update", id, NULL, error) &&
         (g_str_equal (old_name, out->name) || retitle_conversations (tx, out, error));
}
