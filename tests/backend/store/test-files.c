/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/files.h"
#include "support/store.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>
#include <utime.h>

#define PNG "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"

static gboolean
upload (GuicheTestStore *test,
        const void *data,
        gsize length,
        const char *name,
        const char *declared,
        GuicheFile *out_file,
        GError **error)
{
  g_autoptr (GuicheUpload) self = guiche_upload_new (test->tenant, 1000, error);

  g_assert_nonnull (self);
  return guiche_upload_write (self, data, length, error) &&
         guiche_upload_finish (self, name, declared, out_file, error);
}

static gboolean
insert (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_file_insert (tx, data, error);
}

static gboolean
load (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheFile *file = data;

  return guiche_file_load (tx, &file->id, file, error);
}

static guint
count_incoming (GuicheTestStore *test)
{
  g_autofree char *path =
      g_build_filename (guiche_tenant_directory (test->tenant), "files", "incoming", NULL);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (directory != NULL && g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

static void
test_upload (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_auto (GuicheFile) file = { 0 };
  g_auto (GuicheFile) same = { 0 };
  g_auto (GuicheFile) loaded = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *contents = NULL;
  gsize length;

  upload (test, PNG, 16, "../foto.png", "image/png", &file, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (file.name, ==, "foto.png");
  g_assert_cmpstr (file.type, ==, "image/png");
  g_assert_cmpint (file.size, ==, 16);
  path = guiche_file_path (test->tenant, file.sha256);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_cmpmem (contents, length, PNG, 16);
  guiche_test_write (test, NULL, insert, &file);
  loaded.id = file.id;
  guiche_test_read (test, NULL, load, &loaded);
  g_assert_cmpstr (loaded.sha256, ==, file.sha256);

  g_assert_true (upload (test, PNG, 16, "outra.png", NULL, &same, NULL));
  guiche_test_write (test, NULL, insert, &same);
  g_assert_cmpstr (same.sha256, ==, file.sha256);
  g_assert_cmpint (
      guiche_test_number (test, "SELECT value FROM counters WHERE name = 'files.bytes'"), ==, 16);
  g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM files"), ==, 2);
  g_assert_cmpuint (count_incoming (test), ==, 0);
}

static void
test_refused (void)
{
  static const struct {
    const char *name, *declared, *data;
    gsize length;
  } refused[] = {
    { "foto.png", "image/png",
      "\x7f"
      "ELF\x02\x01\x01",
      7 },
    { "foto.png", NULL, "MZ\x90\0", 4 },
    { "foto.png", "image/png", "#!/bin/sh\nrm", 12 },
    {
        "foto.png",
        "image/png",
        "GIF89a??\0",
        9,
    },
    { "foto.exe", "image/png", PNG, 16 },
    { "foto.png.BAT", "text/plain", "echo", 4 },
    { "foto.svg", "image/svg+xml", "<svg onload=alert(1)>", 21 },
    { "nota.ogg", "audio/ogg", PNG, 16 },
    { "a.pdf", "application/pdf", "PK\x03\x04....META-INF/MANIFEST.MF", 28 },
    { "a.mp3", "audio/mpeg", "\0\1\2\3", 4 },
  };

  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_auto (GuicheFile) file = { 0 };
    g_autoptr (GError) error = NULL;
    gboolean is_image = strcmp (refused[i].data, "GIF89a??") == 0;

    if (upload (test, refused[i].data, refused[i].length, refused[i].name, refused[i].declared,
                &file, &error)) {
      g_assert_true (is_image);
      g_assert_cmpstr (file.type, ==, "image/gif");
      continue;
    }
    g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_UNSUPPORTED_TYPE);
  }
  g_assert_cmpuint (count_incoming (test), ==, 0);
}

static void
test_too_large (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_autofree char *data = g_strnfill (1001, 'a');
  g_auto (GuicheFile) file = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (upload (test, data, 1001, "a.txt", NULL, &file, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_TOO_LARGE);
  g_assert_true (upload (test, data, 1000, "a.txt", NULL, &file, NULL));
}

static gboolean
set_quota (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheStatement *statement = guiche_tx_prepare (
      tx, "INSERT INTO settings (key, value) VALUES ('files.quota_bytes', '20')", error);

  return statement != NULL && guiche_statement_run (statement, NULL, error);
}

static void
test_quota (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_auto (GuicheFile) one = { 0 };
  g_auto (GuicheFile) two = { 0 };
  g_auto (GuicheFile) three = { 0 };

  guiche_test_write (test, NULL, set_quota, NULL);
  g_assert_true (upload (test, "0123456789", 10, "1.txt", NULL, &one, NULL));
  g_assert_true (upload (test, "abcdefghijk", 11, "2.txt", NULL, &two, NULL));
  g_assert_true (upload (test, "abcdefghij", 10, "3.txt", NULL, &three, NULL));
  guiche_test_write (test, NULL, insert, &one);
  guiche_test_write_fails (test, NULL, insert, &two, GUICHE_ERROR_QUOTA_EXCEEDED);
  guiche_test_write (test, NULL, insert, &three);
  g_assert_cmpint (
      guiche_test_number (test, "SELECT value FROM counters WHERE name = 'files.bytes'"), ==, 20);
}

static void
test_sniff (void)
{
  static const struct {
    const char *data;
    gsize length;
    const char *type;
  } known[] = {
    { "", 0, "text/plain" },
    { "ol\xe1 Jo\xe3o;1,50\r\n", 15, "text/plain" },
    { "RIFF....WEBPVP8 ", 16, "image/webp" },
    { "RIFF....WAVEfmt ", 16, "audio/wav" },
    { "RIFF\0\0\0\0"
      "AVI LIST",
      16, "application/octet-stream" },
    { "....WEBP", 8, "text/plain" },
    { "OggS\0", 5, "audio/ogg" },
    { "\0\0\0\x20"
      "ftypM4A ",
      12, "audio/mp4" },
    { "\0\0\0\x20"
      "ftypisom",
      12, "video/mp4" },
    { "\xff\xfb\x90\x64", 4, "audio/mpeg" },
    { "\xff\xf1\x50\x80", 4, "audio/aac" },
    { "%PDF-1.7\n%\xe2", 11, "application/pdf" },
    { "PK\x03\x04........word/document.xml", 29,
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
    { "PK\x03\x04\0\0", 6, "application/zip" },
    { "\0\1\2\3", 4, "application/octet-stream" },
    { "\xca\xfe\xba\xbe\0", 5, "application/x-executable" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_cmpstr (guiche_file_sniff ((const guint8 *) known[i].data, known[i].length), ==,
                     known[i].type);
}

/* Of a content of its own, put into place and never given a row. (transfer full): its path */
static char *
leave_blob (GuicheTestStore *test, const char *content, gboolean is_old)
{
  g_auto (GuicheFile) file = { 0 };
  time_t then = time (NULL) - (is_old ? 2 * 24 * 3600 : 0);
  struct utimbuf times = { then, then };
  char *path;

  g_assert_true (upload (test, content, strlen (content), "a.txt", NULL, &file, NULL));
  path = guiche_file_path (test->tenant, file.sha256);
  g_assert_cmpint (g_utime (path, &times), ==, 0);
  return path;
}

/* What no row names goes after a day, whatever happened to its upload; nothing else does. */
static void
test_collect (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_autofree char *named = leave_blob (test, "named", TRUE);
  g_autofree char *left = leave_blob (test, "left", TRUE);
  g_autofree char *young = leave_blob (test, "young", FALSE);
  g_auto (GuicheFile) file = { 0 };
  time_t then = time (NULL) - 2 * 24 * 3600;
  struct utimbuf times = { then, then };
  g_autoptr (GError) error = NULL;

  g_assert_true (upload (test, "named", 5, "b.txt", NULL, &file, NULL));
  guiche_test_write (test, NULL, insert, &file);
  g_assert_cmpint (g_utime (named, &times), ==, 0);
  g_assert_true (guiche_tenant_tidy (test->tenant, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (named, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (young, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_incoming (test), ==, 0);
}

/* [files] directory: elsewhere, a folder for each company. */
static void
test_directory (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_autofree char *elsewhere = g_build_filename (test->directory, "elsewhere", NULL);
  g_autofree char *setting = g_strconcat ("GUICHE_FILES_DIRECTORY=", elsewhere, NULL);
  g_autofree char *folder = g_build_filename (elsewhere, "demo", NULL);
  g_autofree char *path = NULL;

  guiche_test_store_set (test, setting);
  guiche_test_store_reopen (test);
  path = leave_blob (test, "shared", FALSE);
  g_assert_true (g_str_has_prefix (path, folder));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/files/upload", test_upload);
  g_test_add_func ("/files/refused", test_refused);
  g_test_add_func ("/files/too-large", test_too_large);
  g_test_add_func ("/files/quota", test_quota);
  g_test_add_func ("/files/sniff", test_sniff);
  g_test_add_func ("/files/collect", test_collect);
  g_test_add_func ("/files/directory", test_directory);
  return g_test_run ();
}
