/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/address.h"

static void
test_address (void)
{
  static const char *const cases[][2] = {
    { "desk.example.com", "https://desk.example.com" },
    { "  desk.example.com:8480 ", "https://desk.example.com:8480" },
    { "https://desk.example.com/", "https://desk.example.com" },
    { "https://desk.example.com:8480/chat/demo?x=1", "https://desk.example.com:8480" },
    { "http://127.0.0.1:8480", "http://127.0.0.1:8480" },
    { "http://localhost:8480", "http://localhost:8480" },
    { "http://[::1]:8480", "http://[::1]:8480" },
    { "http://desk.example.com", NULL },
    { "ftp://desk.example.com", NULL },
    { "https://user@desk.example.com", NULL },
    { "desk example com", NULL },
    { "https://", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *url = guiche_address_to_url (cases[i][0]);

    g_assert_cmpstr (url, ==, cases[i][1]);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shell/address", test_address);
  return g_test_run ();
}
