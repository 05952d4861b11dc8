/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/canned-text.h"

#include <string.h>

/* (nullable) (transfer full) */
static char *
value_of (const char *name, gsize length, const GuicheCannedValues *values)
{
  g_autofree char *key = g_strstrip (g_strndup (name, length));

  if (g_str_equal (key, "customer.name"))
    return g_strdup (values->customer_name);
  if (g_str_equal (key, "customer.first_name") && values->customer_name)
    return g_strndup (values->customer_name, strcspn (values->customer_name, " "));
  if (g_str_equal (key, "customer.plan"))
    return g_strdup (values->customer_plan);
  if (g_str_equal (key, "customer.contract"))
    return g_strdup (values->customer_contract);
  if (g_str_equal (key, "agent.name"))
    return g_strdup (values->agent_name);
  return NULL;
}

char *
guiche_canned_text_fill (const char *body, const GuicheCannedValues *values)
{
  GString *text = g_string_new (NULL);

  while (*body) {
    const char *start = strstr (body, "{{");
    const char *end = start ? strstr (start, "}}") : NULL;
    g_autofree char *value = NULL;

    if (!end) {
      g_string_append (text, body);
      break;
    }
    g_string_append_len (text, body, start - body);
    value = value_of (start + 2, (gsize) (end - start - 2), values);
    if (value && *value)
      g_string_append (text, value);
    else
      g_string_append_len (text, start, end + 2 - start);
    body = end + 2;
  }
  return g_string_free (text, FALSE);
}
