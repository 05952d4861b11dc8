/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "channels/story.h"

#include "base/error.h"

#include <gio/gio.h>
#include <string.h>

#define RESOURCES "/io/github/guiche/Guiche/sample/"
#define KINDS "CANVWFI"

static void
story_line_clear (gpointer data)
{
  GuicheStoryLine *line = data;

  g_free (line->text);
}

static void
story_free (gpointer data)
{
  GuicheStory *story = data;

  g_free (story->queue);
  g_free (story->close_reason);
  g_array_unref (story->lines);
  g_free (story);
}

/* `[queue | reason]` */
static GuicheStory *
story_new (const char *heading)
{
  g_autofree char *inner = g_strndup (heading + 1, strcspn (heading + 1, "]"));
  g_auto (GStrv) parts = g_strsplit (inner, "|", 2);
  GuicheStory *story;

  if (g_strv_length (parts) != 2)
    return NULL;
  story = g_new0 (GuicheStory, 1);
  story->queue = g_strdup (g_strstrip (parts[0]));
  story->close_reason = g_strdup (g_strstrip (parts[1]));
  story->lines = g_array_new (FALSE, FALSE, sizeof (GuicheStoryLine));
  g_array_set_clear_func (story->lines, story_line_clear);
  return story;
}

/* Adds what one line of the file says; FALSE when it says nothing known. */
static gboolean
read_line (GPtrArray *stories, const char *text)
{
  GuicheStory *story = stories->len == 0 ? NULL : g_ptr_array_index (stories, stories->len - 1);
  GuicheStoryLine line;

  if (*text == '\0' || *text == '#')
    return TRUE;
  if (*text == '[') {
    story = story_new (text);
    if (story != NULL)
      g_ptr_array_add (stories, story);
    return story != NULL;
  }
  if (story == NULL || strchr (KINDS, *text) == NULL || text[1] != ':' || text[2] != ' ')
    return FALSE;
  line.kind = (GuicheStoryKind) *text;
  line.text = g_strdup (text + 3);
  g_array_append_val (story->lines, line);
  return TRUE;
}

GPtrArray *
guiche_stories_load (const char *name, GError **error)
{
  g_autofree char *path = g_strconcat (RESOURCES, name, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GPtrArray) stories = g_ptr_array_new_with_free_func (story_free);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (bytes == NULL) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "%s is not in the program", name);
    return NULL;
  }
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    if (read_line (stories, lines[i]))
      continue;
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "%s:%zu: not a line of a story", name,
                 i + 1);
    return NULL;
  }
  return g_steal_pointer (&stories);
}

char *
guiche_story_first_name (const char *name)
{
  return name == NULL ? g_strdup ("") : g_strndup (name, strcspn (name, " "));
}

/* How adjectives end for somebody of that name: obrigado, obrigada. */
static const char *
ending_for (const char *name)
{
  static const char *const feminine[] = {
    "Beatriz", "Aline", "Simone", "Tatiane", "Eliane", "Ivone"
  };
  g_autofree char *first = guiche_story_first_name (name);

  for (gsize i = 0; i < G_N_ELEMENTS (feminine); i++)
    if (strcmp (first, feminine[i]) == 0)
      return "a";
  return g_str_has_suffix (first, "a") ? "a" : "o";
}

static const char *
value_of (const GuicheStoryPeople *people, const char *first_name, const char *key, gsize length)
{
  const struct {
    const char *key;
    const char *value;
  } variables[] = {
    { "first", first_name },
    { "name", people->name },
    { "plan", people->plan },
    { "contract", people->contract },
    { "street", people->street },
    { "city", people->city },
    { "agent", people->agent },
    { "protocol", people->protocol },
    { "price", people->price },
    { "day", people->day },
    { "o", ending_for (people->name) },
    { "e", ending_for (people->agent) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    if (strlen (variables[i].key) == length && strncmp (variables[i].key, key, length) == 0)
      return variables[i].value != NULL ? variables[i].value : "";
  return NULL;
}

char *
guiche_story_fill (const char *text, const GuicheStoryPeople *people)
{
  g_autofree char *first_name = guiche_story_first_name (people->name);
  GString *filled = g_string_new (NULL);
  const char *rest = text;

  while (*rest != '\0') {
    gsize plain = strcspn (rest, "{");
    gsize length = rest[plain] == '\0' ? 0 : strcspn (rest + plain, "}");
    const char *value =
        length == 0 ? NULL : value_of (people, first_name, rest + plain + 1, length - 1);

    g_string_append_len (filled, rest, (gssize) plain);
    rest += plain;
    if (value != NULL) {
      g_string_append (filled, value);
      rest += length + 1;
    } else if (*rest != '\0') {
      g_string_append_c (filled, *rest++);
    }
  }
  return g_string_free (filled, FALSE);
}
