/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/id.h"

G_BEGIN_DECLS

/**
 * Who is looking. Roles are ordered: each includes what the lower ones may.
 */
typedef enum {
  GUICHE_ROLE_NONE, /* a route for anybody; never a person's role */
  GUICHE_ROLE_VISITOR,
  GUICHE_ROLE_AGENT,
  GUICHE_ROLE_SUPERVISOR,
  GUICHE_ROLE_ADMIN
} GuicheRole;

const char *guiche_role_name (GuicheRole role); /* none, visitor, agent, supervisor, admin */
gboolean guiche_role_parse (const char *name, GuicheRole *out_role);

/**
 * GuicheViewer:
 *
 * What one session may see: immutable, reference-counted, made by the ring from the
 * database and made anew when an `access.changed` event names its user.
 */
typedef struct {
  GuicheRole role;
  GuicheId user_id;         /* agents and up; none for a visitor */
  GuicheId conversation_id; /* visitors: the one conversation they may see */
  char **queues;            /* (owned): keys of the queues the user serves, sorted */
  GuicheId *channels; /* (owned) (array length=n_channels): internal channels joined, sorted */
  gsize n_channels;
} GuicheViewer;

GuicheViewer *guiche_viewer_new (GuicheRole role,
                                 const GuicheId *user_id,
                                 const GuicheId *conversation_id,
                                 const char *const *queues,
                                 const GuicheId *channels,
                                 gsize n_channels);
GuicheViewer *guiche_viewer_ref (GuicheViewer *self);
void guiche_viewer_unref (GuicheViewer *self);

/**
 * GuicheAudience:
 *
 * Who may see an event: terms separated by one space, any of which suffices.
 *
 *     *            every agent, supervisor and admin of the tenant
 *     s            supervisors and admins
 *     u:<id>       this user
 *     q:<key>      agents who serve this queue
 *     c:<id>       members of this internal channel
 *     v:<id>       the visitor of this conversation
 *
 * Supervisors and admins match every audience that has an `s`, `q:` or `*` term; they do
 * not see internal channels or direct messages they are not in.
 */
gboolean guiche_audience_matches (const char *audience, const GuicheViewer *viewer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheViewer, guiche_viewer_unref)

G_END_DECLS
