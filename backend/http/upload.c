/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "http/server-private.h"

/* Raw bodies: who sends is known before the first byte is taken, and bytes go to the
 * tenant's directory as they arrive. */

static gboolean
open_upload (GuicheExchange *self, GError **error)
{
  gint64 max_bytes = MIN (self->row->route->max_body,
                          guiche_settings_get_int (self->server->settings, "files", "max_bytes"));
  const GuicheHead *head = guiche_connection_head (self->peer->connection);

  if (head->content_length > max_bytes) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_TOO_LARGE,
                 "files have at most %" G_GINT64_FORMAT " bytes", max_bytes);
    return FALSE;
  }
  self->request.upload = guiche_upload_new (self->request.tenant, max_bytes, error);
  return self->request.upload != NULL;
}

static void
refuse (GuicheExchange *self)
{
  guiche_connection_refuse (self->peer->connection, guiche_error_http_status (self->error->code),
                            guiche_error_code_name (self->error->code), self->error->message);
}

static void
on_loaded (gpointer user_data, const GError *error)
{
  GuicheExchange *self = user_data;

  if (!guiche_exchange_release (self))
    return;
  if (error != NULL)
    self->error = g_error_copy (error);
  else if (guiche_exchange_authorize (self))
    open_upload (self, &self->error);
  if (self->error != NULL)
    refuse (self);
  guiche_exchange_resume (self);
}

gboolean
guiche_exchange_begin_upload (GuicheExchange *self, GError **error)
{
  if (!guiche_exchange_identify (self))
    return FALSE;
  if (self->request.tenant == NULL) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "an upload needs a company");
    return FALSE;
  }
  if (self->grant == NULL || guiche_access_is_fresh (self->grant))
    return guiche_exchange_authorize (self) && open_upload (self, error);

  self->is_working = TRUE;
  guiche_exchange_pause (self);
  guiche_access_load (self->server->access, self->grant, on_loaded, self);
  return TRUE;
}
