/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/model-private.h"

struct _GuicheMessage {
  GObject parent_instance;
  GuicheMessageRow *row;        /* (owned): only conversation and seq while loading */
  GuicheAttachment *attachment; /* (owned) (nullable) */
  char *failure;                /* (owned) (nullable) */
  GuicheMessagePlace place;
  guint state;
  gboolean is_mine, can_undo, is_loading;
};

G_DEFINE_FINAL_TYPE (GuicheMessage, guiche_message, G_TYPE_OBJECT)

enum {
  PROP_ID = 1,
  PROP_CLIENT_ID,
  PROP_CONVERSATION_ID,
  PROP_KIND,
  PROP_BODY,
  PROP_SENDER_KIND,
  PROP_SENDER_ID,
  PROP_SENDER_NAME,
  PROP_FAILURE,
  PROP_QUOTE_ID,
  PROP_QUOTE_SENDER,
  PROP_QUOTE_BODY,
  LAST_TEXT = PROP_QUOTE_BODY,
  PROP_SEQ,
  PROP_AT,
  PROP_QUOTE_SEQ,
  LAST_NUMBER = PROP_QUOTE_SEQ,
  PROP_IS_MINE,
  PROP_CAN_UNDO,
  PROP_IS_EDITED,
  PROP_IS_DELETED,
  PROP_IS_LOADING,
  PROP_STARTS_DAY,
  PROP_STARTS_GROUP,
  PROP_IS_FIRST_UNREAD,
  LAST_FLAG = PROP_IS_FIRST_UNREAD,
  PROP_STATE,
  PROP_ATTACHMENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *
text_of (const GuicheMessage *self, guint property_id)
{
  const GuicheMessageRow *row = self->row;

  switch (property_id) {
  case PROP_ID:
    return row->id;
  case PROP_CLIENT_ID:
    return row->client_id;
  case PROP_CONVERSATION_ID:
    return row->conversation_id;
  case PROP_KIND:
    return row->kind;
  case PROP_BODY:
    return row->body;
  case PROP_SENDER_KIND:
    return row->sender_kind;
  case PROP_SENDER_ID:
    return row->sender_id;
  case PROP_SENDER_NAME:
    return row->sender_name;
  case PROP_FAILURE:
    return self->failure;
  case PROP_QUOTE_ID:
    return row->quote_id;
  case PROP_QUOTE_SENDER:
    return row->quote_sender;
  case PROP_QUOTE_BODY:
    return row->quote_body;
  default:
    return NULL;
  }
}

static gint64
number_of (const GuicheMessage *self, guint property_id)
{
  switch (property_id) {
  case PROP_SEQ:
    return self->row->seq;
  case PROP_AT:
    return self->row->at;
  case PROP_QUOTE_SEQ:
    return self->row->quote_seq;
  default:
    return 0;
  }
}

static gboolean
flag_of (const GuicheMessage *self, guint property_id)
{
  switch (property_id) {
  case PROP_IS_MINE:
    return self->is_mine;
  case PROP_CAN_UNDO:
    return self->can_undo;
  case PROP_IS_EDITED:
    return self->row->edited_at != 0;
  case PROP_IS_DELETED:
    return self->row->deleted_at != 0;
  case PROP_IS_LOADING:
    return self->is_loading;
  case PROP_STARTS_DAY:
    return self->place.starts_day;
  case PROP_STARTS_GROUP:
    return self->place.starts_group;
  case PROP_IS_FIRST_UNREAD:
    return self->place.is_first_unread;
  default:
    return FALSE;
  }
}

static void
guiche_message_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  GuicheMessage *self = GUICHE_MESSAGE (object);

  if (property_id <= LAST_TEXT)
    g_value_set_string (value, text_of (self, property_id));
  else if (property_id <= LAST_NUMBER)
    g_value_set_int64 (value, number_of (self, property_id));
  else if (property_id <= LAST_FLAG)
    g_value_set_boolean (value, flag_of (self, property_id));
  else if (property_id == PROP_STATE)
    g_value_set_uint (value, self->state);
  else if (property_id == PROP_ATTACHMENT)
    g_value_set_object (value, self->attachment);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
}

static void
guiche_message_finalize (GObject *object)
{
  GuicheMessage *self = GUICHE_MESSAGE (object);

  guiche_message_row_free (self->row);
  g_clear_object (&self->attachment);
  g_free (self->failure);
  G_OBJECT_CLASS (guiche_message_parent_class)->finalize (object);
}

static void
guiche_message_class_init (GuicheMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  static const char *const names[LAST_FLAG + 1] = {
    [PROP_ID] = "id",
    [PROP_CLIENT_ID] = "client-id",
    [PROP_CONVERSATION_ID] = "conversation-id",
    [PROP_KIND] = "kind",
    [PROP_BODY] = "body",
    [PROP_SENDER_KIND] = "sender-kind",
    [PROP_SENDER_ID] = "sender-id",
    [PROP_SENDER_NAME] = "sender-name",
    [PROP_FAILURE] = "failure",
    [PROP_QUOTE_ID] = "quote-id",
    [PROP_QUOTE_SENDER] = "quote-sender",
    [PROP_QUOTE_BODY] = "quote-body",
    [PROP_SEQ] = "seq",
    [PROP_AT] = "at",
    [PROP_QUOTE_SEQ] = "quote-seq",
    [PROP_IS_MINE] = "is-mine",
    [PROP_CAN_UNDO] = "can-undo",
    [PROP_IS_EDITED] = "is-edited",
    [PROP_IS_DELETED] = "is-deleted",
    [PROP_IS_LOADING] = "is-loading",
    [PROP_STARTS_DAY] = "starts-day",
    [PROP_STARTS_GROUP] = "starts-group",
    [PROP_IS_FIRST_UNREAD] = "is-first-unread",
  };

  object_class->get_property = guiche_message_get_property;
  object_class->finalize = guiche_message_finalize;
  for (guint i = 1; i <= LAST_TEXT; i++)
    properties[i] = g_param_spec_string (names[i], NULL, NULL, NULL, GUICHE_PARAM_READ);
  for (guint i = LAST_TEXT + 1; i <= LAST_NUMBER; i++)
    properties[i] =
        g_param_spec_int64 (names[i], NULL, NULL, G_MININT64, G_MAXINT64, 0, GUICHE_PARAM_READ);
  for (guint i = LAST_NUMBER + 1; i <= LAST_FLAG; i++)
    properties[i] = g_param_spec_boolean (names[i], NULL, NULL, FALSE, GUICHE_PARAM_READ);
  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, 3, 0, GUICHE_PARAM_READ);
  properties[PROP_ATTACHMENT] =
      g_param_spec_object ("attachment", NULL, NULL, GUICHE_TYPE_ATTACHMENT, GUICHE_PARAM_READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
guiche_message_init (GuicheMessage *self)
{
  self->row = g_new0 (GuicheMessageRow, 1);
}

GuicheMessage *
guiche_message_new (void)
{
  return g_object_new (GUICHE_TYPE_MESSAGE, NULL);
}

static void
notify (GuicheMessage *self, guint property_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property_id]);
}

static void
notify_changes (GuicheMessage *self, const GuicheMessage *before)
{
  for (guint i = 1; i <= LAST_TEXT; i++)
    if (g_strcmp0 (text_of (before, i), text_of (self, i)) != 0)
      notify (self, i);
  for (guint i = LAST_TEXT + 1; i <= LAST_NUMBER; i++)
    if (number_of (before, i) != number_of (self, i))
      notify (self, i);
  for (guint i = LAST_NUMBER + 1; i <= LAST_FLAG; i++)
    if (flag_of (before, i) != flag_of (self, i))
      notify (self, i);
  if (before->state != self->state)
    notify (self, PROP_STATE);
  if (before->attachment != self->attachment)
    notify (self, PROP_ATTACHMENT);
}

static gboolean
row_has_attachment (const GuicheMessageRow *row)
{
  return row->deleted_at == 0 && (row->file_id != NULL || row->file_name != NULL);
}

void
guiche_message_apply (GuicheMessage *self, GuicheMessageRow *row, gboolean is_mine)
{
  GuicheMessage before = *self;

  g_object_freeze_notify (G_OBJECT (self));
  self->row = row;
  self->is_mine = is_mine;
  self->is_loading = FALSE;
  self->state = (guint) CLAMP (row->state, 0, 3);
  if (!row_has_attachment (row))
    self->attachment = NULL;
  else if (self->attachment == NULL)
    self->attachment = guiche_attachment_new ();
  if (self->attachment != NULL)
    guiche_attachment_apply (self->attachment, row);
  notify_changes (self, &before);
  if (before.attachment != self->attachment)
    g_clear_object (&before.attachment);
  guiche_message_row_free (before.row);
  g_object_thaw_notify (G_OBJECT (self));
}

void
guiche_message_set_loading (GuicheMessage *self, const char *conversation_id, gint64 seq)
{
  g_free (self->row->conversation_id);
  self->row->conversation_id = g_strdup (conversation_id);
  self->row->seq = seq;
  self->is_loading = TRUE;
  notify (self, PROP_IS_LOADING);
}

void
guiche_message_place (GuicheMessage *self, const GuicheMessagePlace *place)
{
  GuicheMessagePlace before = self->place;

  self->place = *place;
  if (before.starts_day != place->starts_day)
    notify (self, PROP_STARTS_DAY);
  if (before.starts_group != place->starts_group)
    notify (self, PROP_STARTS_GROUP);
  if (before.is_first_unread != place->is_first_unread)
    notify (self, PROP_IS_FIRST_UNREAD);
}

void
guiche_message_set_state (GuicheMessage *self, guint state)
{
  if (self->state >= state)
    return;
  self->state = MIN (state, 3);
  notify (self, PROP_STATE);
}

void
guiche_message_set_failure (GuicheMessage *self, const char *failure)
{
  if (g_strcmp0 (self->failure, failure) == 0)
    return;
  g_free (self->failure);
  self->failure = g_strdup (failure);
  notify (self, PROP_FAILURE);
}

void
guiche_message_set_can_undo (GuicheMessage *self, gboolean can_undo)
{
  if (self->can_undo == can_undo)
    return;
  self->can_undo = can_undo;
  notify (self, PROP_CAN_UNDO);
}

const GuicheMessageRow *
guiche_message_get_row (GuicheMessage *self)
{
  return self->is_loading ? NULL : self->row;
}

gint64
guiche_message_get_seq (GuicheMessage *self)
{
  return self->row->seq;
}

GuicheAttachment *
guiche_message_get_attachment (GuicheMessage *self)
{
  return self->attachment;
}

gboolean
guiche_message_get_is_loading (GuicheMessage *self)
{
  return self->is_loading;
}
