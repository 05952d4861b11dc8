/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "flows/sample-private.h"

#include <gio/gio.h>
#include <string.h>

#define RESOURCES "/io/github/guiche/Guiche/sample/"
#define FILE_BYTES_MAX (1024 * 1024)

static const char *const file_names[] = {
  "cliente-queda.ogg", "cliente-fio.ogg",  "agente-visita.ogg",
  "agente-visita.m4a", "boleto.pdf",       "proposta.pdf",
  "comprovante.png",   "luz-vermelha.png", "teste-de-velocidade.png",
};

/* Lines of voices.txt: name, milliseconds, amplitudes in hex. */
static void
read_voice (const char *listing, GuicheSampleFile *out)
{
  g_auto (GStrv) lines = g_strsplit (listing, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++) {
    g_auto (GStrv) parts = g_strsplit (lines[i], " ", 3);

    if (g_strv_length (parts) != 3 || !g_str_has_prefix (out->name, parts[0]))
      continue;
    out->duration_ms = g_ascii_strtoll (parts[1], NULL, 10);
    out->waveform = g_strdup (parts[2]);
    return;
  }
}

static GBytes *
look_up (const char *name, GError **error)
{
  g_autofree char *path = g_strconcat (RESOURCES, name, NULL);
  GBytes *bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  if (bytes == NULL)
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "%s is not in the program", name);
  return bytes;
}

static gboolean
store_file (GuicheTenant *tenant, const char *listing, GuicheSampleFile *file, GError **error)
{
  const char *declared = g_str_has_suffix (file->name, ".m4a") ? "audio/mp4" : NULL;
  g_autoptr (GBytes) bytes = look_up (file->name, error);
  g_autoptr (GuicheUpload) upload =
                 bytes == NULL ? NULL : guiche_upload_new (tenant, FILE_BYTES_MAX, error);

  if (upload == NULL ||
      !guiche_upload_write (upload, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                            error) ||
      !guiche_upload_finish (upload, file->name, declared, &file->file, error))
    return FALSE;
  if (g_str_has_prefix (file->file.type, "audio/"))
    read_voice (listing, file);
  return TRUE;
}

gboolean
guiche_sample_store_files (GuicheSample *self, GuicheTenant *tenant, GError **error)
{
  g_autoptr (GBytes) voices = look_up ("voices.txt", error);
  g_autofree char *listing = NULL;

  if (voices == NULL)
    return FALSE;
  listing = g_strndup (g_bytes_get_data (voices, NULL), g_bytes_get_size (voices));
  for (gsize i = 0; i < G_N_ELEMENTS (file_names); i++) {
    GuicheSampleFile file = { .name = file_names[i] };
    gboolean is_stored = store_file (tenant, listing, &file, error);

    g_array_append_val (self->files, file);
    if (!is_stored)
      return FALSE;
  }
  return TRUE;
}

const GuicheSampleFile *
guiche_sample_use_file (GuicheSample *self,
                        const char *name,
                        const GuicheId *owner,
                        GuicheId *out_id,
                        GError **error)
{
  for (guint i = 0; i < self->files->len; i++) {
    GuicheSampleFile *file = &g_array_index (self->files, GuicheSampleFile, i);

    if (strcmp (file->name, name) != 0)
      continue;
    file->file.owner = *owner;
    if (!guiche_file_insert (self->tx, &file->file, error))
      return NULL;
    *out_id = file->file.id;
    return file;
  }
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "the sample has no file %s", name);
  return NULL;
}
