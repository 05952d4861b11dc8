/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/access.h"

#include "base/error.h"

#include <string.h>

#define MAX_GRANTS 8192
#define FRESH_US (3 * G_USEC_PER_SEC)

struct _GuicheAccess {
  GuicheStore *store;
  const GuicheServerHooks *hooks;
  GuicheTokenKey *key;
  GHashTable *grants;    /* (owned): GuicheTokenPrint* → GuicheGrant */
  GQueue used;           /* of grants, latest first */
  GuicheAccessLost lost; /* (nullable) */
  gpointer lost_data;
  guint n_loading;
};

typedef struct {
  GuicheAccessDone done;
  gpointer user_data;
} Waiter;

/* One load on the read pool. */
typedef struct {
  GuicheAccess *access;
  const GuicheServerHooks *hooks;
  GuicheGrant *grant;   /* (owned) */
  guint changes;        /* of the grant when the load began */
  GuicheViewer *viewer; /* (owned) (nullable): the result */
  gboolean is_valid;
} Load;

static guint
print_hash (gconstpointer data)
{
  guint hash;

  memcpy (&hash, data, sizeof hash);
  return hash;
}

static gboolean
print_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (GuicheTokenPrint)) == 0;
}

GuicheGrant *
guiche_grant_ref (GuicheGrant *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
guiche_grant_unref (GuicheGrant *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  guiche_token_claims_clear (&self->claims);
  g_clear_pointer (&self->viewer, guiche_viewer_unref);
  g_clear_pointer (&self->waiters, g_ptr_array_unref);
  g_free (self);
}

GuicheAccess *
guiche_access_new (GuicheStore *store, const GuicheServerHooks *hooks, GuicheTokenKey *key)
{
  GuicheAccess *self = g_new0 (GuicheAccess, 1);

  self->store = store;
  self->hooks = hooks;
  self->key = key;
  self->grants =
      g_hash_table_new_full (print_hash, print_equal, NULL, (GDestroyNotify) guiche_grant_unref);
  g_queue_init (&self->used);
  return self;
}

void
guiche_access_free (GuicheAccess *self)
{
  g_hash_table_unref (self->grants);
  g_free (self);
}

void
guiche_access_set_lost (GuicheAccess *self, GuicheAccessLost lost, gpointer user_data)
{
  self->lost = lost;
  self->lost_data = user_data;
}

guint
guiche_access_loading (GuicheAccess *self)
{
  return self->n_loading;
}

static void
forget (GuicheAccess *self, GuicheGrant *grant)
{
  g_queue_unlink (&self->used, &grant->link);
  g_hash_table_remove (self->grants, &grant->print);
}

static GuicheGrant *
admit (GuicheAccess *self, const GuicheTokenPrint *print, GuicheTokenClaims *claims, GError **error)
{
  GuicheTenant *tenant = guiche_store_find_tenant (self->store, claims->tenant);

  if (tenant == NULL) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED,
                         "the token is of another installation");
    return NULL;
  }
  if (g_hash_table_size (self->grants) >= MAX_GRANTS)
    forget (self, g_queue_peek_tail (&self->used));

  GuicheGrant *grant = g_new0 (GuicheGrant, 1);
  g_atomic_ref_count_init (&grant->refs);
  grant->print = *print;
  grant->claims = *claims;
  claims->tenant = NULL;
  grant->tenant = tenant;
  grant->link.data = grant;
  g_hash_table_insert (self->grants, &grant->print, grant);
  g_queue_push_head_link (&self->used, &grant->link);
  return grant;
}

GuicheGrant *
guiche_access_find (GuicheAccess *self, const char *token, gsize length, GError **error)
{
  gint64 now_us = guiche_clock_now_us (guiche_store_clock (self->store));

  if (length > GUICHE_TOKEN_MAX_LENGTH) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED, "this is not a token");
    return NULL;
  }
  GuicheTokenPrint print = guiche_token_print (self->key, token, length);
  GuicheGrant *grant = g_hash_table_lookup (self->grants, &print);
  if (grant == NULL) {
    GuicheTokenClaims claims;
    if (!guiche_token_verify (self->key, token, length, now_us, &claims, error))
      return NULL;
    grant = admit (self, &print, &claims, error);
    guiche_token_claims_clear (&claims);
    return grant;
  }
  if (grant->claims.expires_at_us <= now_us) {
    forget (self, grant);
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED,
                         "the token has expired");
    return NULL;
  }
  if (self->used.head != &grant->link) {
    g_queue_unlink (&self->used, &grant->link);
    g_queue_push_head_link (&self->used, &grant->link);
  }
  return grant;
}

gboolean
guiche_access_is_fresh (GuicheGrant *grant)
{
  return grant->viewer != NULL && g_get_monotonic_time () - grant->checked_us < FRESH_US;
}

/* (thread reader) */
static gboolean
run_load (GuicheTx *tx, gpointer data, GError **error)
{
  Load *load = data;
  const GuicheTokenClaims *claims = &load->grant->claims;

  load->is_valid = TRUE;
  if (!guiche_id_is_none (&claims->session_id) && load->hooks->session_is_valid != NULL) {
    g_autoptr (GError) failure = NULL;
    load->is_valid = load->hooks->session_is_valid (tx, &claims->session_id, &failure);
    if (failure != NULL) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  }
  if (!load->is_valid)
    return TRUE;
  load->viewer = load->hooks->load_viewer (tx, claims->role, &claims->subject,
                                           &claims->conversation_id, error);
  return load->viewer != NULL;
}

static void on_loaded (gpointer data, GError *error);

static void
start_load (Load *load)
{
  GuicheActor nobody = { 0 };

  load->changes = load->grant->changes;
  g_clear_pointer (&load->viewer, guiche_viewer_unref);
  guiche_tenant_read (load->grant->tenant, &nobody, run_load, on_loaded, load);
}

static GError *
judge (Load *load, GError *error)
{
  if (error == NULL && load->is_valid)
    return NULL;
  if (error == NULL)
    return g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED,
                                "the session has ended");
  /* Disabled or gone: the token means nobody now. What else went wrong is said as it is. */
  if (g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND) ||
      g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN))
    return g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED,
                                "the account is disabled or gone");
  return g_error_copy (error);
}

static void
on_loaded (gpointer data, GError *error)
{
  Load *load = data;
  GuicheGrant *grant = load->grant;

  if (error == NULL && load->changes != grant->changes && !grant->is_revoked) {
    start_load (load); /* something changed while we read */
    return;
  }
  g_autoptr (GError) failure = judge (load, error);
  GuicheAccess *self = load->access;

  self->n_loading--;
  if (error == NULL && !load->is_valid && self->lost != NULL)
    self->lost (grant->tenant, &grant->claims.session_id, self->lost_data);
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&grant->waiters);

  if (grant->is_revoked && failure == NULL)
    failure =
        g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED, "the session has ended");
  g_clear_pointer (&grant->viewer, guiche_viewer_unref);
  if (failure == NULL) {
    grant->viewer = g_steal_pointer (&load->viewer);
    grant->checked_us = g_get_monotonic_time ();
  }
  for (guint i = 0; i < waiters->len; i++) {
    Waiter *waiter = g_ptr_array_index (waiters, i);
    if (waiter->done != NULL)
      waiter->done (waiter->user_data, failure);
  }
  g_clear_pointer (&load->viewer, guiche_viewer_unref);
  guiche_grant_unref (load->grant);
  g_free (load);
}

void
guiche_access_load (GuicheAccess *self,
                    GuicheGrant *grant,
                    GuicheAccessDone done,
                    gpointer user_data)
{
  Waiter *waiter = g_new (Waiter, 1);

  *waiter = (Waiter){ done, user_data };
  if (grant->waiters != NULL) {
    g_ptr_array_add (grant->waiters, waiter);
    return;
  }
  grant->waiters = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (grant->waiters, waiter);

  Load *load = g_new0 (Load, 1);
  load->access = self;
  load->hooks = self->hooks;
  load->grant = guiche_grant_ref (grant);
  self->n_loading++;
  start_load (load);
}

void
guiche_access_user_changed (GuicheAccess *self, GuicheTenant *tenant, const GuicheId *user_id)
{
  for (GList *link = self->used.head; link != NULL; link = link->next) {
    GuicheGrant *grant = link->data;
    if (grant->tenant == tenant &&
        (user_id == NULL || guiche_id_equal (&grant->claims.subject, user_id))) {
      grant->checked_us = 0;
      grant->changes++;
      guiche_access_load (self, grant, NULL, NULL);
    }
  }
}

void
guiche_access_session_ended (GuicheAccess *self, GuicheTenant *tenant, const GuicheId *session_id)
{
  for (GList *link = self->used.head, *next; link != NULL; link = next) {
    GuicheGrant *grant = link->data;
    next = link->next;
    if (grant->tenant != tenant || !guiche_id_equal (&grant->claims.session_id, session_id))
      continue;
    grant->is_revoked = TRUE;
    grant->checked_us = 0;
    forget (self, grant);
  }
}

guint
guiche_access_size (GuicheAccess *self)
{
  return g_hash_table_size (self->grants);
}
