/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "notifications/notice.h"

G_BEGIN_DECLS

/**
 * GuicheNotificationBackend:
 *
 * How notices reach the desktop: libnotify natively, GNotification (and by it the portal) in a
 * sandbox. One notification per conversation: a new notice replaces the one before.
 *
 * Signal: `action` (conversation id, action, text): the person pressed `open`, `accept`, `later`,
 * `reply`, or wrote a reply (`send`, with its text).
 */
#define GUICHE_TYPE_NOTIFICATION_BACKEND (guiche_notification_backend_get_type ())
G_DECLARE_INTERFACE (GuicheNotificationBackend,
                     guiche_notification_backend,
                     GUICHE,
                     NOTIFICATION_BACKEND,
                     GObject)

struct _GuicheNotificationBackendInterface {
  GTypeInterface parent_iface;
  void (*show) (GuicheNotificationBackend *self, const GuicheNotice *notice);
  void (*withdraw) (GuicheNotificationBackend *self, const char *conversation_id);
};

void guiche_notification_backend_show (GuicheNotificationBackend *self, const GuicheNotice *notice);
void guiche_notification_backend_withdraw (GuicheNotificationBackend *self,
                                           const char *conversation_id);
/* For implementations. */
void guiche_notification_backend_emit_action (GuicheNotificationBackend *self,
                                              const char *conversation_id,
                                              const char *action,
                                              const char *text);

/* The one for where the program runs: in a Flatpak (or with GUICHE_NOTIFICATIONS=portal)
 * GNotification, else libnotify. */
GuicheNotificationBackend *guiche_notification_backend_new (GApplication *application);

#define GUICHE_TYPE_LIBNOTIFY_BACKEND (guiche_libnotify_backend_get_type ())
G_DECLARE_FINAL_TYPE (GuicheLibnotifyBackend,
                      guiche_libnotify_backend,
                      GUICHE,
                      LIBNOTIFY_BACKEND,
                      GObject)
GuicheNotificationBackend *guiche_libnotify_backend_new (void);

#define GUICHE_TYPE_PORTAL_BACKEND (guiche_portal_backend_get_type ())
G_DECLARE_FINAL_TYPE (GuichePortalBackend, guiche_portal_backend, GUICHE, PORTAL_BACKEND, GObject)
GuicheNotificationBackend *guiche_portal_backend_new (GApplication *application);

G_END_DECLS
