/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-private.h"

#include <string.h>

#define MAX_KNOWN 1024
#define MAX_LOOKUPS 64 /* on the read pool at once, for one company */

/* Who sees a conversation, as its last event had it. */
typedef struct {
  GuicheId id;    /* first: the key */
  char *audience; /* (owned) */
  GList link;     /* in audience_order */
} Known;

typedef struct {
  GuicheHubTenant *tenant; /* (owned) */
  const GuicheServerHooks *hooks;
  GuicheId id;
  char *audience; /* (owned) (nullable) */
  GuicheAudienceFound found;
  GuicheStream *stream; /* (owned) */
  gboolean flag;
} Lookup;

static void
forget (GuicheHubTenant *tenant, Known *known)
{
  g_queue_unlink (&tenant->audience_order, &known->link);
  g_hash_table_remove (tenant->audiences, &known->id);
  g_free (known->audience);
  g_free (known);
}

static void
remember (GuicheHubTenant *tenant, const GuicheId *id, const char *audience)
{
  Known *known = g_hash_table_lookup (tenant->audiences, id);

  if (known != NULL) {
    g_queue_unlink (&tenant->audience_order, &known->link);
    if (strcmp (known->audience, audience) != 0) {
      g_free (known->audience);
      known->audience = g_strdup (audience);
    }
  } else {
    if (tenant->audience_order.length >= MAX_KNOWN)
      forget (tenant, tenant->audience_order.head->data);
    known = g_new0 (Known, 1);
    known->id = *id;
    known->audience = g_strdup (audience);
    known->link.data = known;
    g_hash_table_insert (tenant->audiences, &known->id, known);
  }
  g_queue_push_tail_link (&tenant->audience_order, &known->link);
}

void
guiche_hub_learn_audience (GuicheHubTenant *self, const GuicheEvent *event)
{
  Known *known;

  if (strcmp (event->kind, "message.created") == 0 ||
      strcmp (event->kind, "conversation.updated") == 0 ||
      strcmp (event->kind, "conversation.created") == 0) {
    remember (self, &event->entity, event->audience);
    return;
  }
  if (strcmp (event->kind, "conversation.moved") != 0)
    return;
  known = g_hash_table_lookup (self->audiences, &event->entity);
  if (known != NULL)
    forget (self, known);
}

void
guiche_hub_tenant_clear_audiences (GuicheHubTenant *self)
{
  while (self->audience_order.head != NULL)
    forget (self, self->audience_order.head->data);
}

/* Without the terms of visitors: a note's event has none, a message's one. */
static char *
without_visitors (const char *audience)
{
  GString *kept = g_string_new (NULL);
  g_auto (GStrv) terms = g_strsplit (audience, " ", -1);

  for (char **term = terms; *term != NULL; term++) {
    if (g_str_has_prefix (*term, "v:"))
      continue;
    g_string_append_printf (kept, "%s%s", kept->len > 0 ? " " : "", *term);
  }
  return g_string_free (kept, FALSE);
}

static void
lookup_free (Lookup *lookup)
{
  guiche_hub_tenant_unref (lookup->tenant);
  guiche_stream_unref (lookup->stream);
  g_free (lookup->audience);
  g_free (lookup);
}

/* (thread reader) */
static gboolean
run_lookup (GuicheTx *tx, gpointer data, GError **error)
{
  Lookup *lookup = data;

  lookup->audience = lookup->hooks->conversation_audience (tx, &lookup->id, error);
  return lookup->audience != NULL;
}

/* Only who may see the conversation gets to know that it was found. */
static void
tell (GuicheStream *stream,
      const GuicheId *id,
      const char *raw,
      GuicheAudienceFound found,
      gboolean flag)
{
  const GuicheViewer *viewer = stream->group->viewer;
  g_autofree char *audience = without_visitors (raw);
  gboolean is_seen = viewer->role == GUICHE_ROLE_VISITOR
                         ? guiche_id_equal (&viewer->conversation_id, id)
                         : guiche_audience_matches (audience, viewer);

  if (is_seen)
    found (stream, id, audience, flag);
}

/* (thread main) */
static void
lookup_done (gpointer data, GError *error)
{
  Lookup *lookup = data;
  GuicheHubTenant *tenant = lookup->tenant;

  tenant->n_lookups--;
  if (tenant->hub != NULL && error == NULL) {
    remember (tenant, &lookup->id, lookup->audience);
    if (guiche_stream_is_open (lookup->stream))
      tell (lookup->stream, &lookup->id, lookup->audience, lookup->found, lookup->flag);
  }
  lookup_free (lookup);
}

void
guiche_hub_find_audience (GuicheStream *stream,
                          const GuicheId *conversation_id,
                          GuicheAudienceFound found,
                          gboolean flag)
{
  GuicheHubTenant *tenant = stream->tenant;
  Known *known = g_hash_table_lookup (tenant->audiences, conversation_id);
  GuicheActor actor = { .role = GUICHE_ROLE_NONE };
  Lookup *lookup;

  if (known != NULL) {
    tell (stream, conversation_id, known->audience, found, flag);
    return;
  }
  if (tenant->n_lookups >= MAX_LOOKUPS || tenant->hub->hooks->conversation_audience == NULL)
    return;
  tenant->n_lookups++;
  lookup = g_new0 (Lookup, 1);
  lookup->tenant = guiche_hub_tenant_ref (tenant);
  lookup->hooks = tenant->hub->hooks;
  lookup->id = *conversation_id;
  lookup->found = found;
  lookup->stream = guiche_stream_ref (stream);
  lookup->flag = flag;
  guiche_tenant_read (tenant->tenant, &actor, run_lookup, lookup_done, lookup);
}
