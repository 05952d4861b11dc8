/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  GUICHE_SETTING_STRING,
  GUICHE_SETTING_INT,
  GUICHE_SETTING_BOOL
} GuicheSettingType;

/* One key of guiched.conf. Private to settings.c; whoever needs a key adds a row in
 * settings-table.c. */
typedef struct {
  const char *group;
  const char *key;
  GuicheSettingType type;
  const char *fallback;
  gint64 minimum, maximum; /* integers */
  const char *documentation;
} GuicheSettingRow;

extern const GuicheSettingRow guiche_setting_rows[];
extern const gsize guiche_n_setting_rows;

G_END_DECLS
