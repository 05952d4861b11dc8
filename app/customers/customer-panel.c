/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "customers/customer-panel.h"

#include "customers/customer-editor.h"
#include "customers/customer-history.h"
#include "customers/customer-text.h"
#include "widgets/accessible.h"
#include "widgets/avatar.h"
#include "widgets/dialog.h"
#include "widgets/time-text.h"
#include "widgets/toast.h"

#include <glib/gi18n.h>

struct _GuicheCustomerPanel {
  AdwBin parent_instance;

  GuicheAvatar *avatar;
  GtkLabel *name, *status, *notes;
  AdwPreferencesGroup *contact, *contract;
  GtkWidget *notes_group, *history_group;
  GtkListBox *history;
  GPtrArray *rows; /* (owned): those of contact and contract, made anew with each change */

  GuicheDesk *desk;         /* (owned) */
  GuicheCustomer *customer; /* (owned) (nullable) */
  GSignalGroup *signals;    /* (owned) */
  GListModel *previous;     /* (owned) (nullable): what the history shows */
  const char *status_class;
};

G_DEFINE_FINAL_TYPE (GuicheCustomerPanel, guiche_customer_panel, ADW_TYPE_BIN)

static guint conversation_activated_signal;

static void
on_copy_clicked (GtkButton *button, gpointer user_data)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (button), ADW_TYPE_ACTION_ROW);
  const char *value = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (row), value);
  guiche_toast_show (row, _ ("Copied"));
}

static void
add_row (GuicheCustomerPanel *self,
         AdwPreferencesGroup *group,
         const char *value,
         const char *label)
{
  gboolean is_one_word = value != NULL && strchr (value, ' ') == NULL;

  GtkWidget *row, *copy;

  if (value == NULL || *value == '\0')
    return;

  row = adw_action_row_new ();
  copy = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  gtk_widget_set_valign (copy, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (copy, "flat");
  gtk_widget_set_tooltip_text (copy, _ ("Copy"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (copy), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Copy"), -1);
  g_signal_connect (copy, "clicked", G_CALLBACK (on_copy_clicked), NULL);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), value);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), label);
  /* an address wraps; what has no spaces would be hyphenated */
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), is_one_word ? 1 : 3);
  gtk_widget_set_tooltip_text (row, is_one_word ? value : NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), copy);
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->rows, g_object_ref (row));
}

static void
remove_rows (GuicheCustomerPanel *self)
{
  for (guint i = 0; i < self->rows->len; i++) {
    GtkWidget *row = g_ptr_array_index (self->rows, i);
    GtkWidget *group = gtk_widget_get_ancestor (row, ADW_TYPE_PREFERENCES_GROUP);

    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (group), row);
  }
  g_ptr_array_set_size (self->rows, 0);
}

static void
show_status (GuicheCustomerPanel *self, const char *status)
{
  const char *text = guiche_customer_text_status (status);

  if (self->status_class != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->status), self->status_class);
  self->status_class = guiche_customer_text_status_css_class (status);
  gtk_widget_add_css_class (GTK_WIDGET (self->status), self->status_class);
  gtk_label_set_text (self->status, text);
  gtk_widget_set_visible (GTK_WIDGET (self->status), *text != '\0');
}

static void
show_contact (GuicheCustomerPanel *self, char **phones, char **emails)
{
  for (guint i = 0; phones != NULL && phones[i] != NULL; i++) {
    g_autofree char *phone = guiche_customer_text_phone (phones[i]);

    add_row (self, self->contact, phone, _ ("Phone"));
  }
  for (guint i = 0; emails != NULL && emails[i] != NULL; i++)
    add_row (self, self->contact, emails[i], _ ("E-mail"));
}

static void
refresh (GuicheCustomerPanel *self)
{
  g_autofree char *document = NULL, *contract = NULL, *plan = NULL, *address = NULL;
  g_autofree char *status = NULL, *notes = NULL, *document_text = NULL;
  g_auto (GStrv) phones = NULL;
  g_auto (GStrv) emails = NULL;
  const char *name;
  guint n_contact;

  remove_rows (self);
  if (self->customer == NULL)
    return;

  g_object_get (self->customer, "phones", &phones, "emails", &emails, "document", &document,
                "contract", &contract, "plan", &plan, "address", &address, "status", &status,
                "notes", &notes, NULL);
  name = guiche_customer_get_name (self->customer);
  if (name == NULL)
    name = ""; /* asked for, not here yet */
  gtk_label_set_text (self->name, name);
  guiche_avatar_set_text (self->avatar, name);
  show_status (self, status);
  show_contact (self, phones, emails);
  n_contact = self->rows->len;
  gtk_widget_set_visible (GTK_WIDGET (self->contact), n_contact > 0);
  document_text = guiche_customer_text_document (document);
  add_row (self, self->contract, plan, _ ("Plan"));
  add_row (self, self->contract, contract, _ ("Contract"));
  add_row (self, self->contract, document_text, _ ("Document"));
  add_row (self, self->contract, address, _ ("Address"));
  gtk_widget_set_visible (GTK_WIDGET (self->contract), self->rows->len > n_contact);
  gtk_label_set_text (self->notes, notes != NULL ? notes : "");
  gtk_widget_set_visible (self->notes_group, notes != NULL && *notes != '\0');
}

static void
on_edit_clicked_cb (GuicheCustomerPanel *self)
{
  GtkWidget *editor = guiche_customer_editor_new (self->desk, self->customer);

  guiche_dialog_present (GTK_WINDOW (editor), GTK_WIDGET (self));
}

static GtkWidget *
history_row_new (gpointer item, gpointer user_data)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *preview = NULL;
  g_autofree char *queue_name = NULL;
  g_autofree char *when = NULL;
  g_autofree char *subtitle = NULL;
  gint64 last_at = 0;

  g_object_get (item, "preview", &preview, "queue-name", &queue_name, "last-at", &last_at, NULL);
  when = guiche_time_text_short (last_at, g_get_real_time ());
  subtitle = queue_name != NULL ? g_strdup_printf ("%s · %s", when, queue_name) : g_strdup (when);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 preview != NULL ? preview : _ ("No messages"));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  return row;
}

static void
on_history_row_activated_cb (GuicheCustomerPanel *self, GtkListBoxRow *row)
{
  g_autoptr (GuicheConversation) conversation =
                 g_list_model_get_item (self->previous, gtk_list_box_row_get_index (row));

  if (conversation != NULL)
    g_signal_emit (self, conversation_activated_signal, 0, conversation);
}

static void
on_history_changed (GuicheCustomerPanel *self,
                    guint position,
                    guint removed,
                    guint added,
                    GListModel *model)
{
  gtk_widget_set_visible (self->history_group, g_list_model_get_n_items (model) > 0);
}

static void
show_history (GuicheCustomerPanel *self, GuicheConversation *present)
{
  gtk_list_box_bind_model (self->history, NULL, NULL, NULL, NULL);
  g_clear_object (&self->previous);
  if (self->customer == NULL)
    return;

  self->previous = guiche_customer_history_new (self->desk, self->customer, present);
  gtk_list_box_bind_model (self->history, self->previous, history_row_new, self, NULL);
  g_signal_connect_object (self->previous, "items-changed", G_CALLBACK (on_history_changed), self,
                           G_CONNECT_SWAPPED);
  on_history_changed (self, 0, 0, 0, self->previous);
}

static void
guiche_customer_panel_dispose (GObject *object)
{
  GuicheCustomerPanel *self = GUICHE_CUSTOMER_PANEL (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->previous);
  g_clear_object (&self->customer);
  g_clear_object (&self->desk);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (guiche_customer_panel_parent_class)->dispose (object);
}

static void
guiche_customer_panel_class_init (GuicheCustomerPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_customer_panel_dispose;
  conversation_activated_signal =
      g_signal_new ("conversation-activated", GUICHE_TYPE_CUSTOMER_PANEL, G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, GUICHE_TYPE_CONVERSATION);
  g_type_ensure (GUICHE_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/guiche/Guiche/customers/customer-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerPanel, avatar);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerPanel, name);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerPanel, status);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerPanel, notes);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerPanel, contact);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerPanel, contract);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerPanel, notes_group);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerPanel, history_group);
  gtk_widget_class_bind_template_child (widget_class, GuicheCustomerPanel, history);
  gtk_widget_class_bind_template_callback (widget_class, on_edit_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_history_row_activated_cb);
}

static void
guiche_customer_panel_init (GuicheCustomerPanel *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  guiche_accessible_clean_buttons (GTK_WIDGET (self));
  self->signals = g_signal_group_new (GUICHE_TYPE_CUSTOMER);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (refresh), self);
}

GtkWidget *
guiche_customer_panel_new (GuicheDesk *desk)
{
  GuicheCustomerPanel *self = g_object_new (GUICHE_TYPE_CUSTOMER_PANEL, NULL);

  self->desk = g_object_ref (desk);
  /* the cache begins with what is open; previous conversations are closed ones */
  guiche_desk_load_closed_async (desk, NULL, NULL, NULL);
  return GTK_WIDGET (self);
}

void
guiche_customer_panel_set_customer (GuicheCustomerPanel *self,
                                    GuicheCustomer *customer,
                                    GuicheConversation *present)
{
  if (g_set_object (&self->customer, customer)) {
    g_signal_group_set_target (self->signals, customer);
    refresh (self);
  }
  show_history (self, present);
}
