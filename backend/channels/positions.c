/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-channels"
#include "config.h"

#include "channels/positions.h"

#include "base/error.h"
#include "channels/position-store.h"

#include <string.h>

#define MOMENT_MS 150

/* One company's queues, as they were told last. */
typedef struct {
  GuichePositions *positions;
  GuicheTenant *tenant;
  GHashTable *waiting; /* (owned): GuicheId → Told, of all queues */
  GHashTable *changed; /* (owned): keys of queues to read again */
  guint timer;
} Company;

/* Where somebody was told that they are. */
typedef struct {
  GuicheId id; /* first: the key */
  char *queue;
  guint position;
  guint64 round; /* of the reading that found them */
} Told;

struct _GuichePositions {
  GuicheStore *store;
  GuicheServer *server;
  GHashTable *companies; /* (owned): GuicheTenant → Company */
  guint64 round;
  guint n_reading;
  gboolean is_closed;
};

/* A queue being read on the pool. */
typedef struct {
  Company *company;
  char *queue;
  GArray *places; /* (nullable) (element-type GuichePlace) */
} Reading;

static void
told_free (gpointer data)
{
  Told *told = data;

  g_free (told->queue);
  g_free (told);
}

static void
company_free (gpointer data)
{
  Company *company = data;

  if (company->timer != 0)
    g_source_remove (company->timer);
  g_hash_table_unref (company->waiting);
  g_hash_table_unref (company->changed);
  g_free (company);
}

static Company *
find_company (GuichePositions *self, GuicheTenant *tenant)
{
  Company *company = g_hash_table_lookup (self->companies, tenant);

  if (company != NULL)
    return company;
  company = g_new0 (Company, 1);
  company->positions = self;
  company->tenant = tenant;
  company->waiting = g_hash_table_new_full (guiche_id_hash, guiche_id_equal, NULL, told_free);
  company->changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (self->companies, tenant, company);
  return company;
}

static void
tell (Company *company, const GuicheId *id, guint position)
{
  char audience[2 + GUICHE_ID_STRING_LENGTH + 1] = "v:";
  g_autofree char *frame = g_strdup_printf ("{\"op\":\"position\",\"position\":%u}", position);

  guiche_id_to_string (id, audience + 2);
  guiche_server_broadcast (company->positions->server, company->tenant, audience, frame);
}

/* Notes that @place is @position-th in @reading's queue; says so when it is news. */
static void
note_place (Reading *reading, const GuichePlace *place, guint position, guint64 round)
{
  Company *company = reading->company;
  Told *told = g_hash_table_lookup (company->waiting, &place->conversation_id);

  if (told == NULL) {
    told = g_new0 (Told, 1);
    told->id = place->conversation_id;
    g_hash_table_insert (company->waiting, &told->id, told);
  }
  if (g_strcmp0 (told->queue, reading->queue) != 0 || told->position != position) {
    if (place->is_visitor)
      tell (company, &place->conversation_id, position);
    g_free (told->queue);
    told->queue = g_strdup (reading->queue);
    told->position = position;
  }
  told->round = round;
}

static void
forget_who_left (Company *company, const char *queue, guint64 round)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, company->waiting);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Told *told = value;

    if (told->round != round && strcmp (told->queue, queue) == 0)
      g_hash_table_iter_remove (&iter);
  }
}

/* (thread reader) */
static gboolean
run_read (GuicheTx *tx, gpointer data, GError **error)
{
  Reading *reading = data;

  g_clear_pointer (&reading->places, g_array_unref);
  reading->places = guiche_position_store_list (tx, reading->queue, GUICHE_POSITIONS_LIVE, error);
  return reading->places != NULL;
}

static void
on_read (gpointer data, GError *error)
{
  Reading *reading = data;
  GuichePositions *self = reading->company->positions;
  guint64 round = ++self->round;

  self->n_reading--;
  if (error != NULL)
    g_warning ("reading a queue's places: %s", error->message);
  for (guint i = 0; error == NULL && !self->is_closed && i < reading->places->len; i++)
    note_place (reading, &g_array_index (reading->places, GuichePlace, i), i + 1, round);
  if (error == NULL)
    forget_who_left (reading->company, reading->queue, round);
  g_clear_pointer (&reading->places, g_array_unref);
  g_free (reading->queue);
  g_free (reading);
}

static gboolean
on_moment_over (gpointer user_data)
{
  Company *company = user_data;
  const GuicheActor nobody = { 0 };
  GHashTableIter iter;
  gpointer key;

  company->timer = 0;
  g_hash_table_iter_init (&iter, company->changed);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    Reading *reading = g_new0 (Reading, 1);

    reading->company = company;
    reading->queue = g_strdup (key);
    company->positions->n_reading++;
    guiche_tenant_read (company->tenant, &nobody, run_read, on_read, reading);
  }
  g_hash_table_remove_all (company->changed);
  return G_SOURCE_REMOVE;
}

static void
mark_changed (Company *company, const char *queue, gsize length)
{
  g_hash_table_add (company->changed, g_strndup (queue, length));
  if (company->timer == 0)
    company->timer = g_timeout_add (MOMENT_MS, on_moment_over, company);
}

/* Whether an event concerns who waits where: the conversation waits now, or did when last told. The
 * wire is our own text, in which a quote inside a string is escaped: what is looked for is a
 * member. */
static void
look_at (Company *company, const GuicheEvent *event)
{
  const Told *told = g_hash_table_lookup (company->waiting, &event->entity);
  gsize length;
  const char *wire = g_bytes_get_data (event->wire, &length);
  const char *queue = g_strstr_len (wire, (gssize) length, "\"queue\":\"");
  gboolean waits = g_strstr_len (wire, (gssize) length, "\"state\":\"waiting\"") != NULL;

  if (told != NULL)
    mark_changed (company, told->queue, strlen (told->queue));
  if (waits && queue != NULL) {
    queue += strlen ("\"queue\":\"");
    mark_changed (company, queue, strcspn (queue, "\""));
  }
}

static void
on_events (GuicheTenant *tenant, GuicheEvent *const *events, gsize n_events, gpointer user_data)
{
  GuichePositions *self = user_data;

  if (self->is_closed)
    return;
  for (gsize i = 0; i < n_events; i++)
    if (g_str_has_prefix (events[i]->kind, "conversation."))
      look_at (find_company (self, tenant), events[i]);
}

GuichePositions *
guiche_positions_new (GuicheStore *store, GuicheServer *server)
{
  GuichePositions *self = g_new0 (GuichePositions, 1);

  self->store = store;
  self->server = server;
  self->companies = g_hash_table_new_full (NULL, NULL, NULL, company_free);
  guiche_store_add_listener (store, on_events, self);
  return self;
}

void
guiche_positions_free (GuichePositions *self)
{
  self->is_closed = TRUE;
  while (self->n_reading > 0)
    g_main_context_iteration (NULL, TRUE);
  guiche_store_remove_listener (self->store, on_events, self);
  g_hash_table_unref (self->companies);
  g_free (self);
}
