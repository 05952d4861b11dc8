/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/refusal.h"

static void
set_details (GError *error, const char *field, const char *reason)
{
  if (field != NULL)
    guiche_error_set_detail (error, "field", field);
  guiche_error_set_detail (error, "reason", reason);
}

gboolean
guiche_banking_refuse (GError **error,
                       const char *field,
                       const char *reason,
                       const char *format,
                       ...)
{
  va_list arguments;

  if (error == NULL)
    return FALSE;
  va_start (arguments, format);
  *error = g_error_new_valist (GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, format, arguments);
  va_end (arguments);
  set_details (*error, field, reason);
  return FALSE;
}

gboolean
guiche_banking_refuse_at (GError **error,
                          guint64 line,
                          guint column,
                          const char *field,
                          const char *reason,
                          const char *format,
                          ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  if (error == NULL)
    return FALSE;
  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  *error = g_error_new (GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST,
                        "line %" G_GUINT64_FORMAT ", column %u: %s", line, column, message);
  set_details (*error, field, reason);
  guiche_error_set_detail_int (*error, "line", (gint64) line);
  guiche_error_set_detail_int (*error, "column", column);
  return FALSE;
}
