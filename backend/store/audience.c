/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/audience.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  GuicheViewer viewer; /* first: the public part */
  gatomicrefcount references;
  gsize n_queues;
  char user[GUICHE_ID_STRING_LENGTH + 1];
  char conversation[GUICHE_ID_STRING_LENGTH + 1];
} Viewer;

static const char *const role_names[] = { "none", "visitor", "agent", "supervisor", "admin" };

const char *
guiche_role_name (GuicheRole role)
{
  g_return_val_if_fail ((guint) role < G_N_ELEMENTS (role_names), NULL);

  return role_names[role];
}

gboolean
guiche_role_parse (const char *name, GuicheRole *out_role)
{
  for (guint i = 0; i < G_N_ELEMENTS (role_names); i++) {
    if (g_strcmp0 (name, role_names[i]) != 0)
      continue;
    *out_role = (GuicheRole) i;
    return TRUE;
  }

  return FALSE;
}

static int
compare_texts (const void *a, const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * guiche_viewer_new:
 * @user_id: (nullable): none for a visitor
 * @conversation_id: (nullable): a visitor's
 * @queues: (nullable): NULL-terminated, any order
 * @channels: (nullable) (array length=n_channels): any order
 *
 * Returns: (transfer full):
 */
GuicheViewer *
guiche_viewer_new (GuicheRole role,
                   const GuicheId *user_id,
                   const GuicheId *conversation_id,
                   const char *const *queues,
                   const GuicheId *channels,
                   gsize n_channels)
{
  Viewer *self = g_new0 (Viewer, 1);

  g_atomic_ref_count_init (&self->references);
  self->viewer.role = role;
  if (user_id != NULL)
    self->viewer.user_id = *user_id;
  if (conversation_id != NULL)
    self->viewer.conversation_id = *conversation_id;
  /* The none id stays an empty text, which no term equals. */
  if (!guiche_id_is_none (&self->viewer.user_id))
    guiche_id_to_string (&self->viewer.user_id, self->user);
  if (!guiche_id_is_none (&self->viewer.conversation_id))
    guiche_id_to_string (&self->viewer.conversation_id, self->conversation);

  self->viewer.queues = queues == NULL ? g_new0 (char *, 1) : g_strdupv ((char **) queues);
  self->n_queues = g_strv_length (self->viewer.queues);
  qsort (self->viewer.queues, self->n_queues, sizeof (char *), compare_texts);
  self->viewer.channels = g_memdup2 (channels, n_channels * sizeof *channels);
  self->viewer.n_channels = n_channels;
  if (n_channels > 0)
    qsort (self->viewer.channels, n_channels, sizeof *channels, guiche_id_compare);

  return &self->viewer;
}

GuicheViewer *
guiche_viewer_ref (GuicheViewer *self)
{
  g_atomic_ref_count_inc (&((Viewer *) self)->references);
  return self;
}

void
guiche_viewer_unref (GuicheViewer *self)
{
  if (!g_atomic_ref_count_dec (&((Viewer *) self)->references))
    return;

  g_strfreev (self->queues);
  g_free (self->channels);
  g_free (self);
}

static gboolean
serves_queue (const Viewer *self, const char *key, gsize length)
{
  for (gsize i = 0; i < self->n_queues; i++) {
    const char *queue = self->viewer.queues[i];

    if (strncmp (queue, key, length) == 0 && queue[length] == '\0')
      return TRUE;
  }

  return FALSE;
}

static gboolean
is_member (const Viewer *self, const char *text, gsize length)
{
  char copy[GUICHE_ID_STRING_LENGTH + 1];
  GuicheId id;

  if (length != GUICHE_ID_STRING_LENGTH || self->viewer.n_channels == 0)
    return FALSE;

  memcpy (copy, text, length);
  copy[length] = '\0';
  return guiche_id_parse (copy, &id) &&
         bsearch (&id, self->viewer.channels, self->viewer.n_channels, sizeof id,
                  guiche_id_compare) != NULL;
}

static gboolean
is_id (const char *own, const char *text, gsize length)
{
  return length == GUICHE_ID_STRING_LENGTH && memcmp (own, text, length) == 0;
}

static gboolean
term_matches (const Viewer *self, const char *term, gsize length)
{
  gboolean is_above = self->viewer.role >= GUICHE_ROLE_SUPERVISOR;

  if (self->viewer.role <= GUICHE_ROLE_VISITOR)
    return self->viewer.role == GUICHE_ROLE_VISITOR && length > 2 && memcmp (term, "v:", 2) == 0 &&
           is_id (self->conversation, term + 2, length - 2);

  if (length == 1)
    return *term == '*' || (*term == 's' && is_above);
  if (length < 2 || term[1] != ':')
    return FALSE;

  switch (*term) {
  case 'u':
    return is_id (self->user, term + 2, length - 2);
  case 'q':
    return is_above || serves_queue (self, term + 2, length - 2);
  case 'c':
    return is_member (self, term + 2, length - 2);
  default:
    return FALSE;
  }
}

/**
 * guiche_audience_matches:
 * @audience: terms separated by single spaces, see #GuicheAudience
 *
 * Returns: whether @viewer may see what is meant for @audience
 */
gboolean
guiche_audience_matches (const char *audience, const GuicheViewer *viewer)
{
  const Viewer *self = (const Viewer *) viewer;

  for (;;) {
    const char *space = strchr (audience, ' ');
    gsize length = space == NULL ? strlen (audience) : (gsize) (space - audience);

    if (term_matches (self, audience, length))
      return TRUE;
    if (space == NULL)
      return FALSE;
    audience = space + 1;
  }
}
