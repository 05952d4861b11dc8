/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "channels/rendition.h"

#include <string.h>

static gboolean
refuse_missing (GError **error)
{
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no such file");
  return FALSE;
}

gboolean
guiche_rendition_check (GuicheTx *tx, const GuicheId *file_id, GError **error)
{
  g_auto (GuicheFile) original = { 0 };

  if (!guiche_file_load (tx, file_id, &original, error))
    return FALSE;
  if (!guiche_id_equal (&original.owner, &guiche_tx_actor (tx)->id))
    return refuse_missing (error);
  if (g_str_has_prefix (original.type, "audio/"))
    return TRUE;
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNSUPPORTED_TYPE,
                       "only sound has renditions");
  return FALSE;
}

gboolean
guiche_rendition_set (GuicheTx *tx,
                      const GuicheId *file_id,
                      const GuicheFile *rendition,
                      GError **error)
{
  GuicheStatement *save = NULL;

  if (!guiche_rendition_check (tx, file_id, error))
    return FALSE;
  if (strcmp (rendition->type, GUICHE_RENDITION_TYPE) != 0) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_UNSUPPORTED_TYPE, "a rendition is %s",
                 GUICHE_RENDITION_TYPE);
    return FALSE;
  }
  save = guiche_tx_prepare (
      tx,
      "INSERT INTO file_renditions (file_id, type, rendition_id) VALUES ($1, $2, $3) "
      "ON CONFLICT (file_id, type) DO UPDATE SET rendition_id = excluded.rendition_id",
      error);
  if (save == NULL)
    return FALSE;
  guiche_statement_bind_id (save, 1, file_id);
  guiche_statement_bind_text (save, 2, rendition->type);
  guiche_statement_bind_id (save, 3, &rendition->id);
  return guiche_statement_run (save, NULL, error);
}

gboolean
guiche_rendition_find (GuicheTx *tx,
                       const GuicheId *file_id,
                       GuicheId *out_rendition,
                       GError **error)
{
  g_autoptr (GError) failure = NULL;
  GuicheStatement *row = guiche_tx_prepare (
      tx, "SELECT rendition_id FROM file_renditions WHERE file_id = $1 AND type = $2", error);

  *out_rendition = GUICHE_ID_NONE;
  if (row == NULL)
    return FALSE;
  guiche_statement_bind_id (row, 1, file_id);
  guiche_statement_bind_text (row, 2, GUICHE_RENDITION_TYPE);
  if (guiche_statement_next (row, &failure))
    *out_rendition = guiche_statement_id (row, 0);
  guiche_statement_reset (row);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  return !guiche_id_is_none (out_rendition) || refuse_missing (error);
}
