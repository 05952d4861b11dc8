/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guiched-log.h"

#include "base/json-writer.h"

#include <stdio.h>
#include <string.h>

static const char *
level_name (GLogLevelFlags level)
{
  if ((level & G_LOG_LEVEL_ERROR) != 0)
    return "error";
  if ((level & G_LOG_LEVEL_CRITICAL) != 0)
    return "critical";
  if ((level & G_LOG_LEVEL_WARNING) != 0)
    return "warning";
  if ((level & G_LOG_LEVEL_MESSAGE) != 0)
    return "notice";
  return (level & G_LOG_LEVEL_INFO) != 0 ? "info" : "debug";
}

static char *
find_field (const GLogField *fields, gsize n_fields, const char *key)
{
  for (gsize i = 0; i < n_fields; i++) {
    const char *value = fields[i].value;
    gsize length;

    if (strcmp (fields[i].key, key) != 0)
      continue;
    length = fields[i].length < 0 ? strlen (value) : (gsize) fields[i].length;
    return g_utf8_make_valid (value, (gssize) length);
  }
  return NULL;
}

static GLogWriterOutput
write_line (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  g_autoptr (GuicheJsonWriter) writer = NULL;
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *domain = find_field (fields, n_fields, "GLIB_DOMAIN");
  g_autofree char *message = find_field (fields, n_fields, "MESSAGE");
  g_autofree char *at = NULL;

  if (g_log_writer_default_would_drop (level, domain))
    return G_LOG_WRITER_HANDLED;
  writer = guiche_json_writer_new ();
  now = g_date_time_new_now_utc ();
  at = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.%fZ");
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "at", at);
  guiche_json_writer_member_string (writer, "level", level_name (level));
  guiche_json_writer_member_string (writer, "domain", domain);
  guiche_json_writer_member_string (writer, "message", message);
  guiche_json_writer_end_object (writer);
  fprintf (stderr, "%s\n", guiche_json_writer_peek (writer, NULL));
  return G_LOG_WRITER_HANDLED;
}

void
guiched_log_install (void)
{
  g_log_set_writer_func (write_line, NULL, NULL);
}
