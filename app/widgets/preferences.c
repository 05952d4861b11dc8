/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "widgets/preferences.h"

static GSettingsSchema *
lookup_beside_program (const char *id)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GSettingsSchemaSource) source = NULL;

  if (program == NULL)
    return NULL;

  /* build/app/guiche and build/tests/app/room/test-x: the compiled schemas are in build/data */
  for (g_autofree char *folder = g_path_get_dirname (program); strlen (folder) > 1;) {
    g_autofree char *data = g_build_filename (folder, "data", NULL);
    g_autofree char *compiled = g_build_filename (data, "gschemas.compiled", NULL);
    g_autofree char *above = NULL;

    if (g_file_test (compiled, G_FILE_TEST_EXISTS)) {
      source = g_settings_schema_source_new_from_directory (data, NULL, TRUE, NULL);
      break;
    }
    above = g_path_get_dirname (folder);
    g_free (folder);
    folder = g_steal_pointer (&above);
  }
  return source != NULL ? g_settings_schema_source_lookup (source, id, FALSE) : NULL;
}

GSettings *
guiche_preferences_new (const char *group)
{
  g_autofree char *id = group != NULL ? g_strconcat (GUICHE_APPLICATION_ID, ".", group, NULL)
                                      : g_strdup (GUICHE_APPLICATION_ID);
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (installed != NULL)
    schema = g_settings_schema_source_lookup (installed, id, TRUE);
  if (schema == NULL)
    schema = lookup_beside_program (id);
  if (schema == NULL)
    g_error ("The settings schema %s is not installed", id);
  return g_settings_new_full (schema, NULL, NULL);
}
