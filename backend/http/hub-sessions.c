/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-hub"

#include "http/hub-private.h"

/* Sessions asked about together on the read pool. */
typedef struct {
  GuicheHubTenant *tenant; /* (owned) */
  const GuicheServerHooks *hooks;
  GArray *sessions; /* (owned) (element-type GuicheId) */
  GArray *revoked;  /* (owned) (element-type GuicheId) */
} Check;

/* (thread reader) */
static gboolean
run_check (GuicheTx *tx, gpointer data, GError **error)
{
  Check *check = data;

  for (guint i = 0; i < check->sessions->len; i++) {
    GuicheId id = g_array_index (check->sessions, GuicheId, i);
    g_autoptr (GError) failure = NULL;

    if (!check->hooks->session_is_valid (tx, &id, &failure) && failure == NULL)
      g_array_append_val (check->revoked, id);
  }
  return TRUE;
}

/* (thread main) */
static void
check_done (gpointer data, GError *error)
{
  Check *check = data;
  GuicheHubTenant *tenant = check->tenant;

  tenant->is_checking_sessions = FALSE;
  for (guint i = 0; tenant->hub != NULL && i < check->revoked->len; i++)
    guiche_hub_close_session (tenant->hub, tenant->tenant,
                              &g_array_index (check->revoked, GuicheId, i));
  guiche_hub_tenant_unref (tenant);
  g_array_unref (check->sessions);
  g_array_unref (check->revoked);
  g_free (check);
}

/* The next @n_most streams in turn, starting again with the first after the last. */
static GArray *
next_sessions (GuicheHubTenant *tenant, guint n_most)
{
  GArray *sessions = g_array_new (FALSE, FALSE, sizeof (GuicheId));

  if (tenant->session_cursor == NULL)
    tenant->session_cursor = tenant->streams.head;
  while (tenant->session_cursor != NULL && n_most-- > 0) {
    GuicheStream *stream = tenant->session_cursor->data;

    if (!guiche_id_is_none (&stream->session_id))
      g_array_append_val (sessions, stream->session_id);
    tenant->session_cursor = tenant->session_cursor->next;
  }
  return sessions;
}

void
guiche_hub_sessions_check (GuicheHubTenant *self, guint n_steps)
{
  GuicheActor actor = { .role = GUICHE_ROLE_NONE };
  Check *check;

  if (self->streams.length == 0 || self->is_checking_sessions ||
      self->hub->hooks->session_is_valid == NULL)
    return;
  self->is_checking_sessions = TRUE;
  check = g_new0 (Check, 1);
  check->tenant = guiche_hub_tenant_ref (self);
  check->hooks = self->hub->hooks;
  check->sessions = next_sessions (self, self->streams.length / n_steps + 1);
  check->revoked = g_array_new (FALSE, FALSE, sizeof (GuicheId));
  guiche_tenant_read (self->tenant, &actor, run_check, check_done, check);
}

void
guiche_hub_sessions_forget (GuicheHubTenant *self, GuicheStream *stream)
{
  if (self->session_cursor == &stream->tenant_link)
    self->session_cursor = stream->tenant_link.next;
}

void
guiche_hub_viewer_changed (GuicheHub *self, GuicheTenant *tenant, const GuicheId *user_id)
{
  GuicheHubTenant *entry = g_hash_table_lookup (self->tenants, tenant);

  for (GList *link = entry != NULL ? entry->streams.head : NULL; link != NULL; link = link->next) {
    GuicheStream *stream = link->data;

    if (!guiche_stream_is_open (stream) ||
        !guiche_id_equal (&stream->group->viewer->user_id, user_id))
      continue;
    stream->must_reload = TRUE;
    if (stream->state == GUICHE_STREAM_LIVE)
      stream->seq = entry->published_seq;
    if (stream->state != GUICHE_STREAM_PAUSED)
      guiche_hub_replay (stream);
  }
}
