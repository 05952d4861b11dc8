/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "client/session.h"

#include <glib/gstdio.h>

GuicheProfile *
guiche_profile_copy (const GuicheProfile *self)
{
  GuicheProfile *copy = g_new0 (GuicheProfile, 1);

  copy->id = g_strdup (self->id);
  copy->is_embedded = self->is_embedded;
  copy->url = g_strdup (self->url);
  copy->tenant = g_strdup (self->tenant);
  copy->login = g_strdup (self->login);
  copy->fingerprint = g_strdup (self->fingerprint);
  return copy;
}

void
guiche_profile_free (GuicheProfile *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->url);
  g_free (self->tenant);
  g_free (self->login);
  g_free (self->fingerprint);
  g_free (self);
}

static char *
profiles_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "guiche", "profiles.ini", NULL);
}

/* The id names a folder: letters, digits and dashes. */
static gboolean
is_folder_name (const char *id)
{
  if (id == NULL || *id == '\0')
    return FALSE;
  for (const char *c = id; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '-' && *c != '_')
      return FALSE;
  return TRUE;
}

static char *
get_text (GKeyFile *file, const char *group, const char *key)
{
  char *value = g_key_file_get_string (file, group, key, NULL);

  return value != NULL ? value : g_strdup ("");
}

/**
 * guiche_profiles_load:
 *
 * Reads `profiles.ini`; a missing or damaged file gives no profile.
 */
GPtrArray *
guiche_profiles_load (void)
{
  GPtrArray *profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_profile_free);
  g_autofree char *path = profiles_path ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return profiles;
  groups = g_key_file_get_groups (file, NULL);
  for (gsize i = 0; groups[i] != NULL; i++) {
    GuicheProfile *profile;
    if (!is_folder_name (groups[i]))
      continue;
    profile = g_new0 (GuicheProfile, 1);
    profile->id = g_strdup (groups[i]);
    profile->is_embedded = g_key_file_get_boolean (file, groups[i], "embedded", NULL);
    profile->url = get_text (file, groups[i], "url");
    profile->tenant = get_text (file, groups[i], "tenant");
    profile->login = get_text (file, groups[i], "login");
    profile->fingerprint = g_key_file_get_string (file, groups[i], "fingerprint", NULL);
    g_ptr_array_add (profiles, profile);
  }
  return profiles;
}

/**
 * guiche_profiles_save:
 * @profiles: (element-type GuicheProfile)
 *
 * Replaces `profiles.ini` in one step.
 */
gboolean
guiche_profiles_save (GPtrArray *profiles, GError **error)
{
  g_autofree char *path = profiles_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  gsize length = 0;

  for (guint i = 0; i < profiles->len; i++) {
    const GuicheProfile *profile = g_ptr_array_index (profiles, i);
    g_return_val_if_fail (is_folder_name (profile->id), FALSE);
    g_key_file_set_boolean (file, profile->id, "embedded", profile->is_embedded);
    g_key_file_set_string (file, profile->id, "url", profile->url != NULL ? profile->url : "");
    g_key_file_set_string (file, profile->id, "tenant",
                           profile->tenant != NULL ? profile->tenant : "");
    g_key_file_set_string (file, profile->id, "login",
                           profile->login != NULL ? profile->login : "");
    if (profile->fingerprint != NULL)
      g_key_file_set_string (file, profile->id, "fingerprint", profile->fingerprint);
  }
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "making %s: %s", folder,
                 g_strerror (errno));
    return FALSE;
  }
  text = g_key_file_to_data (file, &length, NULL);
  return g_file_set_contents_full (path, text, (gssize) length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}
