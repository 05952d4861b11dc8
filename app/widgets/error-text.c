/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/error-text.h"

#include "base/error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

static const char *const sentences[GUICHE_N_ERRORS] = {
  [GUICHE_ERROR_INTERNAL] = N_ ("Something went wrong on the server. Try again in a moment."),
      [GUICHE_ERROR_INVALID_REQUEST] = N_ ("The server did not accept this. Check what was entered."),
          [GUICHE_ERROR_INVALID_JSON] = N_ ("The server and this application did not understand each other. "
                                    "Is one of them outdated?"),
              [GUICHE_ERROR_UNAUTHENTICATED] = N_ ("Your session has ended. Sign in again."),
                  [GUICHE_ERROR_CREDENTIALS_INVALID] = N_ ("User or password is wrong."),
                      [GUICHE_ERROR_FORBIDDEN] = N_ ("You are not allowed to do this. Ask a supervisor."),
                          [GUICHE_ERROR_NOT_FOUND] = N_ ("This no longer exists, or you may no longer see it."),
                              [GUICHE_ERROR_METHOD_NOT_ALLOWED] = N_ ("The server cannot do this. Is it an older version?"),
                                  [GUICHE_ERROR_CONFLICT] = N_ ("Somebody else was faster. Look at the present state and try again."),
                                      [GUICHE_ERROR_CONVERSATION_CLOSED] = N_ ("This conversation is closed. Reopen it first."),
                                          [GUICHE_ERROR_ALREADY_ASSIGNED] = N_ ("A colleague has already accepted this conversation."),
                                              [GUICHE_ERROR_SNAPSHOT_REQUIRED] = N_ ("Too much was missed; everything is being loaded again."),
                                                  [GUICHE_ERROR_TOO_LARGE] = N_ ("This is too large to be sent."),
                                                      [GUICHE_ERROR_UNSUPPORTED_TYPE] = N_ ("Files of this type are not accepted."),
                                                          [GUICHE_ERROR_RANGE_NOT_SATISFIABLE] = N_ ("The file could not be loaded."),
                                                              [GUICHE_ERROR_HEADERS_TOO_LARGE] = N_ ("This is too large to be sent."),
                                                                  [GUICHE_ERROR_UNAVAILABLE] = N_ ("The server is busy or restarting. Try again in a moment."),
                                                                      [GUICHE_ERROR_QUOTA_EXCEEDED] = N_ ("Your company has used up its storage. Tell an administrator."),
                                                                          [GUICHE_ERROR_STORAGE_FULL] =
                                                                              N_ ("The disk is full. Free some space and try again."),
                                                                                  [GUICHE_ERROR_DATABASE_NEWER] = N_ ("The data was written by a newer Guichê. Update this one."),
                                                                                      [GUICHE_ERROR_DATABASE_CORRUPT] =
                                                                                          N_ ("The data is damaged. Tell an administrator."),
                                                                                              [GUICHE_ERROR_NETWORK] = N_ ("The server cannot be reached. Check the network and the address."),
                                                                                                  [GUICHE_ERROR_CERTIFICATE] = N_ ("The identity of the server could not be verified."),
                                                                                                      [GUICHE_ERROR_AUDIO] = N_ ("There is no usable microphone or sound device."),
                                                                                                          [GUICHE_ERROR_SECRET] =
                                                                                                              N_ ("The password store of this computer is locked or missing."),
                                                                                                          };

static char *
wait_sentence (const GError *error)
{
  const char *seconds = guiche_error_get_detail (error, "retry_after_s");
  guint64 wait_s = seconds != NULL ? g_ascii_strtoull (seconds, NULL, 10) : 0;

  if (wait_s == 0)
    return g_strdup (_ ("Too many attempts. Wait a moment and try again."));
  if (wait_s >= 120)
    return g_strdup_printf (ngettext ("Too many attempts. Try again in %u minute.",
                                      "Too many attempts. Try again in %u minutes.",
                                      (guint) ((wait_s + 59) / 60)),
                            (guint) ((wait_s + 59) / 60));
  return g_strdup_printf (ngettext ("Too many attempts. Try again in %u second.",
                                    "Too many attempts. Try again in %u seconds.", (guint) wait_s),
                          (guint) wait_s);
}

char *
guiche_error_text (const GError *error)
{
  g_return_val_if_fail (error != NULL, g_strdup (""));

  if (g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_RATE_LIMITED) ||
      g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_LOCKED_OUT))
    return wait_sentence (error);
  if (error->domain == GUICHE_ERROR && error->code >= 0 && error->code < GUICHE_N_ERRORS)
    return g_strdup (_ (sentences[error->code]));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return g_strdup (_ (sentences[GUICHE_ERROR_STORAGE_FULL]));
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return g_strdup (_ ("The file does not exist."));
  return g_strdup (_ ("This did not work. Try again."));
}

gboolean
guiche_error_can_retry (const GError *error)
{
  return g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_NETWORK) ||
         g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE) ||
         g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL) ||
         g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_RATE_LIMITED);
}
