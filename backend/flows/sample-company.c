/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flows/sample-company.h"

#include "base/error.h"
#include "flows/sample-private.h"
#include "people/user.h"

#include <string.h>

#define HISTORY_US (181 * (gint64) G_TIME_SPAN_DAY)

static void
sample_file_clear (gpointer data)
{
  GuicheSampleFile *file = data;

  guiche_file_clear (&file->file);
  g_free (file->waveform);
}

static void
sample_clear (GuicheSample *self)
{
  g_clear_pointer (&self->stories, g_ptr_array_unref);
  g_clear_pointer (&self->customers, g_ptr_array_unref);
  g_clear_pointer (&self->files, g_array_unref);
  g_clear_pointer (&self->free_at_us, g_free);
  g_clear_pointer (&self->users, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheSample, sample_clear)

void
guiche_sample_act_as (GuicheSample *self, const GuicheSampleUser *user)
{
  static const GuicheActor nobody = { 0 };

  if (user == NULL) {
    guiche_tx_act_as (self->tx, &nobody, self->clock_us);
    return;
  }
  self->actor = (GuicheActor){ .role = user->role, .id = user->id };
  guiche_tx_act_as (self->tx, &self->actor, self->clock_us);
}

void
guiche_sample_wait (GuicheSample *self, GuicheDice *dice, gint64 low, gint64 high)
{
  gint64 seconds = guiche_dice_range (dice, low, high);

  self->clock_us = MIN (self->clock_us + seconds * G_USEC_PER_SEC, self->now_us);
}

const GuicheSampleUser *
guiche_sample_find_user (GuicheSample *self, const char *login)
{
  for (gsize i = 0; i < self->n_users; i++)
    if (strcmp (self->users[i].login, login) == 0)
      return &self->users[i];
  g_assert_not_reached ();
}

/* (thread writer): all of it, or none. */
static gboolean
run_make (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheSample *self = data;
  const GuicheActor *actor = guiche_tx_actor (tx);
  gint64 now = guiche_tx_now_us (tx);
  gboolean is_made;

  self->tx = tx;
  self->clock_us = self->now_us - HISTORY_US;
  guiche_sample_act_as (self, NULL);
  is_made = guiche_sample_make_users (self, error) && guiche_sample_make_customers (self, error) &&
            guiche_sample_make_history (self, error) && guiche_sample_make_inside (self, error);
  guiche_tx_act_as (tx, actor, now);
  return is_made;
}

gboolean
guiche_sample_company_make (GuicheTenant *tenant, guint64 seed, gint64 now_us, GError **error)
{
  g_auto (GuicheSample) self = { .seed = seed, .now_us = now_us };
  const GuicheActor nobody = { 0 };

  self.files = g_array_new (FALSE, TRUE, sizeof (GuicheSampleFile));
  g_array_set_clear_func (self.files, sample_file_clear);
  self.stories = guiche_stories_load ("dialogues.txt", error);
  return self.stories != NULL && guiche_sample_store_files (&self, tenant, error) &&
         guiche_tenant_write_sync (tenant, &nobody, run_make, &self, error);
}

/* (thread reader) */
static gboolean
run_is_made (GuicheTx *tx, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) users = guiche_users_list (tx, error);

  if (users == NULL)
    return FALSE;
  *(gboolean *) data = users->len > 0;
  return TRUE;
}

GuicheTenant *
guiche_sample_company_ensure (GuicheStore *store, GError **error)
{
  GuicheTenant *tenant = guiche_store_find_tenant (store, GUICHE_SAMPLE_TENANT);
  const GuicheActor nobody = { 0 };
  gboolean is_made = FALSE;

  if (tenant == NULL)
    tenant = guiche_store_create_tenant (store, GUICHE_SAMPLE_TENANT, GUICHE_SAMPLE_NAME, error);
  if (tenant == NULL || !guiche_tenant_read_sync (tenant, &nobody, run_is_made, &is_made, error))
    return NULL;
  if (!is_made &&
      !guiche_sample_company_make (tenant, GUICHE_SAMPLE_SEED,
                                   guiche_clock_now_us (guiche_store_clock (store)), error))
    return NULL;
  return tenant;
}
