/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/mailbox.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct _GuicheMailbox {
  GSource *source; /* (owned) */
  int descriptor;  /* eventfd */
  GMutex lock;
  GuicheDelivery *first; /* (owned) (lock) */
  GuicheDelivery *last;  /* (lock) */
  GArray
      *listeners; /* (owned) (element-type MailboxListener) (thread main); the first may be none */
};

typedef struct {
  GuicheEventsFunc func;
  gpointer user_data;
} MailboxListener;

typedef struct {
  GSource source;
  GuicheMailbox *mailbox;
  gpointer tag;
} MailboxSource;

static gboolean
mailbox_source_check (GSource *source)
{
  MailboxSource *self = (MailboxSource *) source;

  return g_source_query_unix_fd (source, self->tag) != 0;
}

static gboolean
mailbox_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  guiche_mailbox_deliver (((MailboxSource *) source)->mailbox);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs mailbox_source_funcs = {
  .check = mailbox_source_check,
  .dispatch = mailbox_source_dispatch,
};

GuicheMailbox *
guiche_mailbox_new (GMainContext *context)
{
  GuicheMailbox *self = g_new0 (GuicheMailbox, 1);
  MailboxSource *source;

  g_mutex_init (&self->lock);
  self->listeners = g_array_new (FALSE, TRUE, sizeof (MailboxListener));
  g_array_set_size (self->listeners, 1);
  self->descriptor = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (self->descriptor < 0)
    g_error ("eventfd: %s", g_strerror (errno));

  self->source = g_source_new (&mailbox_source_funcs, sizeof (MailboxSource));
  source = (MailboxSource *) self->source;
  source->mailbox = self;
  source->tag = g_source_add_unix_fd (self->source, self->descriptor, G_IO_IN);
  g_source_set_static_name (self->source, "guiche-mailbox");
  g_source_attach (self->source, context);
  return self;
}

void
guiche_mailbox_free (GuicheMailbox *self)
{
  guiche_mailbox_deliver (self);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  close (self->descriptor);
  g_array_unref (self->listeners);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
guiche_mailbox_set_listener (GuicheMailbox *self, GuicheEventsFunc func, gpointer user_data)
{
  MailboxListener listener = { func, user_data };

  g_array_index (self->listeners, MailboxListener, 0) = listener;
}

void
guiche_mailbox_add_listener (GuicheMailbox *self, GuicheEventsFunc func, gpointer user_data)
{
  MailboxListener listener = { func, user_data };

  g_array_append_val (self->listeners, listener);
}

void
guiche_mailbox_remove_listener (GuicheMailbox *self, GuicheEventsFunc func, gpointer user_data)
{
  for (guint i = self->listeners->len - 1; i > 0; i--) {
    const MailboxListener *listener = &g_array_index (self->listeners, MailboxListener, i);

    if (listener->func == func && listener->user_data == user_data)
      g_array_remove_index (self->listeners, i);
  }
}

void
guiche_mailbox_post (GuicheMailbox *self,
                     GuicheTenant *tenant,
                     GPtrArray *events,
                     GuicheWorkList *items)
{
  GuicheDelivery *delivery = g_new0 (GuicheDelivery, 1);
  gboolean was_empty;

  delivery->tenant = tenant;
  delivery->events = events;
  guiche_work_list_append (&delivery->items, items);

  g_mutex_lock (&self->lock);
  was_empty = self->first == NULL;
  if (was_empty)
    self->first = delivery;
  else
    self->last->next = delivery;
  self->last = delivery;
  g_mutex_unlock (&self->lock);

  /* Who empties the list reads the eventfd before: a wake-up cannot be lost. */
  if (was_empty && eventfd_write (self->descriptor, 1) < 0)
    g_critical ("eventfd: %s", g_strerror (errno));
}

static void
tell_listeners (GuicheMailbox *self, GuicheDelivery *delivery)
{
  for (guint i = 0; i < self->listeners->len; i++) {
    const MailboxListener *listener = &g_array_index (self->listeners, MailboxListener, i);

    if (listener->func != NULL)
      listener->func (delivery->tenant, (GuicheEvent *const *) delivery->events->pdata,
                      delivery->events->len, listener->user_data);
  }
}

static void
deliver_one (GuicheMailbox *self, GuicheDelivery *delivery)
{
  GuicheWorkItem *item;

  if (delivery->events != NULL && delivery->events->len > 0)
    tell_listeners (self, delivery);
  while ((item = guiche_work_list_pop (&delivery->items)) != NULL)
    guiche_work_item_finish (item);
  g_clear_pointer (&delivery->events, g_ptr_array_unref);
  g_free (delivery);
}

void
guiche_mailbox_deliver (GuicheMailbox *self)
{
  GuicheDelivery *delivery;
  eventfd_t count;

  eventfd_read (self->descriptor, &count);
  g_mutex_lock (&self->lock);
  delivery = g_steal_pointer (&self->first);
  self->last = NULL;
  g_mutex_unlock (&self->lock);

  while (delivery != NULL) {
    GuicheDelivery *next = delivery->next;

    deliver_one (self, delivery);
    delivery = next;
  }
}
