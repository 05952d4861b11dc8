/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/contact.h"

#include "base/text.h"
#include "desk/customer.h"
#include "desk/emit.h"

#include <string.h>

#define EMAIL_MAX 254 /* RFC 5321, 4.5.3.1.3 */

char *
guiche_contact_clean_phone (const char *text)
{
  g_autofree char *digits = guiche_text_digits (text);
  gsize length = strlen (digits);

  return length >= 8 && length <= 15 ? g_steal_pointer (&digits) : NULL;
}

char *
guiche_contact_clean_email (const char *text)
{
  g_autofree char *line = guiche_text_one_line (text, EMAIL_MAX + 1);
  g_autofree char *address = g_ascii_strdown (line, -1);
  const char *at = strchr (address, '@');

  if (strlen (address) > EMAIL_MAX || at == NULL || at == address || strchr (at + 1, '@') != NULL ||
      strchr (at + 1, '.') == NULL || strpbrk (address, " <>\",;:\\()[]") != NULL ||
      strstr (at, "..") != NULL || at[1] == '.' || address[strlen (address) - 1] == '.')
    return NULL;
  return g_steal_pointer (&address);
}

char *
guiche_contact_match (const char *clean)
{
  gsize length = strlen (clean);

  if ((length == 12 || length == 13) && strchr (clean, '@') == NULL &&
      g_str_has_prefix (clean, "55"))
    return g_strdup (clean + 2);
  return g_strdup (clean);
}

gboolean
guiche_contact_clean_all (const char *field,
                          char *const *values,
                          char *(*clean) (const char *text),
                          char ***out,
                          GError **error)
{
  g_autoptr (GPtrArray) cleaned = g_ptr_array_new_with_free_func (g_free);

  if (values == NULL)
    return TRUE;
  for (gsize i = 0; values[i] != NULL; i++) {
    char *value = clean (values[i]);

    if (value == NULL)
      return guiche_desk_refuse_field (error, field, "has one that is none");
    if (g_ptr_array_find_with_equal_func (cleaned, value, g_str_equal, NULL))
      g_free (value);
    else
      g_ptr_array_add (cleaned, value);
  }
  if (cleaned->len > GUICHE_CUSTOMER_CONTACTS_MAX)
    return guiche_desk_refuse_field (error, field, "are more than ten");
  g_ptr_array_add (cleaned, NULL);
  g_strfreev (*out);
  *out = (char **) g_ptr_array_steal (cleaned, NULL);
  return TRUE;
}
