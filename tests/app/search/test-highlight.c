/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/highlight.h"

/* The bold parts of @text, joined with |. */
static char *
bold_parts (const char *text, const char *query)
{
  g_autoptr (PangoAttrList) attributes = guiche_highlight_new (text, query);
  GString *parts = g_string_new (NULL);
  GSList *list = pango_attr_list_get_attributes (attributes);

  for (GSList *item = list; item != NULL; item = item->next) {
    const PangoAttribute *attribute = item->data;

    if (parts->len > 0)
      g_string_append_c (parts, '|');
    g_string_append_len (parts, text + attribute->start_index,
                         (gssize) (attribute->end_index - attribute->start_index));
  }
  g_slist_free_full (list, (GDestroyNotify) pango_attribute_destroy);
  return g_string_free (parts, FALSE);
}

static void
assert_bold (const char *text, const char *query, const char *expected)
{
  g_autofree char *parts = bold_parts (text, query);

  g_assert_cmpstr (parts, ==, expected);
}

static void
test_highlight (void)
{
  assert_bold ("A internet não funciona", "nao", "não");
  assert_bold ("A internet não funciona", "NÃO", "não");
  assert_bold ("A internet não funciona", "fun int", "int|fun");
  assert_bold ("Conexão e conexões", "conex", "Conex|conex");
  assert_bold ("afunda", "fun", "");
  assert_bold ("anything", "", "");
  assert_bold ("", "x", "");
  assert_bold ("<b>fun</b>", "fun", "fun");
  assert_bold ("🙂 olá 🙂", "ola", "olá");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search/highlight", test_highlight);
  return g_test_run ();
}
