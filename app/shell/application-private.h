/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"
#include "notifications/notifier.h"
#include "shell/application.h"
#include "shell/window.h"

G_BEGIN_DECLS

/* application.c starts and shows; application-session.c signs in and out; application-actions.c is
 * `app.*`. */

struct _GuicheApplication {
  AdwApplication parent_instance;

  GuicheWindow *window; /* (not owned) (nullable): owned by GTK */
  GSettings *settings;  /* (owned) */

  char *wanted_profile;      /* (owned) (nullable): --profile */
  gboolean is_demo;          /* --demo */
  GuicheSession *session;    /* (owned) (nullable) */
  GuicheDesk *desk;          /* (owned) (nullable) */
  GuicheNotifier *notifier;  /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): of connecting */
  gboolean is_held;          /* running without a window */
};

/* Opens the wanted profile, or the first run. */
void guiche_application_begin (GuicheApplication *self);
void guiche_application_sign_out (GuicheApplication *self);
void guiche_application_drop_desk (GuicheApplication *self);
/* The conversation in the focused window needs no notification. */
void guiche_application_update_focused (GuicheApplication *self);
void guiche_application_add_actions (GuicheApplication *self);
void guiche_application_update_actions (GuicheApplication *self);
/* The window, made when there is none. */
GuicheWindow *guiche_application_ensure_window (GuicheApplication *self);

G_END_DECLS
