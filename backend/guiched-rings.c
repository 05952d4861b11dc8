/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiched"
#include "config.h"

#include "guiched-rings.h"

#include "base/error.h"
#include "bus/bus.h"
#include "channels/connector.h"
#include "channels/dummy.h"
#include "channels/positions.h"
#include "channels/routes.h"
#include "channels/visit.h"
#include "desk/routes.h"
#include "desk/scheduled.h"
#include "flows/sample-company.h"
#include "guiched-sample.h"
#include "guiched-wakes.h"
#include "people/access.h"
#include "people/routes.h"
#include "people/session.h"
#include "people/user.h"
#include "store/catch-up.h"
#include "store/jobs.h"
#include "store/node.h"

#include <signal.h>
#include <sodium.h>

#define WEBCHAT_RESOURCES "/io/github/guiche/Guiche/webchat"

/* The customer's page: nothing from elsewhere, no inline script; sounds and pictures are blobs of
 * its own. The page may be framed: that is how the button shows it on any site. */
#define WEBCHAT_POLICY                                                                             \
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "          \
  "media-src 'self' blob:; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; "     \
  "frame-ancestors *"

#define FIRST_TENANT "empresa"
#define FIRST_NAME "Minha empresa"

struct _GuicheRings {
  GuicheStore *store;
  GuicheServer *server;
  GuicheBus *bus;
  GuichedWakes *wakes;
  GuichePositions *positions;
  GuichePasswords *passwords;
  GuicheTenant *tenant; /* (nullable) (not owned) */
  char *url;
  char *first_password; /* (nullable) */
  guint drain_s;
  GuichePeopleContext people;
  GuicheChannelsContext channels;
};

/* (thread reader) */
static GuicheViewer *
load_viewer (GuicheTx *tx,
             GuicheRole role,
             const GuicheId *subject,
             const GuicheId *conversation_id,
             GError **error)
{
  if (role == GUICHE_ROLE_VISITOR)
    return guiche_visit_load_viewer (tx, subject, conversation_id, error);
  return guiche_access_load_viewer (tx, subject, error);
}

/* (thread reader): visitors have no session; their token's end is its own. */
static gboolean
session_is_valid (GuicheTx *tx, const GuicheId *session_id, GError **error)
{
  return guiche_id_is_none (session_id) || guiche_session_is_valid (tx, session_id, error);
}

static const GuicheServerHooks hooks = {
  .load_viewer = load_viewer,
  .conversation_audience = guiche_conversation_load_audience,
  .session_is_valid = session_is_valid,
};

/* Who acts in guichectl's own rings for a company that has no admin yet; nobody's id. */
static const GuicheId administrator = { { [6] = 0x70, [8] = 0x80, [15] = 1 } };

static GuicheViewer *
load_administrator (GuicheTx *tx,
                    GuicheRole role,
                    const GuicheId *subject,
                    const GuicheId *conversation_id,
                    GError **error)
{
  if (role == GUICHE_ROLE_ADMIN && guiche_id_equal (subject, &administrator))
    return guiche_viewer_new (GUICHE_ROLE_ADMIN, subject, NULL, NULL, NULL, 0);
  return load_viewer (tx, role, subject, conversation_id, error);
}

static const GuicheServerHooks administration_hooks = {
  .load_viewer = load_administrator,
  .conversation_audience = guiche_conversation_load_audience,
  .session_is_valid = session_is_valid,
};

/* The first admin of a company, on its way through the write queue. */
typedef struct {
  const char *hash;
} FirstAdmin;

/* (thread writer) */
static gboolean
run_make_admin (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheUserChange change = GUICHE_USER_CHANGE_NOTHING;
  g_autoptr (GuicheUser) user = NULL;

  change.login = "admin";
  change.name = "Administração";
  change.role = GUICHE_ROLE_ADMIN;
  change.password_hash = ((FirstAdmin *) data)->hash;
  user = guiche_user_create (tx, &change, error);
  return user != NULL;
}

/* An embedded server on a new computer: a company of one's own, whose admin the desktop signs in.
 */
static gboolean
make_first_company (GuicheRings *self, GError **error)
{
  const GuicheActor nobody = { 0 };
  guint8 random[12];
  char password[32];
  g_autofree char *hash = NULL;
  FirstAdmin admin;

  self->tenant = guiche_store_create_tenant (self->store, FIRST_TENANT, FIRST_NAME, error);
  if (self->tenant == NULL)
    return FALSE;
  randombytes_buf (random, sizeof random);
  sodium_bin2base64 (password, sizeof password, random, sizeof random,
                     sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  hash = guiche_passwords_hash (self->passwords, password, error);
  if (hash == NULL)
    return FALSE;
  admin.hash = hash;
  self->first_password = g_strdup (password);
  return guiche_tenant_write_sync (self->tenant, &nobody, run_make_admin, &admin, error);
}

/* (thread writer) */
static gboolean
run_start_visits (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_dummy_start (tx, GUICHE_SAMPLE_SEED, *(const gint64 *) data, error);
}

static gboolean
open_sample_company (GuicheRings *self, GuicheSettings *settings, GError **error)
{
  gint64 interval_s = guiche_settings_get_int (settings, "demo", "visit_interval_s");
  const GuicheActor nobody = { 0 };

  self->tenant = guiche_sample_company_ensure (self->store, error);
  if (self->tenant == NULL)
    return FALSE;
  return interval_s == 0 ||
         guiche_tenant_write_sync (self->tenant, &nobody, run_start_visits, &interval_s, error);
}

static gboolean
choose_tenant (GuicheRings *self, const GuichedOptions *options, GError **error)
{
  g_autoptr (GPtrArray) tenants = guiche_store_list_tenants (self->store);

  if (options->is_demo)
    return open_sample_company (self, options->settings, error);
  if (tenants->len > 0) {
    self->tenant = g_ptr_array_index (tenants, 0);
    return TRUE;
  }
  return !options->is_embedded || make_first_company (self, error);
}

static void
add_page (GuicheServer *server)
{
  guiche_server_add_static (server, "/chat/{tenant}", WEBCHAT_RESOURCES "/index.html",
                            WEBCHAT_POLICY);
  guiche_server_add_static (server, "/chat/widget.js", WEBCHAT_RESOURCES "/widget.js", NULL);
  guiche_server_add_static (server, "/chat/assets/{file*}", WEBCHAT_RESOURCES, NULL);
}

static void
add_routes (GuicheRings *self)
{
  self->people.server = self->server;
  self->people.passwords = self->passwords;
  guiche_server_add_routes (self->server, guiche_sign_in_routes (), &self->people);
  guiche_server_add_routes (self->server, guiche_user_routes (), &self->people);
  guiche_server_add_routes (self->server, guiche_administration_routes (), &self->people);
  for (const GuicheRoute *const *table = guiche_desk_routes (); *table != NULL; table++)
    guiche_server_add_routes (self->server, *table, NULL);
  guiche_server_add_stream_ops (self->server, guiche_desk_stream_ops (), NULL);
  guiche_server_add_stream_ops (self->server, guiche_channels_stream_ops (), NULL);
  self->channels.server = self->server;
  guiche_server_add_routes (self->server, guiche_webchat_routes (), &self->channels);
  guiche_server_add_routes (self->server, guiche_webchat_file_routes (), &self->channels);
  add_page (self->server);
}

static void
add_job_kinds (GuicheStore *store)
{
  for (const GuicheJobKind *kind = guiche_desk_job_kinds (); kind->kind != NULL; kind++)
    guiche_store_add_job_kind (store, kind);
  guiche_channels_add_job_kinds (store);
}

/* Without [bus] url a bus that is never connected. */
static gboolean
open_bus (GuicheRings *self, const GuichedOptions *options, GError **error)
{
  const char *url = options->is_administration
                        ? ""
                        : guiche_settings_get_string (options->settings, "bus", "url");
  g_autoptr (GBytes) secret = guiche_server_bus_secret (self->server);

  if (secret == NULL)
    return TRUE; /* listening says why */
  self->bus = guiche_bus_new (url, secret, error);
  if (self->bus == NULL)
    return FALSE;
  guiche_server_set_bus (self->server, self->bus);
  self->wakes = guiched_wakes_new (self->store, self->bus);
  return TRUE;
}

/* Another server has this one's name: this one ends as if it were told to. */
static void
on_lost (gpointer user_data)
{
  raise (SIGTERM);
}

/* guichectl's own rings are no server among the others. */
static gboolean
open_store (GuicheRings *self, const GuichedOptions *options, GError **error)
{
  self->store = guiche_store_open (options->data, options->settings, NULL, error);
  if (self->store == NULL)
    return FALSE;
  if (!options->is_administration)
    return guiche_store_join (self->store, GUICHE_VERSION, on_lost, self, error);

  guiche_store_watch_others (self->store);
  return TRUE;
}

static gboolean
open_rings (GuicheRings *self, const GuichedOptions *options, GError **error)
{
  if (!open_store (self, options, error) || !choose_tenant (self, options, error))
    return FALSE;
  self->server = guiche_server_new (self->store, options->settings,
                                    options->is_administration ? &administration_hooks : &hooks);
  if (!open_bus (self, options, error))
    return FALSE;
  add_routes (self);
  self->positions = guiche_positions_new (self->store, self->server);
  if (!guiche_server_listen (self->server, error))
    return FALSE;
  self->url = guiche_server_url (self->server);
  guiche_store_set_node_address (self->store, self->url);
  if (options->is_administration)
    return TRUE;
  add_job_kinds (self->store);
  guiche_store_start_jobs (self->store,
                           (guint) guiche_settings_get_int (options->settings, "jobs", "threads"));
  return TRUE;
}

GuicheRings *
guiche_rings_new (const GuichedOptions *options, GError **error)
{
  GuicheRings *self = g_new0 (GuicheRings, 1);

  self->passwords = guiche_passwords_new ();
  self->drain_s = (guint) guiche_settings_get_int (options->settings, "node", "drain_s");
  if ((!options->is_demo || guiched_make_sample (options, error)) &&
      open_rings (self, options, error))
    return self;
  guiche_rings_free (self);
  return NULL;
}

GuicheStore *
guiche_rings_store (GuicheRings *self)
{
  return self->store;
}

/* (thread reader): the id of the first enabled admin, or the administrator's. */
static gboolean
run_find_admin (GuicheTx *tx, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) users = guiche_users_list (tx, error);
  GuicheId *out_id = data;

  *out_id = administrator;
  for (guint i = users != NULL ? users->len : 0; i > 0; i--) {
    const GuicheUser *user = g_ptr_array_index (users, i - 1);

    if (user->role == GUICHE_ROLE_ADMIN && user->is_enabled)
      *out_id = user->id;
  }
  return users != NULL;
}

char *
guiche_rings_sign_admin_token (GuicheRings *self, const char *tenant_key, GError **error)
{
  GuicheTenant *tenant = guiche_store_find_tenant (self->store, tenant_key);
  gint64 now = guiche_clock_now_us (guiche_store_clock (self->store));
  const GuicheActor nobody = { 0 };
  GuicheTokenClaims claims = { .tenant = tenant_key,
                               .role = GUICHE_ROLE_ADMIN,
                               .expires_at_us = now + G_TIME_SPAN_HOUR };

  if (tenant == NULL) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no company %s", tenant_key);
    return NULL;
  }
  if (!guiche_tenant_read_sync (tenant, &nobody, run_find_admin, &claims.subject, error))
    return NULL;
  return guiche_server_sign_token (self->server, &claims);
}

const char *
guiche_rings_url (GuicheRings *self)
{
  return self->url;
}

const char *
guiche_rings_tenant (GuicheRings *self)
{
  return self->tenant == NULL ? NULL : guiche_tenant_key (self->tenant);
}

const char *
guiche_rings_first_password (GuicheRings *self)
{
  return self->first_password;
}

gboolean
guiche_rings_is_one_of_several (GuicheRings *self)
{
  return guiche_store_is_shared (self->store);
}

void
guiche_rings_drain (GuicheRings *self, void (*done) (gpointer), gpointer user_data)
{
  guiche_server_drain (self->server, self->drain_s, done, user_data);
}

void
guiche_rings_shutdown (GuicheRings *self, void (*done) (gpointer), gpointer user_data)
{
  guiche_server_shutdown (self->server, done, user_data);
}

void
guiche_rings_free (GuicheRings *self)
{
  g_clear_pointer (&self->positions, guiche_positions_free);
  g_clear_pointer (&self->server, guiche_server_free);
  g_clear_pointer (&self->wakes, guiched_wakes_free);
  g_clear_pointer (&self->bus, guiche_bus_free);
  g_clear_pointer (&self->store, guiche_store_close);
  g_clear_pointer (&self->passwords, guiche_passwords_free);
  g_free (self->url);
  g_free (self->first_password);
  g_free (self);
}
