/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/node-leases.h"
#include "store/node-presence.h"
#include "store/node-private.h"
#include "store/node-store.h"
#include "store/store-private.h"

#include <string.h>

#define BEAT_US (1 * (gint64) G_USEC_PER_SEC)
/* In the data directory, which one process has at a time: which start of the node the last was. */
#define BOOT_FILE "node.boot"
/* How long a start waits for a node of the same name to be dead, and how often it looks. */
#define ENTER_PATIENCE_US (GUICHE_NODE_DEAD_AFTER_US + 2 * BEAT_US)
#define ENTER_PAUSE_US (G_USEC_PER_SEC / 5)

/* Outlives the node as long as it may still be told of. */
typedef struct {
  GuicheNodeLostFunc lost; /* (thread main) (nullable): NULL once the node is closed */
  gpointer user_data;
} Farewell;

struct _GuicheNode {
  const GuicheDbLocation *location; /* (not owned): of the control schema */
  const GuicheNodeName *name;       /* (not owned) */
  GuicheClock *clock;               /* (not owned) */
  GuicheWakes *wakes;               /* (not owned) (nullable) until joined */
  char *version;                    /* (owned) (nullable) */
  char *last_boot;                  /* (owned) (nullable): of this data directory */
  GMainContext *context;            /* (owned) */
  GThread *thread;                  /* (owned) (nullable) */
  GMutex lock;
  GCond changed;
  char *address;                /* (owned) (lock) */
  gboolean is_closing;          /* (lock) */
  Farewell *farewell;           /* (owned) */
  GuicheNodeLeases *leases;     /* (owned) */
  GuicheNodePresence *presence; /* (owned) */

  /* (thread node) */
  GuicheDb *db; /* (owned) (nullable): NULL while the database does not answer */
  gboolean is_silent;
};

static void
farewell_free (gpointer data)
{
  g_atomic_rc_box_release (data);
}

static gboolean
on_lost (gpointer data)
{
  Farewell *farewell = data;

  if (farewell->lost != NULL)
    farewell->lost (farewell->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
enter (GuicheNode *self, gboolean *out_is_entered, GError **error)
{
  gint64 now_us;

  return guiche_db_get_time (self->db, self->clock, &now_us, error) &&
         guiche_node_store_enter (self->db, self->name, self->last_boot, self->version, now_us,
                                  out_is_entered, error);
}

/* Is there a heartbeat since @silent_us was read? */
static gboolean
find_namesake (GuicheNode *self, gint64 *out_silent_us, char **out_address, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  gint64 now_us;

  if (!guiche_db_get_time (self->db, self->clock, &now_us, error))
    return FALSE;
  rows = guiche_node_store_list (self->db, self->name, now_us, error);
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    GuicheNodeRow *row = rows->pdata[i];

    if (strcmp (row->name, self->name->name) == 0) {
      *out_silent_us = row->silent_us;
      g_free (*out_address);
      *out_address = g_strdup (row->address);
    }
  }
  return rows != NULL;
}

/* One that was killed a moment ago is waited for; one whose heart beats is not. */
static gboolean
enter_or_refuse (GuicheNode *self, GError **error)
{
  gint64 until_us = g_get_monotonic_time () + ENTER_PATIENCE_US;
  gint64 silent_us = 0, last_us = -1;
  g_autofree char *address = NULL;
  gboolean is_entered = FALSE;

  while (enter (self, &is_entered, error)) {
    if (is_entered)
      return TRUE;
    if (!find_namesake (self, &silent_us, &address, error))
      return FALSE;
    if (silent_us < last_us || g_get_monotonic_time () > until_us) {
      g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT,
                   "a server called %s runs already%s%s; give each its own [node] name",
                   self->name->name, address == NULL || *address == '\0' ? "" : " at ",
                   address == NULL ? "" : address);
      return FALSE;
    }
    last_us = silent_us;
    g_usleep (ENTER_PAUSE_US);
  }
  return FALSE;
}

/* It is not this node's to go on. */
static void
end (GuicheNode *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, on_lost, g_atomic_rc_box_acquire (self->farewell), farewell_free);
  g_source_attach (source, self->context);
  g_mutex_lock (&self->lock);
  self->is_closing = TRUE;
  g_mutex_unlock (&self->lock);
}

/* The row has gone or is another's, after this node could not be heard for too long. */
static gboolean
enter_again (GuicheNode *self, GError **error)
{
  gboolean is_entered = FALSE;

  if (!enter (self, &is_entered, error))
    return FALSE;
  if (is_entered)
    return TRUE;

  g_critical ("another server is called %s now", self->name->name);
  end (self);
  return TRUE;
}

static gboolean
open_db (GuicheNode *self, GError **error)
{
  if (self->db == NULL)
    self->db = guiche_db_open (self->location, GUICHE_DB_WRITER, error);
  return self->db != NULL;
}

static gboolean
beat (GuicheNode *self, GError **error)
{
  g_autofree char *address = NULL;
  GuicheHeartbeat heartbeat = { .is_heard = guiche_wakes_do_arrive (self->wakes) };

  g_mutex_lock (&self->lock);
  heartbeat.address = address = g_strdup (self->address);
  g_mutex_unlock (&self->lock);
  if (!open_db (self, error) ||
      !guiche_db_get_time (self->db, self->clock, &heartbeat.now_us, error) ||
      !guiche_node_store_beat (self->db, self->name, &heartbeat, error))
    return FALSE;

  guiche_wakes_set_others_arrive (self->wakes, heartbeat.others_are_heard);
  return (heartbeat.is_known || enter_again (self, error)) &&
         guiche_node_leases_renew (self->leases, self->db, heartbeat.now_us, error) &&
         guiche_node_presence_work (self->presence, self->db, heartbeat.now_us, error);
}

/* Said when it begins and when it ends, not every second. */
static void
beat_or_reconnect (GuicheNode *self)
{
  g_autoptr (GError) error = NULL;
  gboolean is_silent = !beat (self, &error);

  if (is_silent) {
    g_clear_pointer (&self->db, guiche_db_close);
    guiche_node_presence_work (self->presence, NULL, 0, NULL);
  }
  if (is_silent && !self->is_silent)
    g_warning ("this node's heartbeat is not written: %s", error->message);
  if (!is_silent && self->is_silent)
    g_message ("this node's heartbeat is written again");
  self->is_silent = is_silent;
}

/* (lock): until the next beat, or until there is something to do. FALSE: the end. */
static gboolean
wait_for_beat (GuicheNode *self, gint64 until_us)
{
  gboolean has_work = FALSE;

  while (!self->is_closing && !has_work) {
    if (!g_cond_wait_until (&self->changed, &self->lock, until_us))
      break;
    has_work = !self->is_silent && guiche_node_presence_has_work (self->presence);
  }
  return !self->is_closing;
}

static gpointer
node_thread (gpointer data)
{
  GuicheNode *self = data;
  g_autoptr (GError) error = NULL;
  gboolean goes_on = TRUE;

  while (goes_on) {
    gint64 until_us = g_get_monotonic_time () + BEAT_US;

    beat_or_reconnect (self);
    g_mutex_lock (&self->lock);
    goes_on = wait_for_beat (self, until_us);
    g_mutex_unlock (&self->lock);
  }

  if (self->db != NULL && !guiche_node_store_leave (self->db, self->name, &error))
    g_warning ("leaving: %s", error->message);
  g_clear_pointer (&self->db, guiche_db_close);
  return NULL;
}

GuicheNode *
guiche_node_new (const GuicheDbLocation *location,
                 const GuicheNodeName *name,
                 GuicheClock *clock,
                 GMainContext *context)
{
  GuicheNode *self = g_new0 (GuicheNode, 1);

  self->location = location;
  self->name = name;
  self->clock = clock;
  self->context = g_main_context_ref (context);
  self->address = g_strdup ("");
  self->farewell = g_atomic_rc_box_new0 (Farewell);
  self->leases = guiche_node_leases_new (name->owner);
  self->presence = guiche_node_presence_new (name->name, context);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  return self;
}

void
guiche_node_free (GuicheNode *self)
{
  g_mutex_lock (&self->lock);
  self->is_closing = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  if (self->thread != NULL)
    g_thread_join (self->thread);

  g_clear_pointer (&self->db, guiche_db_close);
  self->farewell->lost = NULL;
  g_atomic_rc_box_release (self->farewell);
  guiche_node_presence_free (self->presence);
  guiche_node_leases_free (self->leases);
  g_free (self->address);
  g_free (self->version);
  g_free (self->last_boot);
  g_main_context_unref (self->context);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
is_alone (GuicheNode *self)
{
  return !guiche_db_location_is_shared (self->location);
}

gboolean
guiche_store_join (GuicheStore *store,
                   const char *version,
                   GuicheNodeLostFunc lost,
                   gpointer user_data,
                   GError **error)
{
  GuicheNode *self = guiche_store_member (store);
  g_autofree char *path = NULL;

  g_return_val_if_fail (self->thread == NULL, FALSE);

  if (is_alone (self))
    return TRUE;

  self->version = g_strdup (version);
  self->wakes = guiche_store_wakes (store);
  self->farewell->lost = lost;
  self->farewell->user_data = user_data;
  path = g_build_filename (guiche_store_directory (store), BOOT_FILE, NULL);
  g_file_get_contents (path, &self->last_boot, NULL, NULL);
  if (!open_db (self, error) || !enter_or_refuse (self, error) ||
      !g_file_set_contents (path, self->name->boot, -1, error))
    return FALSE;

  self->thread = g_thread_new ("node", node_thread, self);
  guiche_store_start_watch (store);
  return TRUE;
}

void
guiche_store_set_node_address (GuicheStore *store, const char *address)
{
  GuicheNode *self = guiche_store_member (store);

  g_mutex_lock (&self->lock);
  g_free (self->address);
  self->address = g_strdup (address);
  g_mutex_unlock (&self->lock);
}

GPtrArray *
guiche_store_list_nodes (GuicheStore *store, GError **error)
{
  GuicheNode *self = guiche_store_member (store);
  GuicheDb *control = guiche_store_control (store, error);
  gint64 now_us;

  if (control == NULL || !guiche_db_get_time (control, self->clock, &now_us, error))
    return NULL;
  return guiche_node_store_list (control, self->name, now_us, error);
}

void
guiche_store_want_lease (GuicheStore *store, const char *name)
{
  guiche_node_leases_want (guiche_store_member (store)->leases, name);
}

gboolean
guiche_store_holds_lease (GuicheStore *store, const char *name, gint64 *out_token)
{
  GuicheNode *self = guiche_store_member (store);

  if (!is_alone (self))
    return guiche_node_leases_hold (self->leases, name, out_token);
  if (out_token != NULL)
    *out_token = 1;
  return TRUE;
}

static void
wake (GuicheNode *self)
{
  g_mutex_lock (&self->lock);
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
guiche_store_set_presence (GuicheStore *store,
                           const char *tenant,
                           const GuicheId *user_id,
                           const char *status)
{
  GuicheNode *self = guiche_store_member (store);

  if (self->thread == NULL)
    return;
  guiche_node_presence_set (self->presence, tenant, user_id, status);
  wake (self);
}

void
guiche_store_read_presence (GuicheStore *store, GuichePresenceFunc func, gpointer user_data)
{
  GuicheNode *self = guiche_store_member (store);

  guiche_node_presence_read (self->presence, func, user_data);
  if (self->thread == NULL)
    guiche_node_presence_work (self->presence, NULL, 0, NULL);
  wake (self);
}
