/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-harness.h"

#include <string.h>

#define N_CLIENTS 40
#define HANDSHAKE                                                                                  \
  "GET /stream?user=0&since=-1 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"              \
  "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"                         \
  "Sec-WebSocket-Version: 13\r\n\r\n"

static gboolean is_drained;

static void
on_drained (gpointer user_data)
{
  is_drained = TRUE;
}

static Client *
client_ready (Harness *harness, guint user)
{
  Client *client = client_new (harness, user, -1);

  g_free (client_next_op (client, "ready"));
  return client;
}

/* Everybody is told when to come back, not all at once, and then closed with 1012. */
static void
test_hint (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func ((GDestroyNotify) client_free);
  guint n_open = N_CLIENTS, n_together = 0;

  for (guint i = 0; i < N_CLIENTS; i++)
    g_ptr_array_add (clients, client_ready (harness, i % 6));
  is_drained = FALSE;
  guiche_hub_drain (harness->hub, on_drained, NULL);
  while (!is_drained) {
    guint n = 0;

    harness_turn ();
    for (guint i = 0; i < N_CLIENTS; i++) {
      client_poll (clients->pdata[i]);
      n += ((Client *) clients->pdata[i])->close_code == 0;
    }
    n_together = MAX (n_together, n_open - n);
    n_open = n;
  }
  g_assert_cmpuint (n_together, <, N_CLIENTS);
  for (guint i = 0; i < N_CLIENTS; i++) {
    Client *client = clients->pdata[i];
    g_autofree char *hint = client_next_op (client, "reconnect");

    g_assert_true (g_str_has_prefix (hint, "{\"op\":\"reconnect\",\"after_ms\":"));
    client_expect_close (client, 1012);
  }
}

/* Nobody new is taken meanwhile. */
static void
test_refuses (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) client = NULL;
  g_autofree char *head = NULL;

  is_drained = FALSE;
  guiche_hub_drain (harness->hub, on_drained, NULL);
  client = client_connect (harness);
  client_write (client, HANDSHAKE, strlen (HANDSHAKE));
  head = client_read_head (client);
  g_assert_nonnull (strstr (head, " 503 "));
  WAIT_UNTIL (is_drained);
}

/* A hub that goes while it drains takes the timer with it. */
static void
test_freed (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) client = client_ready (harness, 0);

  guiche_hub_drain (harness->hub, on_drained, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub-drain/hint", test_hint);
  g_test_add_func ("/hub-drain/refuses", test_refuses);
  g_test_add_func ("/hub-drain/freed", test_freed);
  return g_test_run ();
}
