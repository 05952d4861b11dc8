/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"

#include <string.h>

char *
test_data_path (const char *name)
{
  return g_build_filename (BANKING_DATA, name, NULL);
}

/* One line; quoted cells may hold commas. */
static GPtrArray *
split (const char *line)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);
  GString *cell = g_string_new (NULL);
  gboolean is_quoted = FALSE;

  for (; *line != '\0'; line++) {
    if (*line == '"') {
      is_quoted = !is_quoted;
    } else if (*line == ',' && !is_quoted) {
      g_ptr_array_add (cells, g_strdup (cell->str));
      g_string_truncate (cell, 0);
    } else {
      g_string_append_c (cell, *line);
    }
  }
  g_ptr_array_add (cells, g_string_free (cell, FALSE));
  return cells;
}

TestRows *
test_rows_load (const char *name)
{
  TestRows *self = g_new0 (TestRows, 1);
  g_autofree char *path = test_data_path (name);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  for (char **line = lines; *line != NULL; line++) {
    g_strchomp (*line);
    if (**line != '\0')
      g_ptr_array_add (self->lines, split (*line));
  }
  g_assert_cmpuint (self->lines->len, >, 1);
  return self;
}

void
test_rows_free (TestRows *self)
{
  g_ptr_array_unref (self->lines);
  g_free (self);
}

guint
test_rows_count (const TestRows *self)
{
  return self->lines->len - 1;
}

const char *
test_rows_get (const TestRows *self, guint row, const char *name)
{
  GPtrArray *names = self->lines->pdata[0];
  GPtrArray *cells = self->lines->pdata[row + 1];

  for (guint i = 0; i < names->len; i++)
    if (strcmp (names->pdata[i], name) == 0)
      return cells->pdata[i];
  g_assert_not_reached ();
}
