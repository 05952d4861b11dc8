/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheCustomerPanel:
 *
 * Who the customer of a conversation is: how to reach them, their contract, notes, and their
 * previous conversations. Follows the customer live.
 *
 * Signal: `conversation-activated` (GuicheConversation): a previous one was chosen.
 */
#define GUICHE_TYPE_CUSTOMER_PANEL (guiche_customer_panel_get_type ())
G_DECLARE_FINAL_TYPE (GuicheCustomerPanel, guiche_customer_panel, GUICHE, CUSTOMER_PANEL, AdwBin)

GtkWidget *guiche_customer_panel_new (GuicheDesk *desk);
/* @customer (nullable); @present (nullable): the conversation shown beside it, which is not listed
 * as a previous one. */
void guiche_customer_panel_set_customer (GuicheCustomerPanel *self,
                                         GuicheCustomer *customer,
                                         GuicheConversation *present);

G_END_DECLS
