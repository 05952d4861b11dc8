/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notifications/notice.h"

#include <string.h>

static void
test_quiet_hours (void)
{
  g_assert_true (guiche_notice_is_quiet (1320, 1320, 420));
  g_assert_true (guiche_notice_is_quiet (0, 1320, 420));
  g_assert_true (guiche_notice_is_quiet (419, 1320, 420));
  g_assert_false (guiche_notice_is_quiet (420, 1320, 420));
  g_assert_false (guiche_notice_is_quiet (720, 1320, 420));
  g_assert_true (guiche_notice_is_quiet (720, 600, 800));
  g_assert_false (guiche_notice_is_quiet (800, 600, 800));
  g_assert_false (guiche_notice_is_quiet (600, 600, 600));
}

static void
test_policy (void)
{
  static const char *const muted[] = { "dummy", NULL };
  GuicheNoticePolicy policy = { .kinds = { TRUE, TRUE, TRUE, TRUE },
                                .muted_channels = muted,
                                .channel = "webchat",
                                .quiet_from = 1320,
                                .quiet_to = 420,
                                .now = 1400 };

  g_assert_true (guiche_notice_is_told (GUICHE_NOTICE_MESSAGE, &policy));
  policy.is_focused = TRUE;
  g_assert_false (guiche_notice_is_told (GUICHE_NOTICE_MESSAGE, &policy));
  g_assert_false (guiche_notice_is_told (GUICHE_NOTICE_MENTION, &policy));
  g_assert_true (guiche_notice_is_told (GUICHE_NOTICE_FAILURE, &policy));
  policy.is_focused = FALSE;
  policy.channel = "dummy";
  g_assert_false (guiche_notice_is_told (GUICHE_NOTICE_MESSAGE, &policy));
  g_assert_false (guiche_notice_is_told (GUICHE_NOTICE_NEW_CONVERSATION, &policy));
  g_assert_true (guiche_notice_is_told (GUICHE_NOTICE_MENTION, &policy));
  policy.channel = NULL;
  g_assert_true (guiche_notice_is_told (GUICHE_NOTICE_MESSAGE, &policy));
  policy.kinds[GUICHE_NOTICE_MESSAGE] = FALSE;
  g_assert_false (guiche_notice_is_told (GUICHE_NOTICE_MESSAGE, &policy));
  policy.kinds[GUICHE_NOTICE_MESSAGE] = TRUE;
  policy.quiet_hours = TRUE;
  g_assert_false (guiche_notice_is_told (GUICHE_NOTICE_MESSAGE, &policy));
  policy.quiet_hours = FALSE;
  policy.do_not_disturb = TRUE;
  g_assert_false (guiche_notice_is_told (GUICHE_NOTICE_FAILURE, &policy));
}

static void
test_text (void)
{
  static const char *const texts[] = { "<b>PAGO</b> & <a href='x'>y</a>",
                                       "a\xe2\x80\xae"
                                       "b\x1b[31m",
                                       "", "\xff\xfe", "&amp;" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *plain = guiche_notice_body (texts[i], FALSE);
    g_autofree char *escaped = guiche_notice_body (texts[i], TRUE);
    g_autofree char *expected = g_markup_escape_text (plain, -1);

    g_assert_cmpstr (escaped, ==, expected);
    g_assert_null (strstr (plain, "\xe2\x80\xae"));
    g_assert_null (strchr (plain, '\x1b'));
    g_assert_true (g_utf8_validate (plain, -1, NULL));
    g_assert_null (strchr (escaped, '<'));
  }
}

static void
test_titles (void)
{
  g_autofree char *one = guiche_notice_title ("Maria\n<i>", 1);
  g_autofree char *three = guiche_notice_title ("Maria", 3);
  g_autofree char *none = guiche_notice_title (NULL, 0);

  g_assert_cmpstr (one, ==, "Maria <i>");
  g_assert_cmpstr (three, ==, "Maria (3)");
  g_assert_cmpstr (none, ==, "");
}

static void
test_long_text_is_cut (void)
{
  g_autofree char *text = g_strnfill (5000, 'x');
  g_autofree char *body = guiche_notice_body (text, FALSE);

  g_assert_cmpint (g_utf8_strlen (body, -1), ==, 241);
  g_assert_true (g_str_has_suffix (body, "…"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notifications/quiet-hours", test_quiet_hours);
  g_test_add_func ("/notifications/policy", test_policy);
  g_test_add_func ("/notifications/text", test_text);
  g_test_add_func ("/notifications/titles", test_titles);
  g_test_add_func ("/notifications/long-text", test_long_text_is_cut);
  return g_test_run ();
}
