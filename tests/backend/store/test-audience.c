/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/audience.h"

#define USER "01890a5d-ac96-774b-bcce-b302099a8001"
#define OTHER "01890a5d-ac96-774b-bcce-b302099a8002"
#define CHANNEL "01890a5d-ac96-774b-bcce-b302099a8003"
#define CONVERSATION "01890a5d-ac96-774b-bcce-b302099a8004"

static GuicheViewer *
make (GuicheRole role)
{
  static const char *const queues[] = { "technical_urgent", "commercial", NULL };
  GuicheId user, conversation, channels[3];

  g_assert_true (guiche_id_parse (USER, &user));
  g_assert_true (guiche_id_parse (CONVERSATION, &conversation));
  g_assert_true (guiche_id_parse ("ffffffff-ac96-774b-bcce-b302099a8003", &channels[0]));
  g_assert_true (guiche_id_parse (CHANNEL, &channels[1]));
  g_assert_true (guiche_id_parse ("00000000-ac96-774b-bcce-b302099a8003", &channels[2]));
  if (role == GUICHE_ROLE_VISITOR)
    return guiche_viewer_new (role, NULL, &conversation, NULL, NULL, 0);
  return guiche_viewer_new (role, &user, NULL, queues, channels, 3);
}

static void
test_matches (void)
{
  /* visitor, agent, supervisor, admin */
  static const struct {
    const char *audience;
    gboolean expected[4];
  } rows[] = {
    { "*", { FALSE, TRUE, TRUE, TRUE } },
    { "s", { FALSE, FALSE, TRUE, TRUE } },
    { "u:" USER, { FALSE, TRUE, TRUE, TRUE } },
    { "u:" OTHER, { FALSE, FALSE, FALSE, FALSE } },
    { "q:commercial", { FALSE, TRUE, TRUE, TRUE } },
    { "q:financial", { FALSE, FALSE, TRUE, TRUE } },
    { "q:comm", { FALSE, FALSE, TRUE, TRUE } },
    { "q:commercial2", { FALSE, FALSE, TRUE, TRUE } },
    { "c:" CHANNEL, { FALSE, TRUE, TRUE, TRUE } },
    { "c:" OTHER, { FALSE, FALSE, FALSE, FALSE } },
    { "v:" CONVERSATION, { TRUE, FALSE, FALSE, FALSE } },
    { "v:" OTHER, { FALSE, FALSE, FALSE, FALSE } },
    { "s q:financial u:" OTHER " v:" CONVERSATION, { TRUE, FALSE, TRUE, TRUE } },
    { "q:financial u:" USER, { FALSE, TRUE, TRUE, TRUE } },
    { "u:" OTHER " u:" USER, { FALSE, TRUE, TRUE, TRUE } },
    { "", { FALSE, FALSE, FALSE, FALSE } },
    { "v:", { FALSE, FALSE, FALSE, FALSE } },
    { "u:", { FALSE, FALSE, FALSE, FALSE } },
    { "x", { FALSE, FALSE, FALSE, FALSE } },
    { "x:" USER, { FALSE, FALSE, FALSE, FALSE } },
  };

  for (int role = GUICHE_ROLE_VISITOR; role <= GUICHE_ROLE_ADMIN; role++) {
    g_autoptr (GuicheViewer) viewer = make ((GuicheRole) role);

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
      if (guiche_audience_matches (rows[i].audience, viewer) !=
          rows[i].expected[role - GUICHE_ROLE_VISITOR])
        g_error ("“%s” for %s", rows[i].audience, guiche_role_name ((GuicheRole) role));
    }
  }
}

/* Ids that are "none" match nobody, also not each other. */
static void
test_none (void)
{
  g_autoptr (GuicheViewer) visitor =
                 guiche_viewer_new (GUICHE_ROLE_VISITOR, NULL, NULL, NULL, NULL, 0);
  g_autoptr (GuicheViewer) agent = guiche_viewer_new (GUICHE_ROLE_AGENT, NULL, NULL, NULL, NULL, 0);

  g_assert_false (guiche_audience_matches ("v:00000000-0000-0000-0000-000000000000", visitor));
  g_assert_false (guiche_audience_matches ("u:00000000-0000-0000-0000-000000000000", agent));
}

static void
test_roles (void)
{
  for (int i = GUICHE_ROLE_NONE; i <= GUICHE_ROLE_ADMIN; i++) {
    GuicheRole role;

    g_assert_true (guiche_role_parse (guiche_role_name ((GuicheRole) i), &role));
    g_assert_cmpint (role, ==, i);
  }
  g_assert_false (guiche_role_parse ("root", &(GuicheRole){ GUICHE_ROLE_NONE }));
  g_assert_false (guiche_role_parse (NULL, &(GuicheRole){ GUICHE_ROLE_NONE }));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audience/matches", test_matches);
  g_test_add_func ("/audience/none", test_none);
  g_test_add_func ("/audience/roles", test_roles);
  return g_test_run ();
}
