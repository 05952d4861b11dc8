/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The server's address as typed ("desk.example.com", "https://desk.example.com:8480/") as a URL
 * without a path; https unless http is written and the host is this computer. NULL when it cannot
 * be one. (transfer full) */
char *guiche_address_to_url (const char *address);

G_END_DECLS
