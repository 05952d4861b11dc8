/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full): a translated sentence for the person, made from the error's code, with what to
 * do next. The error's own message is for the log and never shown. */
char *guiche_error_text (const GError *error);
/* Whether trying the same again can work (the network, a busy server). */
gboolean guiche_error_can_retry (const GError *error);

G_END_DECLS
