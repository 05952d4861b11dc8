/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/db-engine.h"

/* What there is to do for a database that is a file of ours; for a server's, nothing. */

gboolean
guiche_db_set_version (GuicheDb *self, gint64 version, GError **error)
{
  return self->engine->set_version == NULL || self->engine->set_version (self, version, error);
}

gboolean
guiche_db_set_foreign_keys (GuicheDb *self, gboolean are_enforced, GError **error)
{
  return self->engine->set_foreign_keys == NULL ||
         self->engine->set_foreign_keys (self, are_enforced, error);
}

gboolean
guiche_db_check_foreign_keys (GuicheDb *self, GError **error)
{
  return self->engine->check_foreign_keys == NULL || self->engine->check_foreign_keys (self, error);
}

gboolean
guiche_db_quick_check (GuicheDb *self, GError **error)
{
  return self->engine->quick_check == NULL || self->engine->quick_check (self, error);
}

gboolean
guiche_db_copy_to (GuicheDb *self, const char *path, GError **error)
{
  return self->engine->copy_to == NULL || self->engine->copy_to (self, path, error);
}

guint
guiche_db_log_frames (GuicheDb *self)
{
  return self->engine->log_frames == NULL ? 0 : self->engine->log_frames (self);
}

gboolean
guiche_db_checkpoint (GuicheDb *self, GError **error)
{
  return self->engine->checkpoint == NULL || self->engine->checkpoint (self, error);
}

gboolean
guiche_db_tend_log (GuicheDb *self, GError **error)
{
  return self->engine->tend_log == NULL || self->engine->tend_log (self, error);
}

void
guiche_db_truncate_log (GuicheDb *self)
{
  if (self->engine->truncate_log != NULL)
    self->engine->truncate_log (self);
}

void
guiche_db_release_memory (GuicheDb *self)
{
  if (self->engine->release_memory != NULL)
    self->engine->release_memory (self);
}
