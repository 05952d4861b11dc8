/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-shell"

#include "base/error.h"
#include "shell/application-private.h"
#include "shell/welcome-page.h"
#include "widgets/toast.h"

#include <glib/gi18n.h>

static void ask_for_password (GuicheApplication *self, const char *problem);

static void
save_profile (GuicheApplication *self, const GuicheProfile *profile)
{
  g_autoptr (GPtrArray) profiles = guiche_profiles_load ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < profiles->len; i++) {
    const GuicheProfile *known = g_ptr_array_index (profiles, i);

    if (g_str_equal (known->id, profile->id)) {
      g_ptr_array_remove_index (profiles, i);
      break;
    }
  }
  g_ptr_array_add (profiles, guiche_profile_copy (profile));
  if (!guiche_profiles_save (profiles, &error))
    g_warning ("%s", error->message);
  g_settings_set_string (self->settings, "profile", profile->id);
}

/* The Secret Service is locked or missing: said once, plainly. */
static void
on_secrets_in_memory (GuicheApplication *self)
{
  gboolean in_memory = FALSE;

  g_object_get (self->session, "secrets-in-memory", &in_memory, NULL);
  if (in_memory && self->window != NULL)
    guiche_toast_show_lasting (
        GTK_WIDGET (self->window),
        _ ("The password store of this computer is locked or missing. You will be "
                          "asked for your password at the next start."));
}

static void
on_desk_signed_out (GuicheApplication *self)
{
  ask_for_password (self, _ ("Your session has ended. Sign in again."));
}

void
guiche_application_drop_desk (GuicheApplication *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->window != NULL)
    guiche_window_set_desk (self->window, NULL);
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->notifier);
  g_clear_object (&self->desk);
  g_clear_object (&self->session);
  guiche_application_update_actions (self);
}

/* Takes the session into use: opens its cache and shows it. */
static gboolean
take_session (GuicheApplication *self, GuicheSession *session)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheDesk) desk = guiche_desk_new (session, &error);
  GuicheWindow *window;

  if (desk == NULL) {
    g_warning ("%s", error->message);
    guiche_toast_show_error (GTK_WIDGET (guiche_application_ensure_window (self)), error);
    return FALSE;
  }

  guiche_application_drop_desk (self);
  self->session = g_object_ref (session);
  self->desk = g_steal_pointer (&desk);
  self->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (self->desk, "signed-out", G_CALLBACK (on_desk_signed_out), self);
  g_signal_connect_swapped (self->session, "notify::secrets-in-memory",
                            G_CALLBACK (on_secrets_in_memory), self);
  window = guiche_application_ensure_window (self);
  guiche_window_set_desk (window, self->desk);
  self->notifier = guiche_notifier_new (G_APPLICATION (self), self->desk);
  guiche_application_update_focused (self);
  guiche_application_update_actions (self);
  return TRUE;
}

static void
on_welcome_signed_in (GuicheApplication *self, GuicheSession *session)
{
  if (!take_session (self, session))
    return;

  save_profile (self, guiche_session_get_profile (session));
  on_secrets_in_memory (self);
  guiche_desk_connect (self->desk);
}

static GtkWidget *
show_welcome (GuicheApplication *self, GtkWidget *page)
{
  g_signal_connect_object (page, "signed-in", G_CALLBACK (on_welcome_signed_in), self,
                           G_CONNECT_SWAPPED);
  guiche_window_set_welcome (guiche_application_ensure_window (self), page);
  return page;
}

/* The stored token is gone or revoked. */
static void
ask_for_password (GuicheApplication *self, const char *problem)
{
  GuicheProfile *profile = guiche_profile_copy (guiche_session_get_profile (self->session));
  GtkWidget *page;

  guiche_application_drop_desk (self);
  page = show_welcome (self, guiche_welcome_page_new_for_profile (profile, problem));
  if (self->is_demo)
    guiche_welcome_page_sign_in (GUICHE_WELCOME_PAGE (page), profile, GUICHE_SAMPLE_PASSWORD);
  guiche_profile_free (profile);
}

static void
on_resumed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_signed_in = guiche_session_resume_finish (GUICHE_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      GUICHE_SESSION (source) != self->session)
    return;
  if (is_signed_in)
    guiche_desk_connect (self->desk);
  else
    ask_for_password (self, NULL);
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheApplication) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!guiche_session_start_finish (GUICHE_SESSION (source), result, &error)) {
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->window == NULL)
      return;
    g_warning ("%s", error->message);
    guiche_toast_show (GTK_WIDGET (self->window),
                       _ ("The server on this computer could not be started."));
    return;
  }
  if (GUICHE_SESSION (source) == self->session)
    guiche_session_resume_async (self->session, self->cancellable, on_resumed, g_object_ref (self));
}

/* The cache first; the network when the first frame is out. */
static gboolean
on_idle_connect (gpointer user_data)
{
  GuicheApplication *self = user_data;

  if (self->session != NULL)
    guiche_session_start_async (self->session, self->cancellable, on_started, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static GuicheProfile *
find_profile (const char *id)
{
  g_autoptr (GPtrArray) profiles = guiche_profiles_load ();

  for (guint i = 0; i < profiles->len; i++) {
    const GuicheProfile *profile = g_ptr_array_index (profiles, i);

    if (g_strcmp0 (profile->id, id) == 0)
      return guiche_profile_copy (profile);
  }
  return NULL;
}

static GuicheProfile *
wanted_profile (GuicheApplication *self)
{
  g_autofree char *last = g_settings_get_string (self->settings, "profile");

  if (self->is_demo)
    return find_profile ("sample");
  if (self->wanted_profile != NULL)
    return find_profile (self->wanted_profile);
  return find_profile (last);
}

void
guiche_application_begin (GuicheApplication *self)
{
  GuicheProfile *profile = wanted_profile (self);
  g_autoptr (GuicheSession) session = profile != NULL ? guiche_session_new (profile) : NULL;
  GtkWidget *page;

  g_clear_pointer (&profile, guiche_profile_free);
  if (session != NULL && take_session (self, session)) {
    g_idle_add_full (G_PRIORITY_LOW, on_idle_connect, g_object_ref (self), g_object_unref);
    return;
  }

  page = show_welcome (self, guiche_welcome_page_new ());
  if (self->is_demo) {
    profile = guiche_welcome_page_sample_profile ();
    guiche_welcome_page_sign_in (GUICHE_WELCOME_PAGE (page), profile, GUICHE_SAMPLE_PASSWORD);
    guiche_profile_free (profile);
  }
}

void
guiche_application_sign_out (GuicheApplication *self)
{
  if (self->session == NULL)
    return;

  guiche_session_sign_out (self->session);
  guiche_application_drop_desk (self);
  self->is_demo = FALSE;
  g_settings_reset (self->settings, "profile");
  show_welcome (self, guiche_welcome_page_new ());
}
