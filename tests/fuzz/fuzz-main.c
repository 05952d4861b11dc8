/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Replaces libFuzzer where there is none: runs a target over its corpus (the directory in
 * argv[1]), then over mutations of it from a fixed seed. GUICHE_FUZZ_RUNS and GUICHE_FUZZ_SEED
 * change their number and the seed. */
#include <gio/gio.h>
#include <string.h>

#define DEFAULT_RUNS 20000
#define MAX_SIZE 8192

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
mutate_once (GRand *rand, GByteArray *input, GPtrArray *corpus)
{
  guint at = input->len > 0 ? (guint) g_rand_int_range (rand, 0, (gint32) input->len) : 0;
  guint8 byte = (guint8) g_rand_int (rand);
  GBytes *other = corpus->pdata[g_rand_int_range (rand, 0, (gint32) corpus->len)];
  gsize n_other;
  const guint8 *bytes = g_bytes_get_data (other, &n_other);

  switch (g_rand_int_range (rand, 0, 6)) {
  case 0:
    if (input->len > 0)
      input->data[at] ^= (guint8) (1 << (byte & 7));
    return;
  case 1:
    if (input->len > 0)
      input->data[at] = byte;
    return;
  case 2:
    if (input->len > 1)
      g_byte_array_remove_range (
          input, at, (guint) g_rand_int_range (rand, 1, (gint32) (input->len - at) + 1));
    return;
  case 3:
    g_byte_array_append (input, &byte, 1);
    return;
  case 4:
    if (n_other > 0 && input->len + n_other <= MAX_SIZE)
      g_byte_array_append (input, bytes, (guint) n_other);
    return;
  default:
    if (n_other > 1 && input->len > at) {
      guint from = (guint) g_rand_int_range (rand, 0, (gint32) n_other);
      guint n = MIN (input->len - at, (guint) n_other - from);

      memcpy (input->data + at, bytes + from, n);
    }
  }
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
load_corpus (const char *directory)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (directory, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++) {
    char *text;
    gsize length;

    g_assert_true (g_file_get_contents (names->pdata[i], &text, &length, NULL));
    g_ptr_array_add (corpus, g_bytes_new_take (text, length));
  }
  g_assert_cmpuint (corpus->len, >, 0);
  return corpus;
}

static guint64
number_from_environment (const char *name, guint64 fallback)
{
  const char *text = g_getenv (name);

  return text == NULL ? fallback : g_ascii_strtoull (text, NULL, 10);
}

int
main (int argc, char **argv)
{
  g_autoptr (GRand) rand =
                 g_rand_new_with_seed ((guint32) number_from_environment ("GUICHE_FUZZ_SEED", 1));
  guint64 runs = number_from_environment ("GUICHE_FUZZ_RUNS", DEFAULT_RUNS);
  g_autoptr (GPtrArray) corpus = NULL;

  g_assert_cmpint (argc, ==, 2);
  corpus = load_corpus (argv[1]);
  for (guint i = 0; i < corpus->len; i++)
    LLVMFuzzerTestOneInput (g_bytes_get_data (corpus->pdata[i], NULL),
                            g_bytes_get_size (corpus->pdata[i]));
  for (guint64 run = 0; run < runs; run++) {
    GBytes *start = corpus->pdata[g_rand_int_range (rand, 0, (gint32) corpus->len)];
    g_autoptr (GByteArray) input = g_byte_array_new ();

    g_byte_array_append (input, g_bytes_get_data (start, NULL), (guint) g_bytes_get_size (start));
    for (gint32 n = g_rand_int_range (rand, 1, 6); n > 0; n--)
      mutate_once (rand, input, corpus);
    LLVMFuzzerTestOneInput (input->data, input->len);
  }
  g_print ("%u files and %" G_GUINT64_FORMAT " mutations\n", corpus->len, runs);
  return 0;
}
