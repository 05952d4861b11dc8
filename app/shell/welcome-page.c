/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/welcome-page.h"

#include "base/error.h"
#include "shell/address.h"
#include "shell/own-company-form.h"
#include "shell/own-company.h"
#include "widgets/accessible.h"
#include "widgets/dialog.h"
#include "widgets/error-text.h"

#include <glib/gi18n.h>

struct _GuicheWelcomePage {
  AdwBin parent_instance;

  GtkStack *stack;
  GtkWidget *back, *connect;
  AdwStatusPage *server_page;
  GtkEditable *address, *company, *user, *password;
  GtkLabel *problem, *choose_problem, *progress_text;
  GuicheOwnCompanyForm *own_form;
  GtkSpinner *spinner;

  GuicheProfile *profile;    /* (owned) (nullable): what is being tried */
  GuicheSession *session;    /* (owned) (nullable): the same */
  GCancellable *cancellable; /* (owned) (nullable) */
  char *secret;              /* (owned) (nullable): the password being tried */
  gboolean is_known;         /* the server and the user are fixed */
};

G_DEFINE_FINAL_TYPE (GuicheWelcomePage, guiche_welcome_page, ADW_TYPE_BIN)

static guint signed_in_signal;

static void try_sign_in (GuicheWelcomePage *self);

static void
show_page (GuicheWelcomePage *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_widget_set_visible (self->back, (g_str_equal (name, "server") || g_str_equal (name, "own")) &&
                                          !self->is_known);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (name, "progress"));
}

static void
show_on (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

/* Each form has its place for it; one of them is in sight. */
static void
show_problem (GuicheWelcomePage *self, const char *text)
{
  show_on (self->problem, text);
  show_on (self->choose_problem, text);
  guiche_own_company_form_set_problem (self->own_form, text);
}

/* Where the person chose what is being tried. */
static const char *
form_of_attempt (GuicheWelcomePage *self)
{
  if (self->is_known || self->profile == NULL || !self->profile->is_embedded)
    return "server";
  return g_str_equal (self->profile->tenant, "demo") ? "choose" : "own";
}

static void
forget_attempt (GuicheWelcomePage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->secret, g_free);
}

static void
on_certificate_accepted (gpointer user_data)
{
  GuicheWelcomePage *self = user_data;

  show_page (self, "progress");
  try_sign_in (self);
}

/* 4f:a3:… in groups that can be read out on the telephone. */
static char *
readable_fingerprint (const char *fingerprint)
{
  GString *text = g_string_new (NULL);
  guint n = 0;

  for (const char *at = fingerprint; *at != '\0'; at++) {
    if (!g_ascii_isxdigit (*at))
      continue;
    if (n > 0 && n % 4 == 0)
      g_string_append_c (text, n % 32 == 0 ? '\n' : ' ');
    g_string_append_c (text, g_ascii_toupper (*at));
    n++;
  }
  return g_string_free (text, FALSE);
}

static void
ask_about_certificate (GuicheWelcomePage *self, const char *fingerprint)
{
  g_autofree char *readable = readable_fingerprint (fingerprint);
  g_autofree char *body = g_strdup_printf (
      _ ("The certificate of this server was not issued by a known authority. Go on only if an "
         "administrator confirms this fingerprint:\n\n%s"),
         readable);

  g_free (self->profile->fingerprint);
  self->profile->fingerprint = g_strdup (fingerprint);
  show_page (self, "server");
  guiche_dialog_confirm (
      GTK_WIDGET (self),
      &(GuicheConfirmation){ .heading = _ ("Trust This Server?"), .body = body,
                                           .confirm_label = _ ("_Trust"), .is_destructive = TRUE,
                                                               .func = on_certificate_accepted,
                                                               .user_data = g_object_ref (self),
                                                               .destroy = g_object_unref });
}

static void
handle_failure (GuicheWelcomePage *self, const GError *error)
{
  const char *fingerprint = guiche_error_get_detail (error, "fingerprint");
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_CERTIFICATE) && fingerprint != NULL &&
      g_strcmp0 (fingerprint, self->profile->fingerprint) != 0) {
    ask_about_certificate (self, fingerprint);
    return;
  }

  text = guiche_error_text (error);
  forget_attempt (self);
  show_problem (self, text);
  show_page (self, form_of_attempt (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->password));
}

static void
on_signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheWelcomePage) self = user_data;
  g_autoptr (GuicheSession) session = g_object_ref (GUICHE_SESSION (source));
  g_autoptr (GError) error = NULL;

  if (!guiche_session_sign_in_finish (session, result, &error)) {
    if (session == self->session)
      handle_failure (self, error);
    return;
  }
  if (session != self->session)
    return;

  forget_attempt (self);
  gtk_editable_set_text (self->password, "");
  g_signal_emit (self, signed_in_signal, 0, session);
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheWelcomePage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!guiche_session_start_finish (GUICHE_SESSION (source), result, &error)) {
    if (GUICHE_SESSION (source) == self->session)
      handle_failure (self, error);
    return;
  }
  if (GUICHE_SESSION (source) != self->session)
    return;

  gtk_label_set_text (self->progress_text, _ ("Signing In…"));
  guiche_session_sign_in_async (self->session, self->secret, self->cancellable, on_signed_in,
                                g_object_ref (self));
}

/* Everything is in the profile and the secret. */
static void
try_sign_in (GuicheWelcomePage *self)
{
  g_autofree char *secret = g_steal_pointer (&self->secret);

  forget_attempt (self);
  self->secret = g_steal_pointer (&secret);
  self->cancellable = g_cancellable_new ();
  self->session = guiche_session_new (self->profile);
  show_problem (self, NULL);
  gtk_label_set_text (self->progress_text,
                      self->profile->is_embedded ? _ ("Preparing Guichê on This Computer…")
                                                 : _ ("Connecting…"));
  show_page (self, "progress");
  guiche_session_start_async (self->session, self->cancellable, on_started, g_object_ref (self));
}

void
guiche_welcome_page_sign_in (GuicheWelcomePage *self,
                             const GuicheProfile *profile,
                             const char *password)
{
  GuicheProfile *copy = guiche_profile_copy (profile);

  g_clear_pointer (&self->profile, guiche_profile_free);
  self->profile = copy;
  g_free (self->secret);
  self->secret = g_strdup (password);
  try_sign_in (self);
}

GuicheProfile *
guiche_welcome_page_sample_profile (void)
{
  const GuicheProfile sample = { .id = (char *) "sample",
                                 .is_embedded = TRUE,
                                 .url = (char *) "",
                                 .tenant = (char *) "demo",
                                 .login = (char *) "ana" };

  return guiche_profile_copy (&sample);
}

static void
on_sample_clicked_cb (GuicheWelcomePage *self)
{
  GuicheProfile *profile = guiche_welcome_page_sample_profile ();

  guiche_welcome_page_sign_in (self, profile, GUICHE_SAMPLE_PASSWORD);
  guiche_profile_free (profile);
}

static void
on_computer_activated_cb (GuicheWelcomePage *self)
{
  show_problem (self, NULL);
  show_page (self, "own");
  gtk_widget_child_focus (GTK_WIDGET (self->own_form), GTK_DIR_TAB_FORWARD);
}

static void
on_own_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheWelcomePage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheSession) session = guiche_own_company_open_finish (result, &error);

  if (session != NULL) {
    forget_attempt (self);
    g_signal_emit (self, signed_in_signal, 0, session);
    return;
  }
  if (g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_CREDENTIALS_INVALID)) {
    show_problem (self,
                  _ ("This computer already has a company. Type its administrator's password."));
    show_page (self, "own");
    return;
  }
  handle_failure (self, error);
}

static void
on_own_confirmed_cb (GuicheWelcomePage *self)
{
  forget_attempt (self);
  g_clear_pointer (&self->profile, guiche_profile_free);
  self->profile = guiche_own_company_profile ();
  self->cancellable = g_cancellable_new ();
  show_problem (self, NULL);
  gtk_label_set_text (self->progress_text, _ ("Preparing Guichê on This Computer…"));
  show_page (self, "progress");
  guiche_own_company_open_async (guiche_own_company_form_get_name (self->own_form),
                                 guiche_own_company_form_get_password (self->own_form),
                                 self->cancellable, on_own_opened, g_object_ref (self));
}

static void
on_server_activated_cb (GuicheWelcomePage *self)
{
  show_problem (self, NULL);
  show_page (self, "server");
  gtk_widget_grab_focus (GTK_WIDGET (self->address));
}

static void
on_back_clicked_cb (GuicheWelcomePage *self)
{
  gboolean was_trying = self->cancellable != NULL;

  forget_attempt (self);
  show_page (self, was_trying ? form_of_attempt (self) : "choose");
}

static gboolean
is_filled (GtkEditable *entry)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (entry));

  return *g_strstrip (text) != '\0';
}

static void
on_form_changed_cb (GuicheWelcomePage *self)
{
  gtk_widget_set_sensitive (
      self->connect, is_filled (self->password) &&
                         (self->is_known || (is_filled (self->address) &&
                                             is_filled (self->company) && is_filled (self->user))));
}

static char *
dup_stripped (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

static gboolean
read_form (GuicheWelcomePage *self)
{
  g_autofree char *url = guiche_address_to_url (gtk_editable_get_text (self->address));
  g_autofree char *company = dup_stripped (self->company);
  g_autofree char *user = dup_stripped (self->user);
  g_autofree char *id = g_uuid_string_random ();
  const GuicheProfile profile = { .id = id, .url = url, .tenant = company, .login = user };

  if (url == NULL) {
    gtk_widget_add_css_class (GTK_WIDGET (self->address), "error");
    show_problem (self, _ ("This is not the address of a server. It looks like desk.example.com."));
    gtk_widget_grab_focus (GTK_WIDGET (self->address));
    return FALSE;
  }
  gtk_widget_remove_css_class (GTK_WIDGET (self->address), "error");
  g_clear_pointer (&self->profile, guiche_profile_free);
  self->profile = guiche_profile_copy (&profile);
  return TRUE;
}

static void
on_connect_clicked_cb (GuicheWelcomePage *self)
{
  if (!gtk_widget_get_sensitive (self->connect) || (!self->is_known && !read_form (self)))
    return;

  g_free (self->secret);
  self->secret = g_strdup (gtk_editable_get_text (self->password));
  try_sign_in (self);
}

static void
guiche_welcome_page_dispose (GObject *object)
{
  GuicheWelcomePage *self = GUICHE_WELCOME_PAGE (object);

  forget_attempt (self);
  g_clear_pointer (&self->profile, guiche_profile_free);
  G_OBJECT_CLASS (guiche_welcome_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/shell/welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheWelcomePage, stack);
  gtk_widget_class_bind_template_child (widget_class, GuicheWelcomePage, back);
  gtk_widget_class_bind_template_child (widget_class, GuicheWelcomePage, connect);
  gtk_widget_class_bind_template_child (widget_class, GuicheWelcomePage, server_page);
  gtk_widget_class_bind_template_child (widget_class, GuicheWelcomePage, address);
  gtk_widget_class_bind_template_child (widget_class, GuicheWelcomePage, company);
  gtk_widget_class_bind_template_child (widget_class, GuicheWelcomePage, user);
  gtk_widget_class_bind_template_child (widget_class, GuicheWelcomePage, password);
  gtk_widget_class_bind_template_child (widget_class, GuicheWelcomePage, problem);
  gtk_widget_class_bind_template_child (widget_class, GuicheWelcomePage, choose_problem);
  gtk_widget_class_bind_template_child (widget_class, GuicheWelcomePage, own_form);
  gtk_widget_class_bind_template_child (widget_class, GuicheWelcomePage, progress_text);
  gtk_widget_class_bind_template_child (widget_class, GuicheWelcomePage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_computer_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_sample_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_own_confirmed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_server_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_connect_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_form_changed_cb);
}

static void
guiche_welcome_page_class_init (GuicheWelcomePageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guiche_welcome_page_dispose;
  signed_in_signal = g_signal_new ("signed-in", GUICHE_TYPE_WELCOME_PAGE, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 1, GUICHE_TYPE_SESSION);
  g_type_ensure (GUICHE_TYPE_OWN_COMPANY_FORM);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
guiche_welcome_page_init (GuicheWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  guiche_accessible_clean_buttons (GTK_WIDGET (self));
}

GtkWidget *
guiche_welcome_page_new (void)
{
  return g_object_new (GUICHE_TYPE_WELCOME_PAGE, NULL);
}

GtkWidget *
guiche_welcome_page_new_for_profile (const GuicheProfile *profile, const char *problem)
{
  GuicheWelcomePage *self = g_object_new (GUICHE_TYPE_WELCOME_PAGE, NULL);

  self->is_known = TRUE;
  self->profile = guiche_profile_copy (profile);
  gtk_editable_set_text (self->address, profile->is_embedded ? _ ("This computer") : profile->url);
  gtk_editable_set_text (self->company, profile->tenant);
  gtk_editable_set_text (self->user, profile->login);
  gtk_widget_set_sensitive (GTK_WIDGET (self->address), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->company), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->user), FALSE);
  adw_status_page_set_title (self->server_page, _ ("Sign In Again"));
  adw_status_page_set_icon_name (self->server_page, "dialog-password-symbolic");
  show_problem (self, problem);
  show_page (self, "server");
  return GTK_WIDGET (self);
}
