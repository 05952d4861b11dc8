/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/settings.h"

#include "base/error.h"
#include "base/settings-table.h"

#include <string.h>

typedef struct {
  char *text; /* (owned) */
  gint64 integer;
  gboolean boolean;
} Value;

struct _GuicheSettings {
  gatomicrefcount references;
  Value *values; /* (owned): one a row of the table */
};

static gssize
find_row (const char *group, const char *key)
{
  for (gsize i = 0; i < guiche_n_setting_rows; i++) {
    if (strcmp (guiche_setting_rows[i].group, group) == 0 &&
        strcmp (guiche_setting_rows[i].key, key) == 0)
      return (gssize) i;
  }

  return -1;
}

static gboolean
parse_bool (const char *text, gboolean *out)
{
  if (strcmp (text, "true") == 0 || strcmp (text, "1") == 0)
    *out = TRUE;
  else if (strcmp (text, "false") == 0 || strcmp (text, "0") == 0)
    *out = FALSE;
  else
    return FALSE;

  return TRUE;
}

/* @source: where the value stands, for the error. */
static gboolean
set_value (Value *value,
           const GuicheSettingRow *row,
           const char *text,
           const char *source,
           GError **error)
{
  gint64 integer = 0;
  gboolean boolean = FALSE;

  if (row->type == GUICHE_SETTING_INT &&
      !g_ascii_string_to_signed (text, 10, row->minimum, row->maximum, &integer, NULL)) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST,
                 "%s: %s of [%s] is a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                 ", not “%s”",
                 source, row->key, row->group, row->minimum, row->maximum, text);
    return FALSE;
  }
  if (row->type == GUICHE_SETTING_BOOL && !parse_bool (text, &boolean)) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST,
                 "%s: %s of [%s] is true or false, not “%s”", source, row->key, row->group, text);
    return FALSE;
  }

  g_free (value->text);
  value->text = g_strdup (text);
  value->integer = integer;
  value->boolean = boolean;
  return TRUE;
}

/* The line (from 1) of @key in @group, or of the group's own header when @key is NULL; 0 when
 * it is not found. GKeyFile does not tell. */
static guint
find_line (const char *contents, const char *group, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (contents, "\n", -1);
  g_autofree char *header = g_strdup_printf ("[%s]", group);
  gboolean is_inside = FALSE;

  for (guint i = 0; lines[i] != NULL; i++) {
    char *line = g_strstrip (lines[i]);
    gsize length;

    if (*line == '[') {
      is_inside = g_str_has_prefix (line, header);
      if (is_inside && key == NULL)
        return i + 1;
      continue;
    }
    length = strcspn (line, "= \t");
    if (is_inside && key != NULL && length == strlen (key) && strncmp (line, key, length) == 0)
      return i + 1;
  }

  return 0;
}

static gboolean
load_group (GuicheSettings *self,
            GKeyFile *file,
            const char *group,
            const char *path,
            const char *contents,
            GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, error);

  if (keys == NULL)
    return FALSE;

  for (gsize i = 0; keys[i] != NULL; i++) {
    g_autofree char *source = g_strdup_printf ("%s:%u", path, find_line (contents, group, keys[i]));
    g_autofree char *text = NULL;
    gssize row = find_row (group, keys[i]);

    if (row < 0) {
      g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, "%s: unknown key %s of [%s]",
                   source, keys[i], group);
      return FALSE;
    }
    text = g_key_file_get_string (file, group, keys[i], error);
    if (text == NULL)
      return FALSE;
    if (!set_value (&self->values[row], &guiche_setting_rows[row], text, source, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
is_known_group (const char *group)
{
  for (gsize i = 0; i < guiche_n_setting_rows; i++) {
    if (strcmp (guiche_setting_rows[i].group, group) == 0)
      return TRUE;
  }

  return FALSE;
}

static gboolean
load_file (GuicheSettings *self, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *contents = NULL;
  g_auto (GStrv) groups = NULL;
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, error))
    return FALSE;
  if (!g_key_file_load_from_data (file, contents, length, G_KEY_FILE_NONE, error)) {
    g_prefix_error (error, "%s: ", path);
    return FALSE;
  }

  groups = g_key_file_get_groups (file, NULL);
  for (gsize i = 0; groups[i] != NULL; i++) {
    if (!is_known_group (groups[i])) {
      g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, "%s:%u: unknown group [%s]",
                   path, find_line (contents, groups[i], NULL), groups[i]);
      return FALSE;
    }
    if (!load_group (self, file, groups[i], path, contents, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
load_environment (GuicheSettings *self, char **environment, GError **error)
{
  for (gsize i = 0; i < guiche_n_setting_rows; i++) {
    const GuicheSettingRow *row = &guiche_setting_rows[i];
    g_autofree char *mixed = g_strdup_printf ("GUICHE_%s_%s", row->group, row->key);
    g_autofree char *name = g_ascii_strup (mixed, -1);
    const char *text = g_environ_getenv (environment, name);

    if (text != NULL && !set_value (&self->values[i], row, text, name, error))
      return FALSE;
  }

  return TRUE;
}

/**
 * guiche_settings_load:
 * @path: (nullable): the file; %NULL for defaults and environment only
 * @environment: (nullable): %NULL for the process's own
 *
 * Returns: (transfer full): %NULL with error set when something in it is wrong
 */
GuicheSettings *
guiche_settings_load (const char *path, char **environment, GError **error)
{
  g_autoptr (GuicheSettings) self = g_new0 (GuicheSettings, 1);
  g_auto (GStrv) own_environment = NULL;

  g_atomic_ref_count_init (&self->references);
  self->values = g_new0 (Value, guiche_n_setting_rows);
  for (gsize i = 0; i < guiche_n_setting_rows; i++) {
    const GuicheSettingRow *row = &guiche_setting_rows[i];

    if (!set_value (&self->values[i], row, row->fallback, "built-in", error))
      return NULL;
  }

  if (path != NULL && !load_file (self, path, error))
    return NULL;
  if (environment == NULL)
    environment = own_environment = g_get_environ ();
  if (!load_environment (self, environment, error))
    return NULL;

  return g_steal_pointer (&self);
}

GuicheSettings *
guiche_settings_ref (GuicheSettings *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
guiche_settings_unref (GuicheSettings *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;

  for (gsize i = 0; i < guiche_n_setting_rows; i++)
    g_free (self->values[i].text);
  g_free (self->values);
  g_free (self);
}

static const Value *
get (GuicheSettings *self, const char *group, const char *key, GuicheSettingType type)
{
  gssize row = find_row (group, key);

  if (row < 0 || guiche_setting_rows[row].type != type)
    g_error ("settings: [%s] %s has no row of that type", group, key);

  return &self->values[row];
}

const char *
guiche_settings_get_string (GuicheSettings *self, const char *group, const char *key)
{
  return get (self, group, key, GUICHE_SETTING_STRING)->text;
}

gint64
guiche_settings_get_int (GuicheSettings *self, const char *group, const char *key)
{
  return get (self, group, key, GUICHE_SETTING_INT)->integer;
}

gboolean
guiche_settings_get_bool (GuicheSettings *self, const char *group, const char *key)
{
  return get (self, group, key, GUICHE_SETTING_BOOL)->boolean;
}

char *
guiche_settings_example (void)
{
  GString *text = g_string_new ("# guiched.conf: every key with its default.\n"
                                "# The environment comes first: GUICHE_HTTP_PORT=9000 sets port "
                                "of [http].\n");
  const char *group = "";

  for (gsize i = 0; i < guiche_n_setting_rows; i++) {
    const GuicheSettingRow *row = &guiche_setting_rows[i];

    if (strcmp (group, row->group) != 0)
      g_string_append_printf (text, "\n[%s]\n", row->group);
    group = row->group;
    g_string_append_printf (text, "# %s\n#%s=%s\n", row->documentation, row->key, row->fallback);
  }

  return g_string_free (text, FALSE);
}
