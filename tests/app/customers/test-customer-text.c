/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "customers/customer-text.h"

static void
test_phone (void)
{
  static const char *const cases[][2] = {
    { "5511987654321", "+55 11 98765-4321" },
    { "551132654321", "+55 11 3265-4321" },
    { "11987654321", "11 98765-4321" },
    { "1132654321", "11 3265-4321" },
    { "190", "190" },
    { "", "" },
    { "+1 (555) 0100", "+1 (555) 0100" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = guiche_customer_text_phone (cases[i][0]);

    g_assert_cmpstr (text, ==, cases[i][1]);
  }
}

static void
test_document (void)
{
  static const char *const cases[][2] = {
    { "52998224725", "529.982.247-25" },
    { "11222333000181", "11.222.333/0001-81" },
    { "123", "123" },
    { "<b>1", "<b>1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = guiche_customer_text_document (cases[i][0]);

    g_assert_cmpstr (text, ==, cases[i][1]);
  }
}

static void
test_document_validity (void)
{
  static const char *const valid[] = {
    "", "52998224725", "529.982.247-25", "11222333000181", "11.222.333/0001-81", "111.444.777-35"
  };
  static const char *const invalid[] = { "52998224724",
                                         "529982247251",
                                         "11111111111",
                                         "00000000000000",
                                         "11222333000180",
                                         "529.982.247-2x",
                                         "1" };

  for (guint i = 0; i < G_N_ELEMENTS (valid); i++)
    g_assert_true (guiche_customer_text_is_document (valid[i]));
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    g_assert_false (guiche_customer_text_is_document (invalid[i]));
}

static void
test_contact_validity (void)
{
  g_assert_true (guiche_customer_text_is_phone ("+55 (11) 98765-4321"));
  g_assert_true (guiche_customer_text_is_phone (""));
  g_assert_false (guiche_customer_text_is_phone ("1234567"));
  g_assert_false (guiche_customer_text_is_phone ("call me: 11987654321"));
  g_assert_true (guiche_customer_text_is_email ("maria@example.com"));
  g_assert_true (guiche_customer_text_is_email (""));
  g_assert_false (guiche_customer_text_is_email ("maria@example"));
  g_assert_false (guiche_customer_text_is_email ("maria@@example.com"));
  g_assert_false (guiche_customer_text_is_email ("a@b.com\r\nBcc: c@d.com"));
  g_assert_false (guiche_customer_text_is_email ("@example.com"));
}

static void
test_status (void)
{
  g_assert_cmpstr (guiche_customer_text_status ("active"), ==, "Active");
  g_assert_cmpstr (guiche_customer_text_status ("unheard-of"), ==, "");
  g_assert_cmpstr (guiche_customer_text_status_css_class ("cancelled"), ==, "error");
  g_assert_nonnull (guiche_customer_text_status_css_class (NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/customers/phone", test_phone);
  g_test_add_func ("/customers/document", test_document);
  g_test_add_func ("/customers/document-validity", test_document_validity);
  g_test_add_func ("/customers/contact-validity", test_contact_validity);
  g_test_add_func ("/customers/status", test_status);
  return g_test_run ();
}
