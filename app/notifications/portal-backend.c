/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notifications/notification-backend.h"

#include <glib/gi18n.h>

#define ACTION "notification-pressed"

struct _GuichePortalBackend {
  GObject parent_instance;
  GApplication *application; /* (owned) */
};

static void backend_init (GuicheNotificationBackendInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (GuichePortalBackend,
                               guiche_portal_backend,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GUICHE_TYPE_NOTIFICATION_BACKEND,
                                                      backend_init))

static void
on_pressed (GuichePortalBackend *self, GVariant *parameter)
{
  const char *conversation_id, *action;

  g_variant_get (parameter, "(&s&s)", &conversation_id, &action);
  guiche_notification_backend_emit_action (GUICHE_NOTIFICATION_BACKEND (self), conversation_id,
                                           action, NULL);
}

static void
add_button (GNotification *notification,
            const GuicheNotice *notice,
            const char *label,
            const char *action)
{
  g_notification_add_button_with_target (notification, label, "app." ACTION, "(ss)",
                                         notice->conversation_id, action);
}

/* GNotification's body is text by definition. */
static void
show (GuicheNotificationBackend *backend, const GuicheNotice *notice)
{
  GuichePortalBackend *self = GUICHE_PORTAL_BACKEND (backend);
  g_autoptr (GNotification) notification = g_notification_new (notice->title);
  g_autofree char *body = guiche_notice_body (notice->body, FALSE);

  g_notification_set_body (notification, body);
  g_notification_set_category (notification, "im.received");
  g_notification_set_default_action_and_target (notification, "app." ACTION, "(ss)",
                                                notice->conversation_id, "open");
  if (notice->kind == GUICHE_NOTICE_NEW_CONVERSATION) {
    add_button (notification, notice, _ ("Accept"), "accept");
    add_button (notification, notice, _ ("Later"), "later");
  } else {
    if (notice->kind != GUICHE_NOTICE_FAILURE)
      add_button (notification, notice, _ ("Reply"), "reply");
    add_button (notification, notice, _ ("Open"), "open");
  }
  g_application_send_notification (self->application, notice->conversation_id, notification);
}

static void
withdraw (GuicheNotificationBackend *backend, const char *conversation_id)
{
  g_application_withdraw_notification (GUICHE_PORTAL_BACKEND (backend)->application,
                                       conversation_id);
}

static void
backend_init (GuicheNotificationBackendInterface *iface)
{
  iface->show = show;
  iface->withdraw = withdraw;
}

static void
guiche_portal_backend_dispose (GObject *object)
{
  GuichePortalBackend *self = GUICHE_PORTAL_BACKEND (object);

  if (self->application)
    g_action_map_remove_action (G_ACTION_MAP (self->application), ACTION);
  g_clear_object (&self->application);
  G_OBJECT_CLASS (guiche_portal_backend_parent_class)->dispose (object);
}

static void
guiche_portal_backend_class_init (GuichePortalBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guiche_portal_backend_dispose;
}

static void
guiche_portal_backend_init (GuichePortalBackend *self)
{
}

GuicheNotificationBackend *
guiche_portal_backend_new (GApplication *application)
{
  GuichePortalBackend *self = g_object_new (GUICHE_TYPE_PORTAL_BACKEND, NULL);
  g_autoptr (GSimpleAction) action = g_simple_action_new (ACTION, G_VARIANT_TYPE ("(ss)"));

  self->application = g_object_ref (application);
  g_signal_connect_object (action, "activate", G_CALLBACK (on_pressed), self, G_CONNECT_SWAPPED);
  g_action_map_add_action (G_ACTION_MAP (application), G_ACTION (action));
  return GUICHE_NOTIFICATION_BACKEND (self);
}
