/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Administration and scripting. */
#include "config.h"

#include "base/error.h"
#include "guichectl/command.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static const GuichectlCommand *const tables[] = {
  guichectl_people_commands, guichectl_desk_commands, guichectl_store_commands,
  guichectl_node_commands,   guichectl_move_commands, guichectl_banking_commands,
};

static const char description[] =
    "Where it works:\n"
    "  On the data directory (--data, default $XDG_DATA_HOME/guiche) when no server runs there; "
    "the\n"
    "  company's first admin is then who does it. When a server runs there, or with --server, "
    "through\n"
    "  its API: with --token or GUICHE_TOKEN, or signing in as --login (default admin) with\n"
    "  GUICHE_PASSWORD or a password asked for. There are never two writers on one database.\n"
    "\n"
    "Moving companies (migrate-store):\n"
    "  From the store of --config and --data (or one --tenant of it) to the one of --to, while "
    "servers\n"
    "  go on serving. Writes are refused with `unavailable` during the switch, a moment, and at "
    "the "
    "old\n"
    "  place from then on: start servers with the new [store] url (PostgreSQL: with [node] keys "
    "and "
    "[files]\n"
    "  directory), then stop the old ones. Cut off at any point, the same command goes on; until "
    "the "
    "switch\n"
    "  --abandon leaves everything as it was.\n"
    "\n"
    "Exit status:\n"
    "  0  done\n"
    "  1  refused or failed; one line on standard error says why\n"
    "  2  wrong usage\n"
    "\n"
    "Examples:\n"
    "  guichectl tenant add serra \"Conecta Serra\"\n"
    "  guichectl user add ana \"Ana Souza\" --role agent\n"
    "  guichectl queue members financial ana bruno\n"
    "  guichectl conversation list --view queue --json | jq '.items[].title'\n"
    "  guichectl events --since 0 --follow\n"
    "  guichectl migrate-store --to postgresql://guiche@db/guiche --dry-run\n"
    "  echo '{\"tipo\":\"CPF\",\"valor\":\"52998224725\"}' | guichectl document check\n";

static char *
make_summary (void)
{
  GString *summary = g_string_new ("Administers Guichê. Commands:\n");

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++) {
    for (const GuichectlCommand *command = tables[i]; command->group != NULL; command++) {
      g_autofree char *words = g_strjoin (
          " ", command->group, command->verb != NULL ? command->verb : command->arguments,
          command->verb != NULL ? command->arguments : NULL, NULL);

      g_string_append_printf (summary, "  %-34s %s\n", words, command->summary);
    }
  }
  g_string_truncate (summary, summary->len - 1);
  return g_string_free (summary, FALSE);
}

static GOptionContext *
make_context (GuichectlOptions *options)
{
  GuichectlTarget *target = &options->target;
  const GOptionEntry entries[] = {
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, &target->data, "Data directory", "DIR" },
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &target->config, "Configuration file", "FILE" },
    { "server", 's', 0, G_OPTION_ARG_STRING, &target->server, "Address of a server", "URL" },
    { "tenant", 't', 0, G_OPTION_ARG_STRING, &target->tenant, "Company (default: the only one)",
      "KEY" },
    { "login", 'l', 0, G_OPTION_ARG_STRING, &target->login, "Sign in as (default: admin)",
      "LOGIN" },
    { "token", 0, 0, G_OPTION_ARG_STRING, &target->token, "Access token; better in GUICHE_TOKEN",
      "TOKEN" },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &options->as_json, "Print JSON", NULL },
    { "role", 0, 0, G_OPTION_ARG_STRING, &options->role, "agent, supervisor or admin", "ROLE" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &options->name, "A user's name", "NAME" },
    { "email", 0, 0, G_OPTION_ARG_STRING, &options->email, "An e-mail address", "ADDRESS" },
    { "phone", 0, 0, G_OPTION_ARG_STRING, &options->phone, "A customer's phone", "DIGITS" },
    { "document", 0, 0, G_OPTION_ARG_STRING, &options->document, "A customer's CPF or CNPJ",
      "DIGITS" },
    { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &options->password_stdin,
      "Read a user's password from standard input", NULL },
    { "view", 0, 0, G_OPTION_ARG_STRING, &options->view, "Which conversations", "VIEW" },
    { "state", 0, 0, G_OPTION_ARG_STRING, &options->state, "Which jobs", "STATE" },
    { "reason", 0, 0, G_OPTION_ARG_STRING, &options->reason, "Why a conversation is closed",
      "TEXT" },
    { "note", 0, 0, G_OPTION_ARG_STRING, &options->note, "Private note with a transfer", "TEXT" },
    { "lenient", 0, 0, G_OPTION_ARG_STRING, &options->lenient,
      "What a CNAB file may lack: trimmed,lf,bom,1a or all", "LIST" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options->to,
      "Where companies move: postgresql://… or sqlite:DIR", "STORE" },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &options->is_dry_run, "Only say what would be done",
      NULL },
    { "abandon", 0, 0, G_OPTION_ARG_NONE, &options->abandons,
      "Give up a move that has not come to its switch", NULL },
    { "since", 0, 0, G_OPTION_ARG_INT64, &options->since, "Only after this number", "SEQ" },
    { "limit", 0, 0, G_OPTION_ARG_INT64, &options->limit, "At most this many (default: 100)", "N" },
    { "follow", 'f', 0, G_OPTION_ARG_NONE, &options->follows, "Go on with what happens", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->shows_version, "Print the version", NULL },
    { NULL },
  };
  g_autofree char *summary = make_summary ();
  GOptionContext *context = g_option_context_new ("COMMAND");

  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  return context;
}

static const GuichectlCommand *
find_command (int argc, char **argv)
{
  for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS (tables); i++)
    for (const GuichectlCommand *command = tables[i]; command->group != NULL; command++)
      if (strcmp (command->group, argv[1]) == 0 &&
          (command->verb == NULL || (argc > 2 && strcmp (command->verb, argv[2]) == 0)))
        return command;
  return NULL;
}

static int
refuse_usage (const char *reason)
{
  g_printerr ("guichectl: %s; see guichectl --help\n", reason);
  return GUICHECTL_EXIT_USAGE;
}

static int
run (const GuichectlCommand *command, GuichectlCall *call)
{
  g_autoptr (GuichectlConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  if (!command->is_offline) {
    connection = guichectl_connection_open (&call->options->target, &error);
    call->connection = connection;
  }
  if (error == NULL && !command->is_offline && !command->is_local)
    guichectl_connection_sign_in (connection, &error);
  if (error == NULL && command->run (call, &error))
    return GUICHECTL_EXIT_DONE;
  g_printerr ("guichectl: %s\n", error->message);
  return GUICHECTL_EXIT_REFUSED;
}

static void
clear_options (GuichectlOptions *options)
{
  char **owned[] = { &options->target.data,
                     &options->target.config,
                     &options->target.server,
                     &options->target.tenant,
                     &options->target.login,
                     &options->target.token,
                     &options->role,
                     &options->email,
                     &options->name,
                     &options->state,
                     &options->view,
                     &options->reason,
                     &options->note,
                     &options->phone,
                     &options->document,
                     &options->lenient,
                     &options->to };

  for (gsize i = 0; i < G_N_ELEMENTS (owned); i++)
    g_clear_pointer (owned[i], g_free);
}

static int
choose (GuichectlOptions *options, int argc, char **argv)
{
  const GuichectlCommand *command = find_command (argc, argv);
  GuichectlCall call = { .options = options };
  guint n_words;

  if (options->shows_version) {
    printf ("guichectl %s\n", GUICHE_VERSION);
    return GUICHECTL_EXIT_DONE;
  }
  if (command == NULL)
    return refuse_usage (argc > 1 ? "there is no such command" : "say what to do");
  n_words = command->verb == NULL ? 2 : 3;
  call.arguments = argv + n_words;
  call.n_arguments = (guint) argc - n_words;
  if (call.n_arguments < command->minimum || call.n_arguments > command->maximum)
    return refuse_usage ("that command takes other arguments");
  if (options->limit < 1 || options->limit > 200)
    return refuse_usage ("--limit is between 1 and 200");
  return run (command, &call);
}

int
main (int argc, char **argv)
{
  GuichectlOptions options = { .limit = 100 };
  g_autoptr (GOptionContext) context = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  setlocale (LC_ALL, "");
  context = make_context (&options);
  if (g_option_context_parse (context, &argc, &argv, &error)) {
    if (options.target.token == NULL)
      options.target.token = g_strdup (g_getenv ("GUICHE_TOKEN"));
    status = choose (&options, argc, argv);
  } else {
    status = refuse_usage (error->message);
  }
  clear_options (&options);
  return status;
}
