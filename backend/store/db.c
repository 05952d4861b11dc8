/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/db-engine.h"

#include <string.h>

#define FIRST_SLOTS 256 /* a power of two */

static guint
slot_of (const char *sql, guint n_slots)
{
  return (guint) (((gsize) sql * 0x9e3779b97f4a7c15ULL) >> 40) & (n_slots - 1);
}

static inline GuicheStatement *
find_statement (GuicheDb *self, const char *sql)
{
  for (guint slot = slot_of (sql, self->n_slots); self->slots[slot] != NULL;
       slot = (slot + 1) & (self->n_slots - 1)) {
    if (self->slots[slot]->sql == sql)
      return self->slots[slot];
  }

  return NULL;
}

static void
put_statement (GuicheStatement **slots, guint n_slots, GuicheStatement *statement)
{
  guint slot = slot_of (statement->sql, n_slots);

  while (slots[slot] != NULL)
    slot = (slot + 1) & (n_slots - 1);
  slots[slot] = statement;
}

static void
add_statement (GuicheDb *self, GuicheStatement *statement)
{
  if ((self->n_statements + 1) * 2 > self->n_slots) {
    GuicheStatement **grown = g_new0 (GuicheStatement *, self->n_slots * 2);

    for (guint i = 0; i < self->n_slots; i++) {
      if (self->slots[i] != NULL)
        put_statement (grown, self->n_slots * 2, self->slots[i]);
    }
    g_free (self->slots);
    self->slots = grown;
    self->n_slots *= 2;
  }
  put_statement (self->slots, self->n_slots, statement);
  self->n_statements++;
}

void
guiche_db_init (GuicheDb *self, const GuicheDbEngine *engine, const char *name)
{
  self->engine = engine;
  self->name = g_strdup (name);
  self->n_slots = FIRST_SLOTS;
  self->slots = g_new0 (GuicheStatement *, self->n_slots);
}

void
guiche_db_free_statements (GuicheDb *self)
{
  for (guint i = 0; i < self->n_slots; i++) {
    if (self->slots[i] != NULL)
      self->engine->free_statement (g_steal_pointer (&self->slots[i]));
  }
  self->n_statements = 0;
  self->active = NULL;
}

void
guiche_db_clear (GuicheDb *self)
{
  guiche_db_free_statements (self);
  g_clear_pointer (&self->slots, g_free);
  g_clear_pointer (&self->name, g_free);
}

void
guiche_statement_link (GuicheStatement *self)
{
  GuicheDb *db = self->db;

  self->next_active = db->active;
  self->previous_active = NULL;
  if (db->active != NULL)
    db->active->previous_active = self;
  db->active = self;
}

void
guiche_statement_unlink (GuicheStatement *self)
{
  if (self->previous_active != NULL)
    self->previous_active->next_active = self->next_active;
  else
    self->db->active = self->next_active;
  if (self->next_active != NULL)
    self->next_active->previous_active = self->previous_active;
}

GuicheDb *
guiche_db_open (const GuicheDbLocation *location, GuicheDbRole role, GError **error)
{
  return location->kind == GUICHE_DB_SQLITE ? guiche_sqlite_open (location, role, error)
                                            : guiche_postgresql_open (location, role, error);
}

void
guiche_db_close (GuicheDb *self)
{
  if (self != NULL)
    self->engine->close (self);
}

GuicheStatement *
guiche_db_prepare (GuicheDb *self, const char *sql, GError **error)
{
  GuicheStatement *statement = find_statement (self, sql);

  if (G_UNLIKELY (statement == NULL)) {
    statement = self->engine->prepare (self, sql, error);
    if (statement == NULL)
      return NULL;
    statement->engine = self->engine;
    statement->db = self;
    statement->sql = sql;
    add_statement (self, statement);
    return statement;
  }

  self->engine->reset (statement);
  if (statement->is_bound) {
    self->engine->clear_bindings (statement);
    statement->is_bound = FALSE;
  }
  return statement;
}

gboolean
guiche_statement_is_writing (GuicheStatement *self)
{
  return self->is_writing;
}

void
guiche_statement_bind_int (GuicheStatement *self, int position, gint64 value)
{
  self->engine->bind_int (self, position, value);
}

void
guiche_statement_bind_text (GuicheStatement *self, int position, const char *value)
{
  if (value == NULL)
    self->engine->bind_null (self, position, GUICHE_DB_TEXT);
  else
    self->engine->bind_text (self, position, value, strlen (value));
}

void
guiche_statement_bind_text_length (GuicheStatement *self,
                                   int position,
                                   const char *value,
                                   gsize length)
{
  if (value == NULL)
    self->engine->bind_null (self, position, GUICHE_DB_TEXT);
  else
    self->engine->bind_text (self, position, value, length);
}

void
guiche_statement_bind_bytes (GuicheStatement *self, int position, const void *data, gsize length)
{
  if (data == NULL)
    self->engine->bind_null (self, position, GUICHE_DB_BYTES);
  else
    self->engine->bind_bytes (self, position, data, length);
}

void
guiche_statement_bind_id (GuicheStatement *self, int position, const GuicheId *id)
{
  if (id == NULL || guiche_id_is_none (id))
    self->engine->bind_null (self, position, GUICHE_DB_BYTES);
  else
    self->engine->bind_id (self, position, id);
}

void
guiche_statement_bind_null (GuicheStatement *self, int position)
{
  self->engine->bind_null (self, position, GUICHE_DB_ANY);
}

void
guiche_statement_reset (GuicheStatement *self)
{
  self->engine->reset (self);
}

gboolean
guiche_statement_next (GuicheStatement *self, GError **error)
{
  return self->engine->next (self, error);
}

gboolean
guiche_statement_run (GuicheStatement *self, gint64 *out_changes, GError **error)
{
  return self->engine->run (self, out_changes, error);
}

gboolean
guiche_statement_run_insert (GuicheStatement *self, gboolean *out_is_new, GError **error)
{
  gint64 changes = 0;

  *out_is_new = TRUE;
  if (self->engine->try_send_insert != NULL) {
    gboolean is_sent = FALSE;

    if (!self->engine->try_send_insert (self, &is_sent, error))
      return FALSE;
    if (is_sent)
      return TRUE;
  }
  if (!self->engine->run (self, &changes, error))
    return FALSE;

  *out_is_new = changes > 0;
  return TRUE;
}

gint64
guiche_statement_int (GuicheStatement *self, int column)
{
  return self->engine->column_int (self, column);
}

const char *
guiche_statement_text (GuicheStatement *self, int column)
{
  return self->engine->column_text (self, column, NULL);
}

const char *
guiche_statement_text_length (GuicheStatement *self, int column, gsize *out_length)
{
  return self->engine->column_text (self, column, out_length);
}

const void *
guiche_statement_bytes (GuicheStatement *self, int column, gsize *out_length)
{
  return self->engine->column_bytes (self, column, out_length);
}

GuicheId
guiche_statement_id (GuicheStatement *self, int column)
{
  GuicheId id = GUICHE_ID_NONE;
  gsize length;
  const void *bytes = self->engine->column_bytes (self, column, &length);

  if (bytes != NULL && length == sizeof id.bytes)
    memcpy (id.bytes, bytes, sizeof id.bytes);

  return id;
}

gboolean
guiche_statement_is_null (GuicheStatement *self, int column)
{
  return self->engine->column_is_null (self, column);
}

gboolean
guiche_db_run (GuicheDb *self, const char *sql, GError **error)
{
  GuicheStatement *statement = guiche_db_prepare (self, sql, error);

  return statement != NULL && self->engine->run (statement, NULL, error);
}

void
guiche_db_reset_statements (GuicheDb *self)
{
  while (self->active != NULL)
    self->engine->reset (self->active);
}

const char *
guiche_db_name (GuicheDb *self)
{
  return self->name;
}

gboolean
guiche_db_is_damaged (GuicheDb *self)
{
  return self->is_damaged;
}

gboolean
guiche_db_run_script (GuicheDb *self, const char *script, GError **error)
{
  return self->engine->run_script (self, script, error);
}

gboolean
guiche_db_begin (GuicheDb *self, GError **error)
{
  return self->engine->begin (self, error);
}

gboolean
guiche_db_begin_read (GuicheDb *self, GError **error)
{
  return self->engine->begin_read (self, error);
}

gboolean
guiche_db_commit (GuicheDb *self, GError **error)
{
  return self->engine->commit (self, error);
}

void
guiche_db_roll_back (GuicheDb *self)
{
  guiche_db_reset_statements (self);
  if (self->engine->in_transaction (self))
    self->engine->roll_back (self);
}

gboolean
guiche_db_in_transaction (GuicheDb *self)
{
  return self->engine->in_transaction (self);
}

gint64
guiche_db_total_changes (GuicheDb *self)
{
  return self->engine->total_changes (self);
}

gint64
guiche_db_get_version (GuicheDb *self, GError **error)
{
  return self->engine->get_version (self, error);
}

gboolean
guiche_db_is_alive (GuicheDb *self)
{
  return self->engine->is_alive == NULL || self->engine->is_alive (self);
}

guint
guiche_db_failures (GuicheDb *self)
{
  return self->n_failures;
}

GuicheDbTrouble
guiche_db_trouble (GuicheDb *self)
{
  return self->engine->get_trouble == NULL ? GUICHE_DB_FINE : self->engine->get_trouble (self);
}

void
guiche_db_set_deferring (GuicheDb *self, gboolean is_deferring)
{
  if (self->engine->set_deferring != NULL)
    self->engine->set_deferring (self, is_deferring);
}

guint64
guiche_db_round_trips (GuicheDb *self)
{
  return self->engine->get_round_trips == NULL ? 0 : self->engine->get_round_trips (self);
}

gboolean
guiche_statement_send (GuicheStatement *self, GError **error)
{
  return self->engine->send == NULL ? self->engine->run (self, NULL, error)
                                    : self->engine->send (self, error);
}

gboolean
guiche_db_is_shared (GuicheDb *self)
{
  return self->engine->get_time != NULL;
}

gboolean
guiche_db_get_time (GuicheDb *self, GuicheClock *clock, gint64 *out_now_us, GError **error)
{
  if (self->engine->get_time != NULL)
    return self->engine->get_time (self, out_now_us, error);

  *out_now_us = guiche_clock_now_us (clock);
  return TRUE;
}
