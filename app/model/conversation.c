/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/model-private.h"

struct _GuicheConversation {
  GObject parent_instance;
  char *id;                   /* (owned) */
  GuicheConversationRow *row; /* (owned) */
  GuichePerson *assignee;     /* (owned) (nullable) */
  GuicheCustomer *customer;   /* (owned) (nullable) */
  char *queue_name;           /* (owned) (nullable) */
  char *title;                /* (owned) (nullable) */
  char *preview;              /* (owned) (nullable) */
  char *typing;               /* (owned) (nullable) */
  char *viewers;              /* (owned) (nullable) */
  gboolean has_draft, is_mine;
};

G_DEFINE_FINAL_TYPE (GuicheConversation, guiche_conversation, G_TYPE_OBJECT)

enum {
  PROP_ID = 1,
  PROP_KIND,
  PROP_CHANNEL,
  PROP_TITLE,
  PROP_QUEUE_KEY,
  PROP_QUEUE_NAME,
  PROP_STATE,
  PROP_PREVIEW,
  PROP_CLOSE_REASON,
  PROP_TYPING,
  PROP_VIEWERS,
  LAST_TEXT = PROP_VIEWERS,
  PROP_PRIORITY,
  PROP_LAST_SEQ,
  PROP_LAST_AT,
  PROP_WAITING_SINCE,
  PROP_SNOOZED_UNTIL,
  PROP_READ_SEQ,
  PROP_CREATED_AT,
  PROP_CLOSED_AT,
  LAST_NUMBER = PROP_CLOSED_AT,
  PROP_ASSIGNEE,
  PROP_CUSTOMER,
  PROP_UNREAD,
  PROP_HAS_DRAFT,
  PROP_IS_MINE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *
text_of (GuicheConversation *self, guint property_id)
{
  const GuicheConversationRow *row = self->row;

  switch (property_id) {
  case PROP_ID:
    return self->id;
  case PROP_TITLE:
    return self->title;
  case PROP_QUEUE_NAME:
    return self->queue_name;
  case PROP_PREVIEW:
    return self->preview;
  case PROP_TYPING:
    return self->typing;
  case PROP_VIEWERS:
    return self->viewers;
  case PROP_KIND:
    return row->kind;
  case PROP_CHANNEL:
    return row->channel;
  case PROP_QUEUE_KEY:
    return row->queue;
  case PROP_STATE:
    return row->state;
  case PROP_CLOSE_REASON:
    return row->close_reason;
  default:
    return NULL;
  }
}

static gint64
number_of (GuicheConversation *self, guint property_id)
{
  const GuicheConversationRow *row = self->row;

  switch (property_id) {
  case PROP_PRIORITY:
    return row->priority;
  case PROP_LAST_SEQ:
    return row->last_seq;
  case PROP_LAST_AT:
    return row->last_at;
  case PROP_WAITING_SINCE:
    return row->waiting_since;
  case PROP_SNOOZED_UNTIL:
    return row->snoozed_until;
  case PROP_READ_SEQ:
    return row->read_seq;
  case PROP_CREATED_AT:
    return row->created_at;
  case PROP_CLOSED_AT:
    return row->closed_at;
  default:
    return 0;
  }
}

static void
guiche_conversation_get_property (GObject *object,
                                  guint property_id,
                                  GValue *value,
                                  GParamSpec *pspec)
{
  GuicheConversation *self = GUICHE_CONVERSATION (object);

  if (property_id <= LAST_TEXT) {
    g_value_set_string (value, text_of (self, property_id));
    return;
  }
  if (property_id <= LAST_NUMBER) {
    g_value_set_int64 (value, number_of (self, property_id));
    return;
  }
  switch (property_id) {
  case PROP_ASSIGNEE:
    g_value_set_object (value, self->assignee);
    break;
  case PROP_CUSTOMER:
    g_value_set_object (value, self->customer);
    break;
  case PROP_UNREAD:
    g_value_set_uint (value, guiche_conversation_get_unread (self));
    break;
  case PROP_HAS_DRAFT:
    g_value_set_boolean (value, self->has_draft);
    break;
  case PROP_IS_MINE:
    g_value_set_boolean (value, self->is_mine);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
guiche_conversation_finalize (GObject *object)
{
  GuicheConversation *self = GUICHE_CONVERSATION (object);

  g_free (self->id);
  guiche_conversation_row_free (self->row);
  g_clear_object (&self->assignee);
  g_clear_object (&self->customer);
  g_free (self->queue_name);
  g_free (self->title);
  g_free (self->preview);
  g_free (self->typing);
  g_free (self->viewers);
  G_OBJECT_CLASS (guiche_conversation_parent_class)->finalize (object);
}

static void
guiche_conversation_class_init (GuicheConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  static const char *const names[LAST_NUMBER + 1] = {
    [PROP_ID] = "id",
    [PROP_KIND] = "kind",
    [PROP_CHANNEL] = "channel",
    [PROP_TITLE] = "title",
    [PROP_QUEUE_KEY] = "queue-key",
    [PROP_QUEUE_NAME] = "queue-name",
    [PROP_STATE] = "state",
    [PROP_PREVIEW] = "preview",
    [PROP_CLOSE_REASON] = "close-reason",
    [PROP_TYPING] = "typing",
    [PROP_VIEWERS] = "viewers",
    [PROP_PRIORITY] = "priority",
    [PROP_LAST_SEQ] = "last-seq",
    [PROP_LAST_AT] = "last-at",
    [PROP_WAITING_SINCE] = "waiting-since",
    [PROP_SNOOZED_UNTIL] = "snoozed-until",
    [PROP_READ_SEQ] = "read-seq",
    [PROP_CREATED_AT] = "created-at",
    [PROP_CLOSED_AT] = "closed-at",
  };

  object_class->get_property = guiche_conversation_get_property;
  object_class->finalize = guiche_conversation_finalize;
  for (guint i = 1; i <= LAST_TEXT; i++)
    properties[i] = g_param_spec_string (names[i], NULL, NULL, NULL, GUICHE_PARAM_READ);
  for (guint i = LAST_TEXT + 1; i <= LAST_NUMBER; i++)
    properties[i] =
        g_param_spec_int64 (names[i], NULL, NULL, G_MININT64, G_MAXINT64, 0, GUICHE_PARAM_READ);
  properties[PROP_ASSIGNEE] =
      g_param_spec_object ("assignee", NULL, NULL, GUICHE_TYPE_PERSON, GUICHE_PARAM_READ);
  properties[PROP_CUSTOMER] =
      g_param_spec_object ("customer", NULL, NULL, GUICHE_TYPE_CUSTOMER, GUICHE_PARAM_READ);
  properties[PROP_UNREAD] =
      g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, GUICHE_PARAM_READ);
  properties[PROP_HAS_DRAFT] =
      g_param_spec_boolean ("has-draft", NULL, NULL, FALSE, GUICHE_PARAM_READ);
  properties[PROP_IS_MINE] = g_param_spec_boolean ("is-mine", NULL, NULL, FALSE, GUICHE_PARAM_READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
guiche_conversation_init (GuicheConversation *self)
{
  self->row = g_new0 (GuicheConversationRow, 1);
}

GuicheConversation *
guiche_conversation_new (const char *id)
{
  GuicheConversation *self = g_object_new (GUICHE_TYPE_CONVERSATION, NULL);

  self->id = g_strdup (id);
  return self;
}

static void
notify (GuicheConversation *self, guint property_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property_id]);
}

static void
set_text (GuicheConversation *self, char **field, const char *value, guint property_id)
{
  if (g_strcmp0 (*field, value) == 0)
    return;
  g_free (*field);
  *field = g_strdup (value);
  notify (self, property_id);
}

static void
set_flag (GuicheConversation *self, gboolean *field, gboolean value, guint property_id)
{
  if (*field == value)
    return;
  *field = value;
  notify (self, property_id);
}

/* Notifies what differs between the row before (@old) and now. */
static void
notify_row (GuicheConversation *self, GuicheConversationRow *old)
{
  GuicheConversation before = *self;

  before.row = old;
  for (guint i = PROP_KIND; i <= LAST_TEXT; i++)
    if (g_strcmp0 (text_of (&before, i), text_of (self, i)) != 0)
      notify (self, i);
  for (guint i = LAST_TEXT + 1; i <= LAST_NUMBER; i++)
    if (number_of (&before, i) != number_of (self, i))
      notify (self, i);
  if (old->last_seq - old->read_seq != self->row->last_seq - self->row->read_seq)
    notify (self, PROP_UNREAD);
}

void
guiche_conversation_apply (GuicheConversation *self,
                           GuicheConversationRow *row,
                           const GuicheConversationContext *context)
{
  GuicheConversationRow *old = self->row;
  g_autofree char *preview = guiche_preview_of (row->last_kind, row->last_body,
                                                row->last_sender_kind, row->last_sender_name);

  g_object_freeze_notify (G_OBJECT (self));
  self->row = row;
  notify_row (self, old);
  guiche_conversation_row_free (old);
  set_text (self, &self->title, context->title, PROP_TITLE);
  set_text (self, &self->queue_name, context->queue_name, PROP_QUEUE_NAME);
  set_text (self, &self->preview, preview, PROP_PREVIEW);
  set_flag (self, &self->is_mine, context->is_mine, PROP_IS_MINE);
  set_flag (self, &self->has_draft, context->has_draft, PROP_HAS_DRAFT);
  if (g_set_object (&self->assignee, context->assignee))
    notify (self, PROP_ASSIGNEE);
  if (g_set_object (&self->customer, context->customer))
    notify (self, PROP_CUSTOMER);
  g_object_thaw_notify (G_OBJECT (self));
}

const GuicheConversationRow *
guiche_conversation_get_row (GuicheConversation *self)
{
  return self->row;
}

void
guiche_conversation_set_has_draft (GuicheConversation *self, gboolean has_draft)
{
  set_flag (self, &self->has_draft, has_draft, PROP_HAS_DRAFT);
}

void
guiche_conversation_set_typing (GuicheConversation *self, const char *typing)
{
  set_text (self, &self->typing, typing, PROP_TYPING);
}

void
guiche_conversation_set_viewers (GuicheConversation *self, const char *viewers)
{
  set_text (self, &self->viewers, viewers, PROP_VIEWERS);
}

void
guiche_conversation_set_read_seq (GuicheConversation *self, gint64 read_seq)
{
  if (read_seq <= self->row->read_seq)
    return;
  self->row->read_seq = read_seq;
  notify (self, PROP_READ_SEQ);
  notify (self, PROP_UNREAD);
}

const char *
guiche_conversation_get_id (GuicheConversation *self)
{
  g_return_val_if_fail (GUICHE_IS_CONVERSATION (self), NULL);
  return self->id;
}

const char *
guiche_conversation_get_kind (GuicheConversation *self)
{
  g_return_val_if_fail (GUICHE_IS_CONVERSATION (self), NULL);
  return self->row->kind;
}

const char *
guiche_conversation_get_title (GuicheConversation *self)
{
  g_return_val_if_fail (GUICHE_IS_CONVERSATION (self), NULL);
  return self->title;
}

const char *
guiche_conversation_get_state (GuicheConversation *self)
{
  g_return_val_if_fail (GUICHE_IS_CONVERSATION (self), NULL);
  return self->row->state;
}

const char *
guiche_conversation_get_queue_key (GuicheConversation *self)
{
  g_return_val_if_fail (GUICHE_IS_CONVERSATION (self), NULL);
  return self->row->queue;
}

GuichePerson *
guiche_conversation_get_assignee (GuicheConversation *self)
{
  g_return_val_if_fail (GUICHE_IS_CONVERSATION (self), NULL);
  return self->assignee;
}

GuicheCustomer *
guiche_conversation_get_customer (GuicheConversation *self)
{
  g_return_val_if_fail (GUICHE_IS_CONVERSATION (self), NULL);
  return self->customer;
}

guint
guiche_conversation_get_unread (GuicheConversation *self)
{
  g_return_val_if_fail (GUICHE_IS_CONVERSATION (self), 0);
  return (guint) CLAMP (self->row->last_seq - self->row->read_seq, 0, G_MAXUINT);
}

gint64
guiche_conversation_get_last_seq (GuicheConversation *self)
{
  g_return_val_if_fail (GUICHE_IS_CONVERSATION (self), 0);
  return self->row->last_seq;
}

gint64
guiche_conversation_get_read_seq (GuicheConversation *self)
{
  g_return_val_if_fail (GUICHE_IS_CONVERSATION (self), 0);
  return self->row->read_seq;
}

gboolean
guiche_conversation_get_is_mine (GuicheConversation *self)
{
  g_return_val_if_fail (GUICHE_IS_CONVERSATION (self), FALSE);
  return self->is_mine;
}
