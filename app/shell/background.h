/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Asks the desktop (org.freedesktop.portal.Background) to let the application go on without a
 * window. Without the portal nothing needs to be asked. @reason is shown to the person. */
void guiche_background_request (GApplication *application, const char *reason);

G_END_DECLS
