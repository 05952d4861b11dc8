/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/emit.h"

#include "base/error.h"

gboolean
guiche_desk_emit (GuicheTx *tx,
                  const char *kind,
                  const char *audience,
                  const GuicheId *entity,
                  GuicheJsonWriter *writer,
                  GError **error)
{
  gsize length = 0;
  const char *data = guiche_json_writer_peek (writer, &length);

  return guiche_tx_emit (tx, kind, audience, entity, data, length, error);
}

gboolean
guiche_desk_emit_to_user (GuicheTx *tx,
                          const char *kind,
                          const GuicheId *user_id,
                          const GuicheId *entity,
                          GuicheJsonWriter *writer,
                          GError **error)
{
  char audience[2 + GUICHE_ID_STRING_LENGTH + 1] = "u:";

  guiche_id_to_string (user_id, audience + 2);
  return guiche_desk_emit (tx, kind, audience, entity, writer, error);
}

gboolean
guiche_desk_refuse_field (GError **error, const char *field, const char *what)
{
  GError *refusal = g_error_new (GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, "%s %s", field, what);

  guiche_error_set_detail (refusal, "field", field);
  g_propagate_error (error, refusal);
  return FALSE;
}
