/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/audit-anchor.h"

#include <sodium.h>
#include <string.h>

static char *
make_path (const char *tenant_directory)
{
  return g_build_filename (tenant_directory, "audit.head", NULL);
}

gboolean
guiche_audit_anchor_save (const char *tenant_directory, const GuicheAuditHead *head, GError **error)
{
  g_autofree char *path = make_path (tenant_directory);
  char hash[2 * GUICHE_AUDIT_HASH_BYTES + 1];
  g_autofree char *line = NULL;

  sodium_bin2hex (hash, sizeof hash, head->hash, sizeof head->hash);
  line = g_strdup_printf ("%" G_GINT64_FORMAT " %s\n", head->seq, hash);
  return g_file_set_contents_full (path, line, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

gboolean
guiche_audit_anchor_load (const char *tenant_directory, GuicheAuditHead *out_head, GError **error)
{
  g_autofree char *path = make_path (tenant_directory);
  g_autofree char *line = NULL;
  char *end = NULL;
  gsize length = 0;

  memset (out_head, 0, sizeof *out_head);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!g_file_get_contents (path, &line, NULL, error))
    return FALSE;

  out_head->seq = g_ascii_strtoll (line, &end, 10);
  if (*end == ' ' &&
      sodium_hex2bin (out_head->hash, sizeof out_head->hash, end + 1, strcspn (end + 1, "\n"), NULL,
                      &length, NULL) == 0 &&
      length == sizeof out_head->hash)
    return TRUE;

  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT, "%s is damaged", path);
  return FALSE;
}
