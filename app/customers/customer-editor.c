/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "customers/customer-editor.h"

#include "base/json-writer.h"
#include "base/text.h"
#include "customers/customer-text.h"
#include "widgets/toast.h"

#include <glib/gi18n.h>

static const char *const statuses[] = { "active", "suspended", "cancelled", "lead" };

struct _GuicheCustomerEditor {
  AdwWindow parent_instance;

  GtkWidget *save;
  GtkEditable *name, *phones, *emails, *document, *contract, *plan, *address;
  AdwComboRow *status;
  GtkTextView *notes;
  GtkLabel *problem;

  GuicheDesk *desk;         /* (owned) */
  GuicheCustomer *customer; /* (owned) */
  GCancellable *saving;     /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (GuicheCustomerEditor, guiche_customer_editor, ADW_TYPE_WINDOW)

static char **
split_list (GtkEditable *entry)
{
  g_auto (GStrv) parts = g_strsplit_set (gtk_editable_get_text (entry), ",;", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; parts[i] != NULL; i++) {
    if (*g_strstrip (parts[i]) != '\0')
      g_strv_builder_add (builder, parts[i]);
  }
  return g_strv_builder_end (builder);
}

static gboolean
all_are (GtkEditable *entry, gboolean (*is_valid) (const char *))
{
  g_auto (GStrv) parts = split_list (entry);

  for (guint i = 0; parts[i] != NULL; i++) {
    if (!is_valid (parts[i]))
      return FALSE;
  }
  return TRUE;
}

static const char *
mark (GtkEditable *entry, gboolean is_valid, const char *sentence, const char *problem)
{
  if (is_valid)
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  return is_valid || problem != NULL ? problem : sentence;
}

static void
on_changed_cb (GuicheCustomerEditor *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name)));
  const char *problem = NULL;

  problem = mark (self->name, *name != '\0', _ ("A customer needs a name."), problem);
  problem = mark (self->phones, all_are (self->phones, guiche_customer_text_is_phone),
                  _ ("A phone has 8 to 15 digits."), problem);
  problem = mark (self->emails, all_are (self->emails, guiche_customer_text_is_email),
                  _ ("An e-mail looks like maria@example.com."), problem);
  problem = mark (self->document,
                  guiche_customer_text_is_document (gtk_editable_get_text (self->document)),
                  _ ("This is not a valid CPF or CNPJ."), problem);
  gtk_label_set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
  gtk_widget_set_sensitive (self->save, problem == NULL);
}

static void
write_text (GuicheJsonWriter *writer,
            GuicheCustomer *customer,
            const char *member,
            const char *value)
{
  g_autofree char *before = NULL;

  g_object_get (customer, member, &before, NULL);
  if (g_strcmp0 (before != NULL ? before : "", value) != 0)
    guiche_json_writer_member_string (writer, member, value);
}

static void
write_entry (GuicheJsonWriter *writer,
             GuicheCustomer *customer,
             const char *member,
             GtkEditable *entry)
{
  g_autofree char *value = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  write_text (writer, customer, member, value);
}

static void
write_list (GuicheJsonWriter *writer, GuicheCustomer *customer, const char *member, char **values)
{
  g_auto (GStrv) before = NULL;
  static const char *const none[] = { NULL };

  g_object_get (customer, member, &before, NULL);
  if (g_strv_equal (before != NULL ? (const char *const *) before : none,
                    (const char *const *) values))
    return;

  guiche_json_writer_name (writer, member);
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; values[i] != NULL; i++)
    guiche_json_writer_string (writer, values[i]);
  guiche_json_writer_end_array (writer);
}

static void
write_lists (GuicheCustomerEditor *self, GuicheJsonWriter *writer)
{
  g_auto (GStrv) phones = split_list (self->phones);
  g_auto (GStrv) emails = split_list (self->emails);

  for (guint i = 0; phones[i] != NULL; i++) {
    char *digits = guiche_text_digits (phones[i]);

    g_free (phones[i]);
    phones[i] = digits;
  }
  write_list (writer, self->customer, "phones", phones);
  write_list (writer, self->customer, "emails", emails);
}

static char *
dup_notes (GuicheCustomerEditor *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->notes);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static char *
dup_changes (GuicheCustomerEditor *self)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  g_autofree char *notes = dup_notes (self);
  g_autofree char *document = guiche_text_digits (gtk_editable_get_text (self->document));

  guiche_json_writer_begin_object (writer);
  write_entry (writer, self->customer, "name", self->name);
  write_lists (self, writer);
  write_text (writer, self->customer, "document", document);
  write_entry (writer, self->customer, "contract", self->contract);
  write_entry (writer, self->customer, "plan", self->plan);
  write_entry (writer, self->customer, "address", self->address);
  write_text (writer, self->customer, "status",
              statuses[adw_combo_row_get_selected (self->status)]);
  write_text (writer, self->customer, "notes", notes);
  guiche_json_writer_end_object (writer);
  return guiche_json_writer_steal (writer, NULL);
}

static void
on_saved (GObject *desk, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheCustomerEditor) self = user_data;
  g_autoptr (GError) error = NULL;

  if (guiche_desk_action_finish (GUICHE_DESK (desk), result, NULL, &error)) {
    gtk_window_close (GTK_WINDOW (self));
    return;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_set_sensitive (self->save, TRUE);
  guiche_toast_show_error (GTK_WIDGET (self), error);
}

static void
on_save_clicked_cb (GuicheCustomerEditor *self)
{
  g_autofree char *changes = dup_changes (self);

  if (g_str_equal (changes, "{}")) {
    gtk_window_close (GTK_WINDOW (self));
    return;
  }
  gtk_widget_set_sensitive (self->save, FALSE);
  guiche_desk_update_customer_async (self->desk, self->customer, changes, self->saving, on_saved,
                                     g_object_ref (self));
}

static void
guiche_customer_editor_dispose (GObject *object)
{
  GuicheCustomerEditor *self = GUICHE_CUSTOMER_EDITOR (object);

  g_cancellable_cancel (self->saving);
  g_clear_object (&self->saving);
  g_clear_object (&self->customer);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (guiche_customer_editor_parent_class)->dispose (object);
}

static void
guiche_customer_editor_class_init (GuicheCustomerEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_customer_editor_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/guiche/Guiche/customers/customer-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerEditor, save);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerEditor, name);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerEditor, phones);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerEditor, emails);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerEditor, document);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerEditor, contract);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerEditor, plan);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerEditor, address);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerEditor, status);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerEditor, notes);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerEditor, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked_cb);
}

static void
guiche_customer_editor_init (GuicheCustomerEditor *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    gtk_string_list_append (labels, guiche_customer_text_status (statuses[i]));
  adw_combo_row_set_model (self->status, G_LIST_MODEL (labels));
  self->saving = g_cancellable_new ();
}

static void
show_text (GtkEditable *entry, const char *text)
{
  gtk_editable_set_text (entry, text != NULL ? text : "");
}

static void
show_phones (GuicheCustomerEditor *self, char **phones)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) readable = NULL;
  g_autofree char *joined = NULL;

  for (guint i = 0; phones != NULL && phones[i] != NULL; i++) {
    g_autofree char *phone = guiche_customer_text_phone (phones[i]);

    g_strv_builder_add (builder, phone);
  }
  readable = g_strv_builder_end (builder);
  joined = g_strjoinv (", ", readable);
  show_text (self->phones, joined);
}

static void
show_customer (GuicheCustomerEditor *self)
{
  g_autofree char *document = NULL, *contract = NULL, *plan = NULL, *address = NULL;
  g_autofree char *status = NULL, *notes = NULL, *document_text = NULL, *emails_text = NULL;
  g_auto (GStrv) phones = NULL;
  g_auto (GStrv) emails = NULL;

  g_object_get (self->customer, "phones", &phones, "emails", &emails, "document", &document,
                "contract", &contract, "plan", &plan, "address", &address, "status", &status,
                "notes", &notes, NULL);
  document_text = guiche_customer_text_document (document);
  emails_text = emails != NULL ? g_strjoinv (", ", emails) : NULL;
  show_text (self->name, guiche_customer_get_name (self->customer));
  show_phones (self, phones);
  show_text (self->emails, emails_text);
  show_text (self->document, document_text);
  show_text (self->contract, contract);
  show_text (self->plan, plan);
  show_text (self->address, address);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->notes), notes != NULL ? notes : "", -1);
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
    if (g_strcmp0 (status, statuses[i]) == 0)
      adw_combo_row_set_selected (self->status, i);
  }
}

GtkWidget *
guiche_customer_editor_new (GuicheDesk *desk, GuicheCustomer *customer)
{
  GuicheCustomerEditor *self = g_object_new (GUICHE_TYPE_CUSTOMER_EDITOR, NULL);

  self->desk = g_object_ref (desk);
  self->customer = g_object_ref (customer);
  show_customer (self);
  on_changed_cb (self);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->name));
  return GTK_WIDGET (self);
}
