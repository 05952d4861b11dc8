/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Private to the room: where Redis is and as whom to speak to it. */
typedef struct {
  GSocketConnectable *address; /* (owned) */
  char *user;                  /* (owned) (nullable) */
  char *password;              /* (owned) (nullable) */
  guint database;
} GuicheBusUrl;

/* GUICHE_ERROR_INVALID_REQUEST says what is wrong without repeating a password. */
gboolean guiche_bus_url_parse (GuicheBusUrl *self, const char *url, GError **error);
void guiche_bus_url_clear (GuicheBusUrl *self);

G_END_DECLS
