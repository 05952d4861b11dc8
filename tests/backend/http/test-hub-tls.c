/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The same stream under TLS, where the connection's own pollable streams stay. */
#include "hub-harness.h"

#include <string.h>

static void
test_tls (void)
{
  g_autoptr (Harness) harness = harness_new (TRUE);
  g_autoptr (Client) client = NULL;
  g_autofree char *pong = NULL;
  g_autofree char *last = NULL;
  GuicheHubTenant *tenant;

  harness_emit_many (harness, "*", 1, 3000);
  client = client_new (harness, 0, 0);
  for (guint seq = 1; seq <= 3000; seq++) {
    g_autofree char *text = client_next (client);
    g_autofree char *start = g_strdup_printf ("{\"seq\":%u,", seq);

    g_assert_true (g_str_has_prefix (text, start));
  }
  client_expect_ready (client, 3000);
  g_free (client_next_op (client, "presences"));
  harness_emit_many (harness, "*", 3001, 1);
  last = client_next (client);
  g_assert_true (g_str_has_prefix (last, "{\"seq\":3001,"));
  client_send (client, "{\"op\":\"ping\",\"ref\":\"a\"}");
  pong = client_next (client);
  g_assert_cmpstr (pong, ==, "{\"op\":\"pong\",\"ref\":\"a\"}");
  tenant = g_hash_table_lookup (harness->hub->tenants, harness->test->tenant);
  guiche_hub_close_session (harness->hub, harness->test->tenant,
                            &((GuicheStream *) tenant->streams.head->data)->session_id);
  client_expect_close (client, 4401);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub/tls", test_tls);
  return g_test_run ();
}
