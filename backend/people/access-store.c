/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "people/access.h"
#include "protocol/change.h"

/* The role of an enabled user; GUICHE_ROLE_NONE with unset error when gone or disabled. */
static gboolean
load_role (GuicheTx *tx, const GuicheId *user_id, GuicheRole *out_role, GError **error)
{
  g_autoptr (GError) failure = NULL;
  GuicheStatement *row =
      guiche_tx_prepare (tx, "SELECT role FROM users WHERE id = $1 AND is_enabled = 1", error);

  *out_role = GUICHE_ROLE_NONE;
  if (row == NULL)
    return FALSE;
  guiche_statement_bind_id (row, 1, user_id);
  if (guiche_statement_next (row, &failure))
    *out_role = (GuicheRole) guiche_statement_int (row, 0);
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static char **
load_queues (GuicheTx *tx, const GuicheId *user_id, GError **error)
{
  g_autoptr (GStrvBuilder) keys = g_strv_builder_new ();
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows =
      guiche_tx_prepare (tx,
                         "SELECT q.key FROM queue_members m JOIN queues q ON q.id = m.queue_id "
                         "WHERE m.user_id = $1 ORDER BY q.key",
                         error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_id (rows, 1, user_id);
  while (guiche_statement_next (rows, &failure))
    g_strv_builder_add (keys, guiche_statement_text (rows, 0));
  if (failure == NULL)
    return g_strv_builder_end (keys);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

static GArray *
load_channels (GuicheTx *tx, const GuicheId *user_id, GError **error)
{
  g_autoptr (GArray) channels = g_array_new (FALSE, FALSE, sizeof (GuicheId));
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows =
      guiche_tx_prepare (tx,
                         "SELECT m.conversation_id FROM conversation_members m "
                         "JOIN conversations c ON c.id = m.conversation_id "
                         "WHERE m.user_id = $1 AND c.kind = 'channel' ORDER BY m.conversation_id",
                         error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_id (rows, 1, user_id);
  while (guiche_statement_next (rows, &failure)) {
    GuicheId id = guiche_statement_id (rows, 0);

    g_array_append_val (channels, id);
  }
  if (failure == NULL)
    return g_steal_pointer (&channels);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

GuicheViewer *
guiche_access_load_viewer (GuicheTx *tx, const GuicheId *user_id, GError **error)
{
  g_auto (GStrv) queues = NULL;
  g_autoptr (GArray) channels = NULL;
  GuicheRole role;

  if (!load_role (tx, user_id, &role, error))
    return NULL;
  if (role == GUICHE_ROLE_NONE) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED,
                         "the user is gone or disabled");
    return NULL;
  }
  queues = load_queues (tx, user_id, error);
  channels = queues == NULL ? NULL : load_channels (tx, user_id, error);
  if (channels == NULL)
    return NULL;
  return guiche_viewer_new (role, user_id, NULL, (const char *const *) queues,
                            (const GuicheId *) (gpointer) channels->data, channels->len);
}

static void
write_access (GuicheJsonWriter *writer, const GuicheId *user_id, const GuicheViewer *viewer)
{
  char *no_queues[] = { NULL };
  GuicheAccessRecord record = {
    .user_id = *user_id,
    .role = (char *) guiche_role_name (viewer != NULL ? viewer->role : GUICHE_ROLE_NONE),
    .queues = viewer != NULL ? viewer->queues : no_queues,
    .channels = viewer != NULL ? viewer->channels : NULL,
    .n_channels = viewer != NULL ? viewer->n_channels : 0,
  };

  guiche_access_record_to_json (&record, writer);
}

gboolean
guiche_access_announce (GuicheTx *tx, const GuicheId *user_id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GuicheViewer) viewer = guiche_access_load_viewer (tx, user_id, &failure);
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  char audience[2 + GUICHE_ID_STRING_LENGTH + 1] = "u:";
  const char *data;
  gsize length;

  if (viewer == NULL && !g_error_matches (failure, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  write_access (writer, user_id, viewer);
  guiche_id_to_string (user_id, audience + 2);
  data = guiche_json_writer_peek (writer, &length);
  return guiche_tx_emit (tx, "access.changed", audience, user_id, data, length, error);
}
