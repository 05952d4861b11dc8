/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the variables of a canned reply stand for; a null leaves its variable in the text, where the
 * agent sees it. */
typedef struct {
  const char *customer_name, *customer_plan, *customer_contract, *agent_name;
} GuicheCannedValues;

/* (transfer full): fills {{customer.name}}, {{customer.first_name}}, {{customer.plan}},
 * {{customer.contract}}, {{agent.name}}. A value is text, it is not looked at for variables again.
 */
char *guiche_canned_text_fill (const char *body, const GuicheCannedValues *values);

G_END_DECLS
