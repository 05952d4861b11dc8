/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/settings.h"

G_BEGIN_DECLS

/**
 * GuichedOptions:
 *
 * The command line of guiched, and the settings it leads to.
 */
typedef struct {
  char *data;   /* (owned): the data directory */
  char *config; /* (owned) (nullable) */
  int port;     /* -1: as configured */
  gboolean is_demo;
  gboolean is_embedded;
  gboolean shows_version;
  gboolean is_administration; /* guichectl's own rings: no jobs, no simulated customers */
  GuicheSettings *settings;   /* (owned): file, environment and --port */
} GuichedOptions;

#define GUICHED_EXIT_OK 0
#define GUICHED_EXIT_FAILED 1
#define GUICHED_EXIT_USAGE 2

/* G_OPTION_ERROR for a wrong command line. */
gboolean guiched_options_parse (GuichedOptions *self, int *argc, char ***argv, GError **error);
/* Loads the settings and refuses what only loopback may do. */
gboolean guiched_options_load_settings (GuichedOptions *self, GError **error);
/* (transfer full) */
char *guiched_options_default_data (void);
void guiched_options_clear (GuichedOptions *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuichedOptions, guiched_options_clear)

G_END_DECLS
