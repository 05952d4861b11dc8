/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/sidebar-item.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

typedef struct {
  const char *id, *title, *icon_name, *empty_title, *empty_description;
} ViewWords;

static const ViewWords view_words[GUICHE_N_VIEWS] = {
  [GUICHE_VIEW_MINE] = {
      "mine",
      N_ ("Mine"),
          "guiche-mine-symbolic",
          N_ ("Nothing on Your Plate"),
              N_ ("Conversations you accept, or that are handed to you, are listed here.") },
          [GUICHE_VIEW_QUEUE] = {
              "queue", N_ ("Waiting"),
                           "guiche-queue-symbolic",
                           N_ ("Nobody Is Waiting"),
                               N_ ("Customers who write to your queues appear here at once.") },
                           [GUICHE_VIEW_ALL] = {
                               "all",
                               N_ ("All Open"),
                                   "guiche-all-symbolic",
                                   N_ ("No Open Conversations"),
                                       N_ ("Everything that is open in the queues you see is listed here.") },
                                   [GUICHE_VIEW_CHANNELS] = {
                                       "channels",
                                       N_ ("Channels"),
                                           "guiche-channel-symbolic",
                                           N_ ("No Internal Conversations"),
                                               N_ ("Make a channel for a subject, or write to a colleague.") },
                                           [GUICHE_VIEW_SNOOZED] = {
                                               "snoozed",
                                               N_ ("Snoozed"),
                                                   "guiche-snoozed-symbolic",
                                                   N_ ("Nothing Snoozed"),
                                                       N_ ("Conversations put aside for later come back by themselves.") },
                                                   [GUICHE_VIEW_CLOSED] = {
                                                       "closed",
                                                       N_ ("Closed"),
                                                           "guiche-closed-symbolic",
                                                           N_ ("Nothing Closed Yet"),
                                                               N_ ("Closed conversations stay here to be read and reopened.") },
                                                       };

struct _GuicheSidebarItem {
  GObject parent_instance;
  GuicheSidebarKind kind;
  GuicheView view;
  char *id;                  /* (owned) */
  char *title;               /* (owned) */
  GuicheDesk *desk;          /* (owned) (nullable) */
  GObject *source;           /* (owned) (nullable): the queue or the person */
  GListModel *conversations; /* (owned) (nullable) */
  guint count;
};

G_DEFINE_FINAL_TYPE (GuicheSidebarItem, guiche_sidebar_item, G_TYPE_OBJECT)

enum {
  PROP_TITLE = 1,
  PROP_COUNT,
  PROP_COUNT_IS_QUIET,
  PROP_PRESENCE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_count (GuicheSidebarItem *self, guint count)
{
  if (self->count == count)
    return;
  self->count = count;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
}

static void
guiche_sidebar_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  GuicheSidebarItem *self = GUICHE_SIDEBAR_ITEM (object);

  switch (prop_id) {
  case PROP_TITLE:
    g_value_set_string (value, self->title);
    break;
  case PROP_COUNT:
    g_value_set_uint (value, self->count);
    break;
  case PROP_COUNT_IS_QUIET:
    g_value_set_boolean (value, guiche_sidebar_item_get_count_is_quiet (self));
    break;
  case PROP_PRESENCE:
    g_value_set_string (value, guiche_sidebar_item_get_presence (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
guiche_sidebar_item_dispose (GObject *object)
{
  GuicheSidebarItem *self = GUICHE_SIDEBAR_ITEM (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->source);
  g_clear_object (&self->conversations);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->title, g_free);
  G_OBJECT_CLASS (guiche_sidebar_item_parent_class)->dispose (object);
}

static void
guiche_sidebar_item_class_init (GuicheSidebarItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = guiche_sidebar_item_get_property;
  object_class->dispose = guiche_sidebar_item_dispose;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_COUNT_IS_QUIET] =
      g_param_spec_boolean ("count-is-quiet", NULL, NULL, FALSE, flags);
  properties[PROP_PRESENCE] = g_param_spec_string ("presence", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
guiche_sidebar_item_init (GuicheSidebarItem *self)
{
}

GuicheSidebarItem *
guiche_sidebar_item_new_heading (const char *title)
{
  GuicheSidebarItem *self = g_object_new (GUICHE_TYPE_SIDEBAR_ITEM, NULL);

  self->kind = GUICHE_SIDEBAR_HEADING;
  self->title = g_strdup (title);
  self->id = g_strdup_printf ("heading:%s", title);
  return self;
}

/* Of what is mine and of the channels, what is unread; of the rest, how many. */
static void
update_view_count (GuicheSidebarItem *self)
{
  guint n = g_list_model_get_n_items (self->conversations);
  guint unread = 0;

  if (self->view == GUICHE_VIEW_CLOSED) {
    set_count (self, 0);
    return;
  }
  if (self->view != GUICHE_VIEW_MINE && self->view != GUICHE_VIEW_CHANNELS) {
    set_count (self, n);
    return;
  }
  for (guint i = 0; i < n; i++) {
    g_autoptr (GuicheConversation) conversation = g_list_model_get_item (self->conversations, i);

    unread += guiche_conversation_get_unread (conversation);
  }
  set_count (self, unread);
}

GuicheSidebarItem *
guiche_sidebar_item_new_view (GuicheDesk *desk, GuicheView view)
{
  GuicheSidebarItem *self = g_object_new (GUICHE_TYPE_SIDEBAR_ITEM, NULL);

  self->kind = GUICHE_SIDEBAR_VIEW;
  self->view = view;
  self->id = g_strdup (view_words[view].id);
  self->title = g_strdup (_ (view_words[view].title));
  self->conversations = g_object_ref (guiche_desk_get_view (desk, view));
  g_signal_connect_object (self->conversations, "items-changed", G_CALLBACK (update_view_count),
                           self, G_CONNECT_SWAPPED);
  /* the desk notifies `unread` after whatever changed an unread count */
  g_signal_connect_object (desk, "notify::unread", G_CALLBACK (update_view_count), self,
                           G_CONNECT_SWAPPED);
  update_view_count (self);
  return self;
}

static void
update_queue (GuicheSidebarItem *self)
{
  g_autofree char *name = NULL;
  guint waiting = 0;

  g_object_get (self->source, "name", &name, "waiting", &waiting, NULL);
  if (g_strcmp0 (name, self->title) != 0) {
    g_free (self->title);
    self->title = g_steal_pointer (&name);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
  }
  set_count (self, waiting);
}

GuicheSidebarItem *
guiche_sidebar_item_new_queue (GuicheDesk *desk, GuicheQueueItem *queue)
{
  GuicheSidebarItem *self = g_object_new (GUICHE_TYPE_SIDEBAR_ITEM, NULL);
  g_autofree char *key = NULL;

  g_object_get (queue, "key", &key, NULL);
  self->kind = GUICHE_SIDEBAR_QUEUE;
  self->id = g_strdup_printf ("queue:%s", key);
  self->desk = g_object_ref (desk);
  self->source = g_object_ref (G_OBJECT (queue));
  g_signal_connect_object (queue, "notify", G_CALLBACK (update_queue), self, G_CONNECT_SWAPPED);
  update_queue (self);
  return self;
}

static void
update_person (GuicheSidebarItem *self)
{
  const char *name = guiche_person_get_name (GUICHE_PERSON (self->source));

  if (g_strcmp0 (name, self->title) != 0) {
    g_free (self->title);
    self->title = g_strdup (name);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
  }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRESENCE]);
}

GuicheSidebarItem *
guiche_sidebar_item_new_person (GuichePerson *person)
{
  GuicheSidebarItem *self = g_object_new (GUICHE_TYPE_SIDEBAR_ITEM, NULL);

  self->kind = GUICHE_SIDEBAR_PERSON;
  self->id = g_strdup_printf ("person:%s", guiche_person_get_id (person));
  self->source = g_object_ref (G_OBJECT (person));
  g_signal_connect_object (person, "notify", G_CALLBACK (update_person), self, G_CONNECT_SWAPPED);
  update_person (self);
  return self;
}

GuicheSidebarKind
guiche_sidebar_item_get_kind (GuicheSidebarItem *self)
{
  return self->kind;
}

const char *
guiche_sidebar_item_get_id (GuicheSidebarItem *self)
{
  return self->id;
}

const char *
guiche_sidebar_item_get_title (GuicheSidebarItem *self)
{
  return self->title;
}

const char *
guiche_sidebar_item_get_icon_name (GuicheSidebarItem *self)
{
  return self->kind == GUICHE_SIDEBAR_VIEW ? view_words[self->view].icon_name : NULL;
}

const char *
guiche_sidebar_item_get_presence (GuicheSidebarItem *self)
{
  return self->kind == GUICHE_SIDEBAR_PERSON
             ? guiche_person_get_presence (GUICHE_PERSON (self->source))
             : NULL;
}

guint
guiche_sidebar_item_get_count (GuicheSidebarItem *self)
{
  return self->count;
}

gboolean
guiche_sidebar_item_get_count_is_quiet (GuicheSidebarItem *self)
{
  gboolean is_mine = FALSE;

  if (self->kind == GUICHE_SIDEBAR_QUEUE)
    g_object_get (self->source, "is-mine", &is_mine, NULL);
  if (self->kind == GUICHE_SIDEBAR_VIEW)
    is_mine = self->view == GUICHE_VIEW_MINE || self->view == GUICHE_VIEW_QUEUE ||
              self->view == GUICHE_VIEW_CHANNELS;
  return !is_mine;
}

static gboolean
is_in_queue (gpointer item, gpointer queue)
{
  g_autofree char *key = NULL;

  g_object_get (queue, "key", &key, NULL);
  return g_strcmp0 (guiche_conversation_get_queue_key (item), key) == 0;
}

GListModel *
guiche_sidebar_item_get_conversations (GuicheSidebarItem *self)
{
  if (self->conversations == NULL && self->kind == GUICHE_SIDEBAR_QUEUE) {
    GtkCustomFilter *filter =
        gtk_custom_filter_new (is_in_queue, g_object_ref (self->source), g_object_unref);
    GListModel *all = g_object_ref (guiche_desk_get_view (self->desk, GUICHE_VIEW_ALL));

    self->conversations = G_LIST_MODEL (gtk_filter_list_model_new (all, GTK_FILTER (filter)));
  }
  return self->conversations;
}

GuichePerson *
guiche_sidebar_item_get_person (GuicheSidebarItem *self)
{
  return self->kind == GUICHE_SIDEBAR_PERSON ? GUICHE_PERSON (self->source) : NULL;
}

const char *
guiche_sidebar_item_get_empty_title (GuicheSidebarItem *self)
{
  return self->kind == GUICHE_SIDEBAR_VIEW ? _ (view_words[self->view].empty_title)
                                           : _ ("Nothing in This Queue");
}

const char *
guiche_sidebar_item_get_empty_description (GuicheSidebarItem *self)
{
  return self->kind == GUICHE_SIDEBAR_VIEW ? _ (view_words[self->view].empty_description)
                                           : _ ("Its open conversations are listed here.");
}
