/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-notifications"

#include "notifications/chime.h"

#include "audio/player.h"

#include <gio/gio.h>

#define RESOURCE "/io/github/guiche/Guiche/notifications/message.oga"
#define PAUSE_US (2 * G_USEC_PER_SEC)

struct _GuicheChime {
  GObject parent_instance;
  GuichePlayer *player; /* (owned) */
  char *path;           /* (nullable): the sound as a file, made when first heard */
  gint64 rung_us;
};

G_DEFINE_FINAL_TYPE (GuicheChime, guiche_chime, G_TYPE_OBJECT)

static gboolean
make_file (GuicheChime *self)
{
  g_autoptr (GBytes) sound = g_resources_lookup_data (RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "guiche", NULL);
  g_autofree char *path = g_build_filename (folder, "message.oga", NULL);

  if (self->path)
    return TRUE;
  g_mkdir_with_parents (folder, 0700);
  if (!sound || !g_file_set_contents (path, g_bytes_get_data (sound, NULL),
                                      (gssize) g_bytes_get_size (sound), NULL))
    return FALSE;
  self->path = g_steal_pointer (&path);
  return TRUE;
}

static void
guiche_chime_dispose (GObject *object)
{
  GuicheChime *self = GUICHE_CHIME (object);

  g_clear_object (&self->player);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (guiche_chime_parent_class)->dispose (object);
}

static void
guiche_chime_class_init (GuicheChimeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guiche_chime_dispose;
}

static void
guiche_chime_init (GuicheChime *self)
{
  self->player = guiche_player_new ();
  self->rung_us = -PAUSE_US;
}

GuicheChime *
guiche_chime_new (void)
{
  return g_object_new (GUICHE_TYPE_CHIME, NULL);
}

void
guiche_chime_ring (GuicheChime *self)
{
  gint64 now = g_get_monotonic_time ();

  if (now - self->rung_us < PAUSE_US || !make_file (self))
    return;
  self->rung_us = now;
  guiche_player_play (self->player, "chime", self->path, 0);
}
