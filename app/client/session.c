/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "base/json-writer.h"
#include "base/json.h"
#include "client/embedded.h"
#include "client/rest.h"
#include "client/secrets.h"
#include "client/session-private.h"

#include <string.h>

/* A token that ends within this time is refreshed before it is used. */
#define FRESHNESS_US (20 * G_USEC_PER_SEC)

G_DEFINE_FINAL_TYPE (GuicheSession, guiche_session, G_TYPE_OBJECT)

enum {
  PROP_SECRETS_IN_MEMORY = 1,
  PROP_SECRETS_MESSAGE,
  PROP_IS_SIGNED_IN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Leaves nothing of it in memory. */
void
guiche_session_wipe (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

static void
guiche_session_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  GuicheSession *self = GUICHE_SESSION (object);

  switch (property_id) {
  case PROP_SECRETS_IN_MEMORY:
    g_value_set_boolean (value, self->secrets_in_memory);
    break;
  case PROP_SECRETS_MESSAGE:
    g_value_set_string (value, self->secrets_message);
    break;
  case PROP_IS_SIGNED_IN:
    g_value_set_boolean (value, self->refresh_token != NULL);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
guiche_session_dispose (GObject *object)
{
  GuicheSession *self = GUICHE_SESSION (object);

  if (self->soup != NULL)
    soup_session_abort (self->soup);
  if (self->embedded != NULL) {
    g_signal_handlers_disconnect_by_data (self->embedded, self);
    guiche_embedded_stop (self->embedded);
  }
  g_clear_object (&self->embedded);
  G_OBJECT_CLASS (guiche_session_parent_class)->dispose (object);
}

static void
guiche_session_finalize (GObject *object)
{
  GuicheSession *self = GUICHE_SESSION (object);

  g_clear_object (&self->soup);
  guiche_session_wipe (&self->token);
  guiche_session_wipe (&self->refresh_token);
  g_free (self->secrets_message);
  g_ptr_array_unref (self->refreshing);
  guiche_profile_free (self->profile);
  G_OBJECT_CLASS (guiche_session_parent_class)->finalize (object);
}

static void
guiche_session_class_init (GuicheSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  /* Read by GnuTLS and libsoup when they are first used: TLS 1.2 and 1.3 with AEAD only; HTTP/2 of
   * libsoup 3.2 has open defects. */
  g_setenv (
      "G_TLS_GNUTLS_PRIORITY",
      "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:"
      "+CHACHA20-POLY1305:-MAC-ALL:+AEAD",
      TRUE);
  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);
  object_class->get_property = guiche_session_get_property;
  object_class->dispose = guiche_session_dispose;
  object_class->finalize = guiche_session_finalize;
  properties[PROP_SECRETS_IN_MEMORY] =
      g_param_spec_boolean ("secrets-in-memory", NULL, NULL, FALSE, flags);
  properties[PROP_SECRETS_MESSAGE] =
      g_param_spec_string ("secrets-message", NULL, NULL, NULL, flags);
  properties[PROP_IS_SIGNED_IN] = g_param_spec_boolean ("is-signed-in", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_signal_new ("revoked", GUICHE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
  g_signal_new ("moved", GUICHE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
}

static void
guiche_session_init (GuicheSession *self)
{
  self->refreshing = g_ptr_array_new_with_free_func (g_object_unref);
  self->soup = soup_session_new_with_options ("timeout", 30, "idle-timeout", 60, "user-agent",
                                              "Guiche", "max-conns-per-host", 6, NULL);
  /* No NTLM, digest or proxy passwords, and no decompression of what a peer sends. */
  soup_session_remove_feature_by_type (self->soup, SOUP_TYPE_AUTH_MANAGER);
  soup_session_remove_feature_by_type (self->soup, SOUP_TYPE_CONTENT_DECODER);
}

/**
 * guiche_session_new:
 *
 * A session that is not signed in yet.
 */
GuicheSession *
guiche_session_new (const GuicheProfile *profile)
{
  GuicheSession *self = g_object_new (GUICHE_TYPE_SESSION, NULL);

  self->profile = guiche_profile_copy (profile);
  if (profile->is_embedded)
    soup_session_set_proxy_resolver (self->soup, NULL);
  for (char *url = self->profile->url; url != NULL && g_str_has_suffix (url, "/");)
    url[strlen (url) - 1] = '\0';
  return self;
}

const GuicheProfile *
guiche_session_get_profile (GuicheSession *self)
{
  g_return_val_if_fail (GUICHE_IS_SESSION (self), NULL);
  return self->profile;
}

void
guiche_session_set_fingerprint (GuicheSession *self, const char *fingerprint)
{
  g_return_if_fail (GUICHE_IS_SESSION (self));
  g_free (self->profile->fingerprint);
  self->profile->fingerprint = g_strdup (fingerprint);
}

gboolean
guiche_session_get_secrets_in_memory (GuicheSession *self)
{
  g_return_val_if_fail (GUICHE_IS_SESSION (self), FALSE);
  return self->secrets_in_memory;
}

const char *
guiche_session_get_url (GuicheSession *self)
{
  if (self->embedded != NULL)
    return guiche_embedded_get_url (self->embedded);
  return self->profile->url != NULL && *self->profile->url != '\0' ? self->profile->url : NULL;
}

SoupSession *
guiche_session_get_soup (GuicheSession *self)
{
  return self->soup;
}

const char *
guiche_session_get_token (GuicheSession *self)
{
  return self->token;
}

gboolean
guiche_session_is_signed_in (GuicheSession *self)
{
  return self->refresh_token != NULL;
}

gboolean
guiche_session_is_fresh (GuicheSession *self)
{
  return self->token != NULL && self->expires_at - FRESHNESS_US > g_get_real_time ();
}

/* The embedded server. */

static void
on_embedded_ready (GuicheEmbedded *embedded, const char *url, GuicheSession *self)
{
  g_signal_emit_by_name (self, "moved");
}

static void
start_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (guiche_embedded_start_finish (GUICHE_EMBEDDED (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * guiche_session_start_async:
 *
 * Starts the embedded server of an embedded profile; nothing to do for others.
 */
void
guiche_session_start_async (GuicheSession *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  if (!self->profile->is_embedded) {
    g_task_return_boolean (task, TRUE);
    g_object_unref (task);
    return;
  }
  if (self->embedded == NULL) {
    gboolean is_demo = g_strcmp0 (self->profile->tenant, "demo") == 0;
    /* the sample company and one's own never share a folder */
    g_autofree char *data =
        g_build_filename (g_get_user_data_dir (), "guiche", is_demo ? "server" : "company", NULL);

    self->embedded = guiche_embedded_new (data, is_demo);
    g_signal_connect (self->embedded, "ready", G_CALLBACK (on_embedded_ready), self);
  }
  guiche_embedded_start_async (self->embedded, cancellable, start_cb, task);
}

char *
guiche_session_dup_first_password (GuicheSession *self)
{
  g_return_val_if_fail (GUICHE_IS_SESSION (self), NULL);
  return self->embedded != NULL ? guiche_embedded_dup_first_password (self->embedded) : NULL;
}

gboolean
guiche_session_start_finish (GuicheSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
