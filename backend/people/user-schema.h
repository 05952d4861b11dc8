/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/route.h"

G_BEGIN_DECLS

/* The contract's `user` record, for replies. */
extern const GuicheSchema guiche_user_schema;

G_END_DECLS
