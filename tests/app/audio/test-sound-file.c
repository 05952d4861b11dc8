/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/aac-rendition.h"
#include "audio/sound-file.h"
#include "audio/waveform.h"
#include "base/error.h"
#include "sound-support.h"

#include <glib/gstdio.h>
#include <string.h>

static char *folder;

static char *
make_sound (const char *name, const char *encoding)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *description =
      g_strdup_printf ("audiotestsrc num-buffers=50 samplesperbuffer=960 freq=1000 ! "
                       "audio/x-raw,rate=48000,channels=1 ! %s ! filesink location=%s",
                       encoding, path);

  test_launch (description);
  return g_steal_pointer (&path);
}

static void
expect_refused (const guint8 *data, gsize length)
{
  GuicheSoundInfo info;
  g_autoptr (GError) error = NULL;

  g_assert_false (guiche_sound_inspect (data, length, &info, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_AUDIO);
}

/* Whatever is cut off or changed is refused, and nothing is read behind the end. */
static void
expect_all_cuts_refused (const char *path)
{
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  for (gsize i = 0; i < length; i += 1 + i / 16) {
    g_autofree guint8 *cut =
        g_memdup2 (contents, i); /* exact size: the sanitiser watches its end */

    expect_refused (cut, i);
  }
}

static void
test_ogg (void)
{
  g_autofree char *path = make_sound ("a.oga", "opusenc ! oggmux");
  g_autofree char *contents = NULL;
  gsize length;
  GuicheSoundInfo info;
  g_autoptr (GError) error = NULL;

  g_assert_true (guiche_sound_inspect_file (path, &info, &error));
  g_assert_no_error (error);
  g_assert_cmpint (info.type, ==, GUICHE_SOUND_OGG_OPUS);
  g_assert_cmpuint (info.n_channels, ==, 1);
  g_assert_cmpint (ABS (info.duration_ms - 1000), <, 60);

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  for (gsize i = 0; i < length; i += 37) {
    contents[i] ^= 0x20;
    expect_refused ((const guint8 *) contents, length); /* the checksum sees every bit */
    contents[i] ^= 0x20;
  }
}

/* Vorbis, several channels, chained streams: well-formed Ogg, yet not what a voice note is. */
static void
test_ogg_of_others (void)
{
  g_autofree char *vorbis = make_sound ("v.ogg", "audioconvert ! vorbisenc ! oggmux");
  g_autofree char *note = make_sound ("b.oga", "opusenc ! oggmux");
  g_autofree char *contents = NULL;
  g_autofree char *twice = NULL;
  gsize length;
  GuicheSoundInfo info;

  g_assert_false (guiche_sound_inspect_file (vorbis, &info, NULL));
  g_assert_true (g_file_get_contents (note, &contents, &length, NULL));
  twice = g_malloc (2 * length);
  memcpy (twice, contents, length);
  memcpy (twice + length, contents, length);
  expect_refused ((const guint8 *) twice, 2 * length);
}

static void
test_wave (void)
{
  g_autofree char *path = make_sound ("a.wav", "audioconvert ! audio/x-raw,format=S16LE ! wavenc");
  GuicheSoundInfo info;

  g_assert_true (guiche_sound_inspect_file (path, &info, NULL));
  g_assert_cmpint (info.type, ==, GUICHE_SOUND_WAVE);
  g_assert_cmpint (info.duration_ms, ==, 1000);
}

static void
on_rendition (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  char **out_path = data;

  *out_path = guiche_aac_rendition_finish (result, &error);
  g_assert_no_error (error);
}

static void
test_aac_rendition (void)
{
  g_autofree char *note = make_sound ("c.oga", "opusenc ! oggmux");
  g_autofree char *rendition = NULL;
  GuicheSoundInfo info;
  g_autoptr (GError) error = NULL;

  guiche_aac_rendition_async (note, NULL, on_rendition, &rendition);
  test_wait_for (rendition, 10000);
  g_assert_true (guiche_sound_inspect_file (rendition, &info, &error));
  g_assert_no_error (error);
  g_assert_cmpint (info.type, ==, GUICHE_SOUND_MP4_AAC);
  g_assert_cmpint (ABS (info.duration_ms - 1000), <, 150);
  g_assert_cmpfloat (test_tone (rendition, 1000), >, 20 * test_tone (rendition, 1500));
  expect_all_cuts_refused (rendition);
}

static void
test_garbage (void)
{
  static const char *const texts[] = { "",
                                       "OggS",
                                       "OggS\0\2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                       "RIFF\377\377\377\377WAVEfmt \377\377\377\377",
                                       "MZ\220 a program that claims to be a sound",
                                       "\0\0\0\1ftypM4A \377\377\377\377\377\377\377\377" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    expect_refused ((const guint8 *) texts[i], strlen (texts[i]));
  for (guint i = 0; i < 2000; i++) {
    guint32 noise[64];

    for (guint j = 0; j < G_N_ELEMENTS (noise); j++)
      noise[j] = (guint32) g_test_rand_int ();
    memcpy (noise, i % 2 ? "OggS" : "RIFF", 4);
    expect_refused ((const guint8 *) noise, sizeof noise);
  }
}

static void
test_waveform (void)
{
  guint8 peaks[1000];
  g_autoptr (GBytes) reduced = NULL;
  g_autoptr (GBytes) read = NULL;
  g_autofree char *hex = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (peaks); i++)
    peaks[i] = (guint8) (i / 4);
  reduced = guiche_waveform_reduce (peaks, G_N_ELEMENTS (peaks));
  hex = guiche_waveform_to_hex (reduced);
  g_assert_cmpuint (strlen (hex), ==, 2 * GUICHE_WAVEFORM_MAX);
  g_assert_true (g_str_has_suffix (hex, "f9"));
  read = guiche_waveform_from_hex (hex);
  g_assert_true (g_bytes_equal (read, reduced));
  g_assert_null (guiche_waveform_from_hex ("abc"));
  g_assert_null (guiche_waveform_from_hex ("zz"));
  g_assert_null (guiche_waveform_from_hex (NULL));
}

int
main (int argc, char **argv)
{
  g_autofree char *command = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("guiche-sound-XXXXXX", NULL);
  g_test_add_func ("/audio/sound-file/ogg", test_ogg);
  g_test_add_func ("/audio/sound-file/ogg-of-others", test_ogg_of_others);
  g_test_add_func ("/audio/sound-file/wave", test_wave);
  g_test_add_func ("/audio/sound-file/aac-rendition", test_aac_rendition);
  g_test_add_func ("/audio/sound-file/garbage", test_garbage);
  g_test_add_func ("/audio/waveform", test_waveform);
  status = g_test_run ();
  command = g_strdup_printf ("rm -r %s", folder);
  g_free (test_run (command));
  g_free (folder);
  return status;
}
