/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guichectl/connection.h"

G_BEGIN_DECLS

#define GUICHECTL_EXIT_DONE 0
#define GUICHECTL_EXIT_REFUSED 1
#define GUICHECTL_EXIT_USAGE 2

/**
 * GuichectlOptions:
 *
 * The command line, but for the command and its arguments.
 */
typedef struct {
  GuichectlTarget target;
  gboolean as_json;
  gboolean shows_version;
  gboolean password_stdin;
  gboolean follows;
  char *role;
  char *email;
  char *name;
  char *state;
  char *view;
  char *reason;
  char *note;
  char *phone;
  char *document;
  char *lenient;
  char *to;
  gboolean is_dry_run;
  gboolean abandons;
  gint64 since;
  gint64 limit;
} GuichectlOptions;

/* A command being run. */
typedef struct {
  const GuichectlOptions *options;
  GuichectlConnection *connection; /* %NULL for commands that need none */
  char **arguments; /* without the command's own words; never fewer than its minimum */
  guint n_arguments;
} GuichectlCall;

/**
 * GuichectlCommand:
 *
 * One row: `guichectl user add LOGIN NAME`.
 */
typedef struct {
  const char *group;
  const char *verb;
  const char *arguments; /* as usage shows them */
  guint minimum, maximum;
  gboolean is_local; /* opens no company: is given no token */
  gboolean (*run) (GuichectlCall *call, GError **error);
  const char *summary;
  gboolean is_offline; /* needs neither a data directory nor a server */
} GuichectlCommand;

/* Tables ended by a row without group. */
extern const GuichectlCommand guichectl_banking_commands[];
extern const GuichectlCommand guichectl_node_commands[];
extern const GuichectlCommand guichectl_people_commands[];
extern const GuichectlCommand guichectl_desk_commands[];
extern const GuichectlCommand guichectl_store_commands[];
extern const GuichectlCommand guichectl_move_commands[];

/* All users, and of them the one with that login, borrowed. */
JsonNode *guichectl_get_users (GuichectlCall *call, GError **error);
JsonObject *guichectl_find_user (JsonNode *users, const char *login, GError **error);

/* The password of a new user: a line of standard input, or asked for twice. (transfer full) */
char *guichectl_read_password (const GuichectlOptions *options, const char *prompt, GError **error);

G_END_DECLS
