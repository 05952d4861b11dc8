/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "people/audit-store.h"

static void
write_entry (GuicheStatement *row, GuicheJsonWriter *writer)
{
  GuicheId actor = guiche_statement_id (row, 3);
  GuicheId entity = guiche_statement_id (row, 6);
  const char *detail = guiche_statement_text (row, 7);

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_int (writer, "seq", guiche_statement_int (row, 0));
  guiche_json_writer_member_int (writer, "at", guiche_statement_int (row, 1));
  guiche_json_writer_member_string (writer, "actor_role",
                                    guiche_role_name ((GuicheRole) guiche_statement_int (row, 2)));
  guiche_json_writer_member_id (writer, "actor_id", &actor);
  guiche_json_writer_member_string (writer, "address", guiche_statement_text (row, 4));
  guiche_json_writer_member_string (writer, "action", guiche_statement_text (row, 5));
  guiche_json_writer_member_id (writer, "entity", &entity);
  guiche_json_writer_name (writer, "detail");
  if (detail != NULL)
    guiche_json_writer_raw (writer, detail, -1);
  else
    guiche_json_writer_null (writer);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_audit_list_write_json (GuicheTx *tx,
                              gint64 since,
                              gint64 limit,
                              GuicheJsonWriter *writer,
                              GError **error)
{
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows =
      guiche_tx_prepare (tx,
                         "SELECT seq, at, actor_role, actor_id, address, action, entity, detail "
                         "FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2",
                         error);
  gint64 next = since;

  if (rows == NULL)
    return FALSE;
  guiche_statement_bind_int (rows, 1, since);
  guiche_statement_bind_int (rows, 2, limit);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "items");
  guiche_json_writer_begin_array (writer);
  while (guiche_statement_next (rows, &failure)) {
    next = guiche_statement_int (rows, 0);
    write_entry (rows, writer);
  }
  guiche_json_writer_end_array (writer);
  guiche_json_writer_member_int (writer, "next", next);
  guiche_json_writer_end_object (writer);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}
