/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-model"

#include "model/desk-private.h"

G_DEFINE_FINAL_TYPE (GuicheDesk, guiche_desk, G_TYPE_OBJECT)

enum {
  PROP_STATE = 1,
  PROP_STATE_DETAIL,
  PROP_ME,
  PROP_PENDING,
  PROP_UNREAD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
guint guiche_desk_signals[GUICHE_DESK_N_SIGNALS];

static const char *
state_detail (GuicheDesk *self)
{
  if (self->state != GUICHE_DESK_OFFLINE || self->sync == NULL)
    return NULL;
  return guiche_stream_get_problem (guiche_sync_get_stream (self->sync));
}

static void
guiche_desk_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  GuicheDesk *self = GUICHE_DESK (object);

  switch (property_id) {
  case PROP_STATE:
    g_value_set_int (value, (int) self->state);
    break;
  case PROP_STATE_DETAIL:
    g_value_set_string (value, state_detail (self));
    break;
  case PROP_ME:
    g_value_set_object (value, self->me);
    break;
  case PROP_PENDING:
    g_value_set_uint (value,
                      self->outbox != NULL ? guiche_outbox_get_entries (self->outbox)->len : 0);
    break;
  case PROP_UNREAD:
    g_value_set_uint (value, self->unread);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
guiche_desk_dispose (GObject *object)
{
  GuicheDesk *self = GUICHE_DESK (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->typing_timer, g_source_remove);
  for (guint i = 0; i < self->lists->len; i++)
    guiche_message_list_forget_desk (g_ptr_array_index (self->lists, i));
  g_ptr_array_set_size (self->lists, 0);
  if (self->outbox != NULL)
    g_signal_handlers_disconnect_by_data (self->outbox, self);
  if (self->sync != NULL) {
    g_signal_handlers_disconnect_by_data (self->sync, self);
    guiche_sync_stop (self->sync);
  }
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  if (self->outbox != NULL)
    g_object_run_dispose (G_OBJECT (self->outbox));
  if (self->personal != NULL)
    g_object_run_dispose (G_OBJECT (self->personal));
  if (self->sync != NULL)
    g_object_run_dispose (G_OBJECT (self->sync));
  g_clear_object (&self->outbox);
  g_clear_object (&self->personal);
  g_clear_object (&self->sync);
  g_clear_object (&self->session);
  g_clear_pointer (&self->index, guiche_index_close);
  /* What is queued is written before the files close. */
  g_clear_pointer (&self->cache, guiche_cache_close);
  g_clear_pointer (&self->local, guiche_local_close);
  G_OBJECT_CLASS (guiche_desk_parent_class)->dispose (object);
}

static void
guiche_desk_finalize (GObject *object)
{
  GuicheDesk *self = GUICHE_DESK (object);

  for (guint i = 0; i < GUICHE_N_VIEWS; i++)
    g_object_unref (self->views[i]);
  g_object_unref (self->people);
  g_object_unref (self->queues);
  g_object_unref (self->canned_replies);
  g_object_unref (self->scheduled);
  g_hash_table_unref (self->conversations);
  g_hash_table_unref (self->customers);
  g_hash_table_unref (self->persons);
  g_hash_table_unref (self->outgoing);
  g_hash_table_unref (self->typing);
  g_hash_table_unref (self->delivered);
  g_ptr_array_unref (self->lists);
  g_clear_object (&self->me);
  g_free (self->me_id);
  g_free (self->my_role);
  g_free (self->closed_cursor);
  g_strfreev (self->my_queues);
  g_free (self->viewing);
  g_free (self->presence);
  g_object_unref (self->cancellable);
  guiche_id_source_free (self->ids);
  guiche_clock_unref (self->clock);
  G_OBJECT_CLASS (guiche_desk_parent_class)->finalize (object);
}

static void
install_signals (void)
{
  /* clang-format off */
  const struct {
    const char *name;
    guint n_parameters;
    GType parameters[3];
  } rows[GUICHE_DESK_N_SIGNALS] = {
    [GUICHE_DESK_SIGNAL_MESSAGE_ARRIVED] = { "message-arrived", 2, { GUICHE_TYPE_CONVERSATION, GUICHE_TYPE_MESSAGE } },
    [GUICHE_DESK_SIGNAL_CONVERSATION_ARRIVED] = { "conversation-arrived", 1, { GUICHE_TYPE_CONVERSATION } },
    [GUICHE_DESK_SIGNAL_MENTIONED] = { "mentioned", 2, { GUICHE_TYPE_CONVERSATION, GUICHE_TYPE_MESSAGE } },
    [GUICHE_DESK_SIGNAL_CONVERSATION_READ] = { "conversation-read", 1, { GUICHE_TYPE_CONVERSATION } },
    [GUICHE_DESK_SIGNAL_SEND_FAILED] = { "send-failed", 3, { GUICHE_TYPE_CONVERSATION, GUICHE_TYPE_MESSAGE, G_TYPE_STRING } },
    [GUICHE_DESK_SIGNAL_SIGNED_OUT] = { "signed-out", 0, { 0 } },
  };

  /* clang-format on */

  for (guint i = 0; i < GUICHE_DESK_N_SIGNALS; i++)
    guiche_desk_signals[i] =
        g_signal_newv (rows[i].name, GUICHE_TYPE_DESK, G_SIGNAL_RUN_LAST, NULL, NULL, NULL, NULL,
                       G_TYPE_NONE, rows[i].n_parameters, (GType *) rows[i].parameters);
}

static void
guiche_desk_class_init (GuicheDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = guiche_desk_get_property;
  object_class->dispose = guiche_desk_dispose;
  object_class->finalize = guiche_desk_finalize;
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, GUICHE_DESK_SIGNED_OUT,
                                             GUICHE_DESK_OFFLINE, GUICHE_PARAM_READ);
  properties[PROP_STATE_DETAIL] =
      g_param_spec_string ("state-detail", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_ME] =
      g_param_spec_object ("me", NULL, NULL, GUICHE_TYPE_PERSON, GUICHE_PARAM_READ);
  properties[PROP_PENDING] =
      g_param_spec_uint ("pending", NULL, NULL, 0, G_MAXUINT, 0, GUICHE_PARAM_READ);
  properties[PROP_UNREAD] =
      g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, GUICHE_PARAM_READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  install_signals ();
}

static GHashTable *
new_objects (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

static void
guiche_desk_init (GuicheDesk *self)
{
  GuicheUserRow nobody = { .name = (char *) "" };

  for (guint i = 0; i < GUICHE_N_VIEWS; i++)
    self->views[i] = guiche_conversation_view_new ();
  self->people = g_list_store_new (GUICHE_TYPE_PERSON);
  self->queues = g_list_store_new (GUICHE_TYPE_QUEUE_ITEM);
  self->canned_replies = g_list_store_new (GUICHE_TYPE_CANNED_REPLY);
  self->scheduled = g_list_store_new (GUICHE_TYPE_SCHEDULED_MESSAGE);
  self->conversations = new_objects ();
  self->customers = new_objects ();
  self->persons = new_objects ();
  self->outgoing = new_objects ();
  self->typing =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  self->delivered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->lists = g_ptr_array_new ();
  self->my_queues = g_new0 (char *, 1);
  self->presence = g_strdup ("available");
  self->cancellable = g_cancellable_new ();
  self->clock = guiche_clock_new_system ();
  self->ids = guiche_id_source_new (self->clock, 0);
  self->me = guiche_person_new (&nobody, TRUE);
}

static GuicheDeskState
compute_state (GuicheDesk *self)
{
  if (self->is_signed_out)
    return GUICHE_DESK_SIGNED_OUT;
  if (guiche_sync_is_online (self->sync))
    return GUICHE_DESK_ONLINE;
  switch (guiche_stream_get_state (guiche_sync_get_stream (self->sync))) {
  case GUICHE_STREAM_CONNECTING:
    return GUICHE_DESK_CONNECTING;
  case GUICHE_STREAM_REPLAYING:
  case GUICHE_STREAM_LIVE:
    return GUICHE_DESK_REPLAYING;
  default:
    return GUICHE_DESK_OFFLINE;
  }
}

void
guiche_desk_update_state (GuicheDesk *self)
{
  GuicheDeskState state = compute_state (self);
  gboolean has_moved;

  if (state != GUICHE_DESK_ONLINE && self->state == GUICHE_DESK_ONLINE &&
      guiche_stream_is_moving (guiche_sync_get_stream (self->sync))) {
    self->is_moving = TRUE;
    return;
  }
  has_moved = self->is_moving;
  self->is_moving = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE_DETAIL]);
  if (self->state == state && !has_moved)
    return;
  self->state = state;
  if (state == GUICHE_DESK_ONLINE) {
    guiche_desk_tell_presence (self);
    guiche_desk_tell_all_delivered (self);
  } else if (state == GUICHE_DESK_OFFLINE) {
    guiche_desk_clear_live (self);
  }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
on_state_changed (GuicheSync *sync, GuicheDesk *self)
{
  guiche_desk_update_state (self);
}

static void
on_changes (GuicheSync *sync, const GuicheChanges *changes, gboolean is_live, GuicheDesk *self)
{
  guiche_desk_take_changes (self, changes, is_live);
  guiche_index_wake (self->index);
}

static void
on_op (GuicheSync *sync, JsonObject *op, GuicheDesk *self)
{
  guiche_desk_take_op (self, op);
}

/* A damaged cache is only a copy: it is fetched again. */
static void
on_failed (GuicheSync *sync, const GError *failure, GuicheDesk *self)
{
  g_autoptr (GError) error = NULL;

  if (!g_error_matches (failure, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT))
    return;
  g_clear_pointer (&self->index, guiche_index_close);
  if (!guiche_cache_rebuild (self->cache, &error))
    g_error ("the local cache cannot be made again: %s", error->message);
  self->index = guiche_index_open (guiche_cache_directory (self->cache), &error);
  if (self->index == NULL)
    g_error ("the search index cannot be made again: %s", error->message);
  guiche_sync_start_over (self->sync);
}

static void
on_revoked (GuicheSession *session, GuicheDesk *self)
{
  if (self->is_signed_out)
    return;
  self->is_signed_out = TRUE;
  guiche_sync_stop (self->sync);
  guiche_desk_update_state (self);
  g_signal_emit (self, guiche_desk_signals[GUICHE_DESK_SIGNAL_SIGNED_OUT], 0);
}

static gboolean
open_parts (GuicheDesk *self, GError **error)
{
  const GuicheProfile *profile = guiche_session_get_profile (self->session);
  g_autofree char *directory =
      g_build_filename (g_get_user_data_dir (), "guiche", "profiles", profile->id, NULL);

  self->local = guiche_local_open (directory, error);
  if (self->local == NULL)
    return FALSE;
  self->cache = guiche_cache_open (directory, error);
  if (self->cache == NULL)
    return FALSE;
  self->index = guiche_index_open (directory, error);
  if (self->index == NULL)
    return FALSE;
  self->sync = guiche_sync_new (self->session, self->cache);
  self->outbox = guiche_outbox_new (self->local, self->session, self->sync);
  self->personal = guiche_personal_new (self->local, self->session, self->sync);
  return TRUE;
}

/**
 * guiche_desk_new:
 *
 * Opens the profile's cache and fills the lists from it, without the network.
 */
GuicheDesk *
guiche_desk_new (GuicheSession *session, GError **error)
{
  g_autoptr (GuicheDesk) self = g_object_new (GUICHE_TYPE_DESK, NULL);

  self->session = g_object_ref (session);
  if (!open_parts (self, error))
    return NULL;
  guiche_desk_load_outbox (self);
  guiche_desk_load_all (self);
  g_signal_connect (self->sync, "changes", G_CALLBACK (on_changes), self);
  g_signal_connect (self->sync, "op", G_CALLBACK (on_op), self);
  g_signal_connect (self->sync, "state-changed", G_CALLBACK (on_state_changed), self);
  g_signal_connect (self->sync, "failed", G_CALLBACK (on_failed), self);
  g_signal_connect (session, "revoked", G_CALLBACK (on_revoked), self);
  return g_steal_pointer (&self);
}

/**
 * guiche_desk_connect:
 *
 * Follows the server from now on, and after a new sign-in again.
 */
void
guiche_desk_connect (GuicheDesk *self)
{
  g_return_if_fail (GUICHE_IS_DESK (self));
  self->is_signed_out = FALSE;
  guiche_sync_start (self->sync);
  guiche_index_wake (self->index);
  guiche_desk_update_state (self);
}

void
guiche_desk_retry_now (GuicheDesk *self)
{
  g_return_if_fail (GUICHE_IS_DESK (self));
  guiche_sync_retry_now (self->sync);
}

void
guiche_desk_notify_pending (GuicheDesk *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PENDING]);
}

void
guiche_desk_set_unread (GuicheDesk *self, guint unread)
{
  if (self->unread == unread)
    return;
  self->unread = unread;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD]);
}

GListModel *
guiche_desk_get_view (GuicheDesk *self, GuicheView view)
{
  g_return_val_if_fail (GUICHE_IS_DESK (self) && view < GUICHE_N_VIEWS, NULL);
  return G_LIST_MODEL (self->views[view]);
}

GListModel *
guiche_desk_get_people (GuicheDesk *self)
{
  g_return_val_if_fail (GUICHE_IS_DESK (self), NULL);
  return G_LIST_MODEL (self->people);
}

GListModel *
guiche_desk_get_queues (GuicheDesk *self)
{
  g_return_val_if_fail (GUICHE_IS_DESK (self), NULL);
  return G_LIST_MODEL (self->queues);
}

GListModel *
guiche_desk_get_canned_replies (GuicheDesk *self)
{
  g_return_val_if_fail (GUICHE_IS_DESK (self), NULL);
  return G_LIST_MODEL (self->canned_replies);
}

GuichePerson *
guiche_desk_get_me (GuicheDesk *self)
{
  g_return_val_if_fail (GUICHE_IS_DESK (self), NULL);
  return self->me;
}

GuicheDeskState
guiche_desk_get_state (GuicheDesk *self)
{
  g_return_val_if_fail (GUICHE_IS_DESK (self), GUICHE_DESK_OFFLINE);
  return self->state;
}
