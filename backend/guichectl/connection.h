/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "store/store.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * GuichectlTarget:
 *
 * Which installation and company, and as whom. Strings may be %NULL.
 */
typedef struct {
  char *data;
  char *config;
  char *server;
  char *tenant;
  char *login;
  char *token;
} GuichectlTarget;

/**
 * GuichectlConnection:
 *
 * The way to the API. Where no server runs on the data directory, its own rings serve it on a free
 * loopback port for as long as the command takes, as the company's first admin: every command is
 * the same request either way, and there are never two writers.
 */
typedef struct _GuichectlConnection GuichectlConnection;

GuichectlConnection *guichectl_connection_open (const GuichectlTarget *target, GError **error);
void guichectl_connection_close (GuichectlConnection *self);
/* Signs in to the company; before anything but tenants. */
gboolean guichectl_connection_sign_in (GuichectlConnection *self, GError **error);
/* The store, when it is this process that has it open; else %NULL. */
GuicheStore *guichectl_connection_store (GuichectlConnection *self);
const char *guichectl_connection_data (GuichectlConnection *self);

/* One request; the reply's object, or the server's refusal as the error. @body (nullable) is taken.
 * (transfer full) */
JsonNode *guichectl_call (GuichectlConnection *self,
                          const char *method,
                          const char *path,
                          GuicheJsonWriter *body,
                          GError **error);
/* Events after @since, each given to @on_event as its JSON text, until the process is told to
 * end. */
typedef void (*GuichectlEventFunc) (const char *json, gpointer user_data);
gboolean guichectl_follow (GuichectlConnection *self,
                           gint64 since,
                           GuichectlEventFunc on_event,
                           gpointer user_data,
                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuichectlConnection, guichectl_connection_close)

G_END_DECLS
