/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/own-company-form.h"

#include <glib/gi18n.h>

#define PASSWORD_MIN_CHARACTERS 8

struct _GuicheOwnCompanyForm {
  AdwBin parent_instance;

  GtkEditable *name, *password, *again;
  GtkLabel *problem;
  GtkWidget *confirm;
};

G_DEFINE_FINAL_TYPE (GuicheOwnCompanyForm, guiche_own_company_form, ADW_TYPE_BIN)

static guint confirmed_signal;

static void
on_changed_cb (GuicheOwnCompanyForm *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name)));
  const char *password = gtk_editable_get_text (self->password);
  const char *again = gtk_editable_get_text (self->again);
  gboolean differs = *again != '\0' && !g_str_has_prefix (password, again);

  guiche_own_company_form_set_problem (self, differs ? _ ("The password was not repeated exactly.")
                                                     : NULL);
  gtk_widget_set_sensitive (self->confirm,
                            *name != '\0' && g_str_equal (password, again) &&
                                g_utf8_strlen (password, -1) >= PASSWORD_MIN_CHARACTERS);
}

static void
on_confirm_cb (GuicheOwnCompanyForm *self)
{
  if (gtk_widget_get_sensitive (self->confirm))
    g_signal_emit (self, confirmed_signal, 0);
}

static void
guiche_own_company_form_class_init (GuicheOwnCompanyFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  confirmed_signal = g_signal_new ("confirmed", GUICHE_TYPE_OWN_COMPANY_FORM, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/guiche/Guiche/shell/own-company-form.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheOwnCompanyForm, name);
  gtk_widget_class_bind_template_child (widget_class, GuicheOwnCompanyForm, password);
  gtk_widget_class_bind_template_child (widget_class, GuicheOwnCompanyForm, again);
  gtk_widget_class_bind_template_child (widget_class, GuicheOwnCompanyForm, problem);
  gtk_widget_class_bind_template_child (widget_class, GuicheOwnCompanyForm, confirm);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_confirm_cb);
}

static void
guiche_own_company_form_init (GuicheOwnCompanyForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

const char *
guiche_own_company_form_get_name (GuicheOwnCompanyForm *self)
{
  return gtk_editable_get_text (self->name);
}

const char *
guiche_own_company_form_get_password (GuicheOwnCompanyForm *self)
{
  return gtk_editable_get_text (self->password);
}

void
guiche_own_company_form_set_problem (GuicheOwnCompanyForm *self, const char *problem)
{
  gtk_label_set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
}
