/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/work.h"

GuicheWorkItem *
guiche_work_item_new (const GuicheActor *actor,
                      GuicheWorkRun run,
                      GuicheWorkDone done,
                      gpointer data)
{
  GuicheWorkItem *self = g_new0 (GuicheWorkItem, 1);

  if (actor != NULL)
    self->actor = *actor;
  if (self->actor.viewer != NULL)
    guiche_viewer_ref (self->actor.viewer);
  self->run = run;
  self->done = done;
  self->data = data;
  self->arrived_us = g_get_monotonic_time ();
  return self;
}

void
guiche_work_item_free (GuicheWorkItem *self)
{
  if (self->actor.viewer != NULL)
    guiche_viewer_unref (self->actor.viewer);
  g_clear_pointer (&self->told, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_free (self);
}

void
guiche_work_item_finish (GuicheWorkItem *self)
{
  if (self->done != NULL)
    self->done (self->data, self->error);
  guiche_work_item_free (self);
}

void
guiche_work_list_push (GuicheWorkList *self, GuicheWorkItem *item)
{
  item->next = NULL;
  if (self->last == NULL)
    self->first = item;
  else
    self->last->next = item;
  self->last = item;
}

void
guiche_work_list_append (GuicheWorkList *self, GuicheWorkList *other)
{
  if (other->first == NULL)
    return;

  if (self->last == NULL)
    self->first = other->first;
  else
    self->last->next = other->first;
  self->last = other->last;
  other->first = other->last = NULL;
}

GuicheWorkItem *
guiche_work_list_pop (GuicheWorkList *self)
{
  GuicheWorkItem *item = self->first;

  if (item == NULL)
    return NULL;

  self->first = item->next;
  if (self->first == NULL)
    self->last = NULL;
  item->next = NULL;
  return item;
}

void
guiche_waiter_init (GuicheWaiter *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->finished);
  self->is_finished = FALSE;
  self->error = NULL;
}

void
guiche_waiter_finish (GuicheWaiter *self, GuicheWorkItem *item)
{
  g_mutex_lock (&self->lock);
  self->error = g_steal_pointer (&item->error);
  self->is_finished = TRUE;
  g_cond_signal (&self->finished);
  g_mutex_unlock (&self->lock);
  guiche_work_item_free (item);
}

gboolean
guiche_waiter_wait (GuicheWaiter *self, GError **error)
{
  GError *outcome;

  g_mutex_lock (&self->lock);
  while (!self->is_finished)
    g_cond_wait (&self->finished, &self->lock);
  g_mutex_unlock (&self->lock);

  outcome = g_steal_pointer (&self->error);
  g_cond_clear (&self->finished);
  g_mutex_clear (&self->lock);
  if (outcome == NULL)
    return TRUE;

  g_propagate_error (error, outcome);
  return FALSE;
}
