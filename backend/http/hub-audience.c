/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-audience.h"

#include <string.h>

#define MAX_CACHED 1024
#define MAX_TERM 127

struct _GuicheHubIndex {
  GHashTable *groups;      /* GuicheViewer → (owned) GuicheHubGroup */
  GHashTable *terms;       /* term → (owned) (element-type GuicheHubGroup) */
  GHashTable *audiences;   /* text → (owned) GuicheHubAudience */
  GuicheHubAudience *last; /* (nullable): the one resolved before */
  guint stamp;
};

static guint
viewer_hash (gconstpointer data)
{
  const GuicheViewer *viewer = data;

  return guiche_id_hash (&viewer->user_id) ^ guiche_id_hash (&viewer->conversation_id) ^
         (guint) viewer->role;
}

static gboolean
viewer_equal (gconstpointer a_data, gconstpointer b_data)
{
  const GuicheViewer *a = a_data;
  const GuicheViewer *b = b_data;

  if (a == b)
    return TRUE;
  if (a->role != b->role || a->n_channels != b->n_channels ||
      !guiche_id_equal (&a->user_id, &b->user_id) ||
      !guiche_id_equal (&a->conversation_id, &b->conversation_id))
    return FALSE;
  if (a->n_channels > 0 &&
      memcmp (a->channels, b->channels, a->n_channels * sizeof *a->channels) != 0)
    return FALSE;
  if (a->queues == NULL || b->queues == NULL)
    return (a->queues == NULL || *a->queues == NULL) && (b->queues == NULL || *b->queues == NULL);
  return g_strv_equal ((const char *const *) a->queues, (const char *const *) b->queues);
}

static void
group_free (GuicheHubGroup *group)
{
  guiche_viewer_unref (group->viewer);
  g_free (group);
}

static void
audience_free (GuicheHubAudience *audience)
{
  g_free (audience->text);
  g_ptr_array_unref (audience->groups);
  g_free (audience);
}

GuicheHubIndex *
guiche_hub_index_new (void)
{
  GuicheHubIndex *self = g_new0 (GuicheHubIndex, 1);

  self->groups =
      g_hash_table_new_full (viewer_hash, viewer_equal, NULL, (GDestroyNotify) group_free);
  self->terms =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->audiences =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) audience_free);
  return self;
}

void
guiche_hub_index_free (GuicheHubIndex *self)
{
  g_hash_table_unref (self->audiences);
  g_hash_table_unref (self->terms);
  g_hash_table_unref (self->groups);
  g_free (self);
}

typedef void (*TermFunc) (GuicheHubIndex *self, const char *term, GuicheHubGroup *group);

static void
add_term (GuicheHubIndex *self, const char *term, GuicheHubGroup *group)
{
  GPtrArray *groups = g_hash_table_lookup (self->terms, term);

  if (groups == NULL) {
    groups = g_ptr_array_new ();
    g_hash_table_insert (self->terms, g_strdup (term), groups);
  }
  g_ptr_array_add (groups, group);
}

static void
remove_term (GuicheHubIndex *self, const char *term, GuicheHubGroup *group)
{
  GPtrArray *groups = g_hash_table_lookup (self->terms, term);

  g_ptr_array_remove_fast (groups, group);
  if (groups->len == 0)
    g_hash_table_remove (self->terms, term);
}

static void
id_term (GuicheHubIndex *self, char kind, const GuicheId *id, TermFunc func, GuicheHubGroup *group)
{
  char term[2 + GUICHE_ID_STRING_LENGTH + 1] = { kind, ':' };

  guiche_id_to_string (id, term + 2);
  func (self, term, group);
}

/* The terms that reach @group; `s` stands for all that supervisors match by their role. */
static void
foreach_term (GuicheHubIndex *self, GuicheHubGroup *group, TermFunc func)
{
  const GuicheViewer *viewer = group->viewer;

  if (viewer->role == GUICHE_ROLE_VISITOR) {
    id_term (self, 'v', &viewer->conversation_id, func, group);
    return;
  }
  if (viewer->role < GUICHE_ROLE_AGENT)
    return;
  id_term (self, 'u', &viewer->user_id, func, group);
  for (gsize i = 0; i < viewer->n_channels; i++)
    id_term (self, 'c', &viewer->channels[i], func, group);
  if (viewer->role >= GUICHE_ROLE_SUPERVISOR) {
    func (self, "s", group);
    return;
  }
  func (self, "*", group);
  for (char **key = viewer->queues; key != NULL && *key != NULL; key++) {
    g_autofree char *term = g_strconcat ("q:", *key, NULL);

    func (self, term, group);
  }
}

static void
invalidate (GuicheHubIndex *self)
{
  self->last = NULL;
  g_hash_table_remove_all (self->audiences);
}

void
guiche_hub_index_add (GuicheHubIndex *self, GuicheStream *stream, GuicheViewer *viewer)
{
  GuicheHubGroup *group = g_hash_table_lookup (self->groups, viewer);

  if (group == NULL) {
    group = g_new0 (GuicheHubGroup, 1);
    group->viewer = guiche_viewer_ref (viewer);
    g_hash_table_insert (self->groups, group->viewer, group);
    foreach_term (self, group, add_term);
    invalidate (self);
  }
  stream->group = group;
  stream->group_link.data = stream;
  g_queue_push_tail_link (&group->streams, &stream->group_link);
}

void
guiche_hub_index_remove (GuicheHubIndex *self, GuicheStream *stream)
{
  GuicheHubGroup *group = g_steal_pointer (&stream->group);

  g_queue_unlink (&group->streams, &stream->group_link);
  if (group->streams.length > 0)
    return;
  foreach_term (self, group, remove_term);
  invalidate (self);
  g_hash_table_remove (self->groups, group->viewer);
}

static void
collect (GuicheHubIndex *self, const char *term, GPtrArray *out_groups)
{
  GPtrArray *groups = g_hash_table_lookup (self->terms, term);

  for (guint i = 0; groups != NULL && i < groups->len; i++) {
    GuicheHubGroup *group = groups->pdata[i];

    if (group->stamp == self->stamp)
      continue;
    group->stamp = self->stamp;
    g_ptr_array_add (out_groups, group);
  }
}

static GuicheHubAudience *
resolve (GuicheHubIndex *self, const char *text)
{
  GuicheHubAudience *audience = g_new0 (GuicheHubAudience, 1);
  const char *term = text;

  audience->text = g_strdup (text);
  audience->groups = g_ptr_array_new ();
  self->stamp++;
  while (*term != '\0') {
    gsize length = strcspn (term, " ");
    char copy[MAX_TERM + 1];

    if (length <= MAX_TERM) {
      memcpy (copy, term, length);
      copy[length] = '\0';
      collect (self, copy, audience->groups);
      if (strcmp (copy, "*") == 0 || g_str_has_prefix (copy, "q:"))
        collect (self, "s", audience->groups);
    }
    term += length + (term[length] == ' ' ? 1 : 0);
  }
  return audience;
}

GuicheHubAudience *
guiche_hub_index_resolve (GuicheHubIndex *self, const char *text)
{
  GuicheHubAudience *audience = self->last;

  if (audience != NULL && strcmp (audience->text, text) == 0)
    return audience;
  audience = g_hash_table_lookup (self->audiences, text);
  if (audience == NULL) {
    audience = resolve (self, text);
    g_hash_table_insert (self->audiences, audience->text, audience);
  }
  self->last = audience;
  return audience;
}

void
guiche_hub_index_trim (GuicheHubIndex *self)
{
  if (g_hash_table_size (self->audiences) >= MAX_CACHED)
    invalidate (self);
}

GPtrArray *
guiche_hub_index_find_term (GuicheHubIndex *self, const char *term)
{
  return g_hash_table_lookup (self->terms, term);
}

guint
guiche_hub_index_n_groups (GuicheHubIndex *self)
{
  return g_hash_table_size (self->groups);
}
