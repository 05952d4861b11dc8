/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notifications/notification-backend.h"

G_DEFINE_INTERFACE (GuicheNotificationBackend, guiche_notification_backend, G_TYPE_OBJECT)

static guint action_signal;

static void
guiche_notification_backend_default_init (GuicheNotificationBackendInterface *iface)
{
  action_signal =
      g_signal_new ("action", G_TYPE_FROM_INTERFACE (iface), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

void
guiche_notification_backend_show (GuicheNotificationBackend *self, const GuicheNotice *notice)
{
  GUICHE_NOTIFICATION_BACKEND_GET_IFACE (self)->show (self, notice);
}

void
guiche_notification_backend_withdraw (GuicheNotificationBackend *self, const char *conversation_id)
{
  GUICHE_NOTIFICATION_BACKEND_GET_IFACE (self)->withdraw (self, conversation_id);
}

void
guiche_notification_backend_emit_action (GuicheNotificationBackend *self,
                                         const char *conversation_id,
                                         const char *action,
                                         const char *text)
{
  g_signal_emit (self, action_signal, 0, conversation_id, action, text ? text : "");
}

GuicheNotificationBackend *
guiche_notification_backend_new (GApplication *application)
{
  if (g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) ||
      g_strcmp0 (g_getenv ("GUICHE_NOTIFICATIONS"), "portal") == 0)
    return guiche_portal_backend_new (application);
  return guiche_libnotify_backend_new ();
}
