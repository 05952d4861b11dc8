/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-hub"

#include "http/hub-private.h"
#include "store/catch-up.h"
#include "store/wake.h"

#define RETRY_MS 250

/* A company that other nodes write too is followed while somebody here has a stream of it: what a
 * stream reads from the table is complete only from there on. */

static void on_followed (gpointer data, GError *error);

static gboolean
on_retry (gpointer user_data)
{
  GuicheHubTenant *self = user_data;

  if (self->hub != NULL)
    guiche_tenant_catch_up (self->tenant, NULL, on_followed, self);
  else
    guiche_hub_tenant_unref (self);
  return G_SOURCE_REMOVE;
}

/* (thread main): holds a reference of the company, which @on_retry takes over. */
static void
on_followed (gpointer data, GError *error)
{
  GuicheHubTenant *self = data;

  if (self->hub != NULL && error != NULL) {
    g_autoptr (GSource) source = g_timeout_source_new (RETRY_MS);

    g_source_set_callback (source, on_retry, self, NULL);
    g_source_attach (source, self->hub->context);
    return;
  }

  if (self->hub != NULL) {
    self->is_followed = TRUE;
    guiche_hub_replay_start_waiting (self->hub);
  }
  guiche_hub_tenant_unref (self);
}

gboolean
guiche_hub_tenant_follow (GuicheHubTenant *self)
{
  if (self->is_followed || !guiche_store_is_shared (self->hub->store))
    return TRUE;
  if (self->is_following)
    return FALSE;

  self->is_following = TRUE;
  guiche_tenant_follow (self->tenant, on_followed, guiche_hub_tenant_ref (self));
  return FALSE;
}

void
guiche_hub_tenant_unfollow (GuicheHubTenant *self)
{
  if (!self->is_followed)
    return;

  self->is_following = self->is_followed = FALSE;
  guiche_tenant_unfollow (self->tenant);
}
