/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Changes what is known of a customer: checks while typing, sends only what differs. */
#define GUICHE_TYPE_CUSTOMER_EDITOR (guiche_customer_editor_get_type ())
G_DECLARE_FINAL_TYPE (GuicheCustomerEditor,
                      guiche_customer_editor,
                      GUICHE,
                      CUSTOMER_EDITOR,
                      AdwWindow)

GtkWidget *guiche_customer_editor_new (GuicheDesk *desk, GuicheCustomer *customer);

G_END_DECLS
