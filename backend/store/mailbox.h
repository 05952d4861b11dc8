/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/work.h"

G_BEGIN_DECLS

/* What a writer or reader has finished: the events of one commit and the requests to answer. */
typedef struct _GuicheDelivery GuicheDelivery;

struct _GuicheDelivery {
  GuicheDelivery *next;
  GuicheTenant *tenant;
  GPtrArray *events; /* (owned) (nullable) (element-type GuicheEvent) */
  GuicheWorkList items;
};

/**
 * GuicheMailbox:
 *
 * The way back to the main loop: any thread posts deliveries, one eventfd wakes the loop once for
 * however many there are, and they are given to the listener and to their `done` in order.
 */
typedef struct _GuicheMailbox GuicheMailbox;

GuicheMailbox *guiche_mailbox_new (GMainContext *context);
/* Delivers what is left first. */
void guiche_mailbox_free (GuicheMailbox *self);
void guiche_mailbox_set_listener (GuicheMailbox *self, GuicheEventsFunc func, gpointer user_data);
void guiche_mailbox_add_listener (GuicheMailbox *self, GuicheEventsFunc func, gpointer user_data);
void guiche_mailbox_remove_listener (GuicheMailbox *self,
                                     GuicheEventsFunc func,
                                     gpointer user_data);
/* (any thread): takes ownership of @events and of the items. */
void guiche_mailbox_post (GuicheMailbox *self,
                          GuicheTenant *tenant,
                          GPtrArray *events,
                          GuicheWorkList *items);
/* (thread main): delivers everything posted so far. */
void guiche_mailbox_deliver (GuicheMailbox *self);

G_END_DECLS
