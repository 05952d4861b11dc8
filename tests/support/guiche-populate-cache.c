/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/populate.h"

#include <stdlib.h>

/* guiche-populate-cache DIRECTORY [--conversations N] [--messages N] [--long N] [--customers N]
 * [--seed N] */
int
main (int argc, char **argv)
{
  int conversations = 0, messages = 0, long_messages = 0, customers = 0, seed = 0;
  GuichePopulate options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new ("DIRECTORY");
  const GOptionEntry entries[] = {
    { "conversations", 0, 0, G_OPTION_ARG_INT, &conversations, "How many conversations", "N" },
    { "messages", 0, 0, G_OPTION_ARG_INT, &messages, "How many messages in all of them", "N" },
    { "long", 0, 0, G_OPTION_ARG_INT, &long_messages, "One more conversation with so many messages",
      "N" },
    { "customers", 0, 0, G_OPTION_ARG_INT, &customers, "How many customers", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "The seed", "N" },
    { NULL },
  };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2) {
    g_printerr ("%s\n", error != NULL ? error->message : "one directory is needed");
    return 2;
  }
  options = (GuichePopulate){ .n_conversations = (guint) MAX (conversations, 0),
                              .n_messages = (guint) MAX (messages, 0),
                              .n_long = (guint) MAX (long_messages, 0),
                              .n_customers = (guint) MAX (customers, 0),
                              .seed = (guint64) MAX (seed, 0) };
  if (guiche_populate_cache (argv[1], &options, &error))
    return 0;
  g_printerr ("%s\n", error->message);
  return 1;
}
