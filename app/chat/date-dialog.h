/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheDateDialog:
 *
 * Asks for a day to go to. Signal: `chosen` (int64: its first microsecond in local time, since 1970
 * UTC).
 */
#define GUICHE_TYPE_DATE_DIALOG (guiche_date_dialog_get_type ())
G_DECLARE_FINAL_TYPE (GuicheDateDialog, guiche_date_dialog, GUICHE, DATE_DIALOG, AdwWindow)

GuicheDateDialog *guiche_date_dialog_new (void);

G_END_DECLS
