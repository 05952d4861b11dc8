/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

G_BEGIN_DECLS

/* The closed conversations of a customer without @present (nullable), newest first, ten at most;
 * live. (transfer full) of GuicheConversation */
GListModel *guiche_customer_history_new (GuicheDesk *desk,
                                         GuicheCustomer *customer,
                                         GuicheConversation *present);

G_END_DECLS
