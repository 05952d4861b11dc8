/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guichectl cnab read|write. A file is read three times, so that nothing is printed of one that is
 * refused and memory does not grow with it: to check and sum up, for its titles, for its lines. */
#include "config.h"

#include "guichectl/cnab-commands.h"

#include "banking/cnab-json.h"
#include "banking/cnab-value.h"
#include "banking/refusal.h"
#include "guichectl/banking-lines.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CHUNK (256 * 1024)

/* Where the bytes come from: a file, or standard input kept in memory. */
typedef struct {
  const char *path;
  char *text; /* (owned) (nullable) */
  gsize length;
  GuicheCnabFlags flags;
} Source;

typedef void (*GroupFunc) (const GuicheCnabGroup *group, gpointer data);

static gboolean
next_groups (GuicheCnabReader *reader,
             GroupFunc visit,
             gpointer data,
             gboolean *ended,
             GError **error)
{
  const GuicheCnabGroup *group = NULL;
  GuicheCnabRead step;

  while ((step = guiche_cnab_reader_next (reader, &group, error)) == GUICHE_CNAB_READ_GROUP)
    visit (group, data);
  *ended = step == GUICHE_CNAB_READ_END;
  return step != GUICHE_CNAB_READ_REFUSED;
}

/* One pass over the whole. (transfer full) (nullable) */
static GuicheCnabReader *
pass (const Source *source, GroupFunc visit, gpointer data, GError **error)
{
  g_autoptr (GuicheCnabReader) reader = guiche_cnab_reader_new (source->flags);
  g_autofree char *chunk = source->text == NULL ? g_malloc (CHUNK) : NULL;
  FILE *file = source->text == NULL ? fopen (source->path, "rb") : NULL;
  gboolean ended = FALSE, is_right = TRUE;
  gsize n;

  if (source->text == NULL && file == NULL) {
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", source->path,
                 g_strerror (errno));
    return NULL;
  }
  if (source->text != NULL)
    guiche_cnab_reader_feed (reader, source->text, source->length);
  while (is_right && !ended) {
    if (file != NULL && (n = fread (chunk, 1, CHUNK, file)) > 0)
      guiche_cnab_reader_feed (reader, chunk, n);
    else
      guiche_cnab_reader_finish (reader);
    is_right = next_groups (reader, visit, data, &ended, error);
  }
  if (file != NULL)
    fclose (file);
  return is_right ? g_steal_pointer (&reader) : NULL;
}

static void
sum_up (const GuicheCnabGroup *group, gpointer data)
{
  guiche_cnab_summary_add (data, group);
}

static void
print (GuicheJsonWriter *out)
{
  gsize length;
  const char *text = guiche_json_writer_peek (out, &length);

  fwrite (text, 1, length, stdout);
}

typedef struct {
  GuicheJsonWriter *out;
  gboolean is_first;
} Printing;

static void
print_title (const GuicheCnabGroup *group, gpointer data)
{
  Printing *printing = data;

  if (group->kind != GUICHE_CNAB_RECORD_TITLE)
    return;
  guiche_json_writer_reset (printing->out);
  guiche_json_writer_begin_object (printing->out);
  guiche_cnab_json_write_members (printing->out, group);
  guiche_json_writer_end_object (printing->out);
  fputs (printing->is_first ? "\n" : ",\n", stdout);
  printing->is_first = FALSE;
  print (printing->out);
}

static void
print_lines (const GuicheCnabGroup *group, gpointer data)
{
  Printing *printing = data;

  for (guint i = 0; i < group->n_records; i++) {
    g_autofree char *line = guiche_cnab_value_text (group->text[i], group->layout->width, FALSE);

    guiche_json_writer_reset (printing->out);
    guiche_json_writer_string (printing->out, line);
    fputs (printing->is_first ? "\n" : ",\n", stdout);
    printing->is_first = FALSE;
    print (printing->out);
  }
}

static void
write_notices (GuicheJsonWriter *out, const GuicheCnabReader *reader)
{
  GPtrArray *notices = guiche_cnab_reader_notices (reader, NULL);

  guiche_json_writer_name (out, "avisos");
  guiche_json_writer_begin_array (out);
  for (guint i = 0; i < notices->len; i++) {
    const GuicheCnabNotice *notice = notices->pdata[i];

    guiche_json_writer_begin_object (out);
    guiche_json_writer_member_string (out, "code", notice->code);
    guiche_json_writer_member_int (out, "line", (gint64) notice->line);
    guiche_json_writer_member_int (out, "column", notice->column);
    guiche_json_writer_member_string (out, "message", notice->message);
    guiche_json_writer_end_object (out);
  }
  guiche_json_writer_end_array (out);
}

/* The members of an object without its opening brace, for splicing. */
static void
print_members (GuicheJsonWriter *out)
{
  gsize length;
  const char *text = guiche_json_writer_peek (out, &length);

  fwrite (text + 1, 1, length - 2, stdout);
}

static void
print_summary (const GuicheCnabSummary *summary, const GuicheCnabReader *reader, const char *path)
{
  g_autoptr (GuicheJsonWriter) out = guiche_json_writer_new ();

  guiche_json_writer_begin_object (out);
  guiche_cnab_summary_write (summary, reader, out);
  guiche_json_writer_member_string (out, "arquivo", path);
  write_notices (out, reader);
  guiche_json_writer_end_object (out);
  print_members (out);
}

static gboolean
print_file (const Source *source, GError **error)
{
  g_autoptr (GuicheCnabSummary) summary = guiche_cnab_summary_new ();
  g_autoptr (GuicheCnabReader) checked = pass (source, sum_up, summary, error);
  g_autoptr (GuicheJsonWriter) out = guiche_json_writer_new ();
  g_autoptr (GuicheCnabReader) titles = NULL;
  g_autoptr (GuicheCnabReader) lines = NULL;

  if (checked == NULL)
    return FALSE;
  printf ("{\"layout\":\"CNAB%u\",\"titulos\":[", guiche_cnab_reader_layout (checked)->width);
  titles = pass (source, print_title, &(Printing){ out, TRUE }, error);
  if (titles == NULL)
    return FALSE;
  printf ("],\n");
  print_summary (summary, checked, source->path);
  printf (",\n\"registros\":[");
  lines = pass (source, print_lines, &(Printing){ out, TRUE }, error);
  printf ("]}\n");
  return lines != NULL;
}

static gboolean
parse_flags (const char *text, GuicheCnabFlags *out, GError **error)
{
  static const struct {
    const char *word;
    GuicheCnabFlags flag;
  } words[] = { { "trimmed", GUICHE_CNAB_TRIMMED },
                { "lf", GUICHE_CNAB_LF },
                { "bom", GUICHE_CNAB_BOM },
                { "1a", GUICHE_CNAB_SUB },
                { "all", GUICHE_CNAB_LENIENT } };

  g_auto (GStrv) given = g_strsplit (text != NULL ? text : "", ",", -1);

  *out = GUICHE_CNAB_STRICT;
  for (char **word = given; *word != NULL && **word != '\0'; word++) {
    gsize i = 0;

    while (i < G_N_ELEMENTS (words) && g_ascii_strcasecmp (words[i].word, *word) != 0)
      i++;
    if (i == G_N_ELEMENTS (words))
      return guiche_banking_refuse (error, "lenient", "unknown",
                                    "--lenient takes trimmed, lf, bom, 1a or all");
    *out |= words[i].flag;
  }
  return TRUE;
}

/* What was refused is also printed for programs, where the answer would be. */
static gboolean
answer_error (const GError *error)
{
  g_autoptr (GuicheJsonWriter) out = guiche_json_writer_new ();

  guichectl_write_error (out, error);
  print (out);
  fputc ('\n', stdout);
  return FALSE;
}

gboolean
guichectl_cnab_read (GuichectlCall *call, GError **error)
{
  Source source = { .path = call->arguments[0] };
  g_autofree char *text = NULL;
  g_autoptr (GError) refused = NULL;

  if (!parse_flags (call->options->lenient, &source.flags, error))
    return FALSE;
  if (strcmp (source.path, "-") == 0) {
    if (!guichectl_read_file ("-", &text, &source.length, error))
      return FALSE;
    source.text = text;
  }
  if (print_file (&source, &refused))
    return TRUE;
  answer_error (refused);
  g_propagate_error (error, g_steal_pointer (&refused));
  return FALSE;
}

gboolean
guichectl_cnab_write (GuichectlCall *call, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  gsize length;

  if (!guichectl_read_file (call->n_arguments > 0 ? call->arguments[0] : "-", &text, &length,
                            error))
    return FALSE;
  if (!guiche_cnab_json_to_file (text, length, out, error))
    return FALSE;
  fwrite (out->str, 1, out->len, stdout);
  return TRUE;
}
