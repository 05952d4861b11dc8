/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/canned-text.h"
#include "chat/chat-actions.h"
#include "chat/message-text.h"

#include <locale.h>
#include <string.h>

static void
test_system_lines (void)
{
  static const struct {
    const char *code, *sender, *expected;
  } rows[] = {
    { "accepted", "Ana", "Ana accepted the conversation" },
    { "assigned:Bruno", "Ana", "The conversation was assigned to Bruno" },
    { "transferred:financial", "Ana", "Ana transferred the conversation to Billing" },
    { "transferred:vip %n%s", "Ana", "Ana transferred the conversation to vip %n%s" },
    { "closed:resolved: all fine", "Ana", "Ana closed the conversation: resolved: all fine" },
    { "closed:", "Ana", "Ana closed the conversation" },
    { "opened", "Maria", "The conversation began" },
    { "joined:Bruno", "Ana", "Bruno joined" },
    { "something-new", "Ana", "something-new" },
    { "accepted", "<b>%s</b>\xe2\x80\xae", "<b>%s</b>\xef\xbf\xbd accepted the conversation" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = guiche_message_system_text (rows[i].code, rows[i].sender);

    g_assert_cmpstr (text, ==, rows[i].expected);
  }
}

static void
test_body (void)
{
  GuicheMessageFacts facts = { .kind = (char *) "text",
                               .body = (char *) "<b>a & b</b>\xe2\x80\xae\x01" };
  g_autofree char *text = NULL;
  g_autofree char *cut = NULL;
  g_autofree char *deleted = NULL;
  gboolean is_cut;

  text = guiche_message_body_text (&facts, 0, &is_cut);
  g_assert_cmpstr (text, ==, "<b>a & b</b>\xef\xbf\xbd\xef\xbf\xbd");
  g_assert_false (is_cut);
  cut = guiche_message_body_text (&facts, 4, &is_cut);
  g_assert_cmpstr (cut, ==, "<b>a");
  g_assert_true (is_cut);
  facts.is_deleted = TRUE;
  deleted = guiche_message_body_text (&facts, 0, &is_cut);
  g_assert_cmpstr (deleted, ==, "This message was deleted");
}

static void
test_links (void)
{
  static const struct {
    const char *text, *uri, *host;
  } rows[] = {
    { "see https://example.com/a?b=1.", "https://example.com/a?b=1", "example.com" },
    { "(http://example.com/x_(y))", "http://example.com/x_(y)", "example.com" },
    { "HTTPS://EXAMPLE.com", "HTTPS://EXAMPLE.com", "example.com" },
    { "https://b\xc3\xa1nco.com/", "https://b\xc3\xa1nco.com/", "xn--bnco-5na.com" },
    { "javascript://example.com/%0aalert(1)", NULL, NULL },
    { "file:///etc/passwd", NULL, NULL },
    { "https://bank.com@evil.example/", NULL, NULL },
    { "https://", NULL, NULL },
    { "xhttps://example.com", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GPtrArray) links = guiche_message_find_links (rows[i].text);

    g_test_message ("%s", rows[i].text);
    if (!rows[i].uri) {
      g_assert_null (links);
      continue;
    }
    g_assert_cmpuint (links->len, ==, 1);
    g_assert_cmpstr (((GuicheLink *) links->pdata[0])->uri, ==, rows[i].uri);
    g_assert_cmpstr (((GuicheLink *) links->pdata[0])->host, ==, rows[i].host);
  }
}

static void
test_many_links_are_bounded (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) links = NULL;

  for (guint i = 0; i < 5000; i++)
    g_string_append (text, "http://a.b/ ");
  links = guiche_message_find_links (text->str);
  g_assert_cmpuint (links->len, ==, 50);
}

static void
test_state (void)
{
  GuicheMessageFacts facts = {
    .kind = (char *) "text", .sender_name = (char *) "Ana", .is_mine = TRUE, .state = 2
  };
  g_autofree char *read_out = NULL;

  g_assert_cmpstr (guiche_message_state_text (&facts), ==, "Delivered");
  facts.failure = (char *) "forbidden";
  g_assert_cmpstr (guiche_message_state_text (&facts), ==, "Not sent");
  facts.failure = NULL;
  facts.state = 3;
  facts.is_edited = TRUE;
  read_out = guiche_message_accessible_text (&facts, "Hello");
  g_assert_true (g_str_has_prefix (read_out, "You, "));
  g_assert_true (g_str_has_suffix (read_out, ", Hello, edited, Read"));
  facts.is_mine = FALSE;
  g_assert_null (guiche_message_state_text (&facts));
}

static void
test_canned (void)
{
  GuicheCannedValues values = { .customer_name = "Maria {{agent.name}} Silva",
                                .customer_plan = "Fibra 500",
                                .agent_name = "Ana" };

  static const struct {
    const char *body, *expected;
  } rows[] = {
    { "Hi {{customer.first_name}}, {{ agent.name }} here", "Hi Maria, Ana here" },
    { "{{customer.name}}", "Maria {{agent.name}} Silva" },
    { "{{customer.plan}}{{customer.plan}}", "Fibra 500Fibra 500" },
    { "no contract: {{customer.contract}}", "no contract: {{customer.contract}}" },
    { "{{unknown}} {{", "{{unknown}} {{" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = guiche_canned_text_fill (rows[i].body, &values);

    g_assert_cmpstr (text, ==, rows[i].expected);
  }
}

static void
test_actions (void)
{
  guint n_rows;
  const GuicheChatAction *rows = guiche_chat_actions (&n_rows);
  g_autoptr (GHashTable) accels = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < n_rows; i++) {
    g_assert_true (g_str_has_prefix (rows[i].name, "messages.") ||
                   g_str_has_prefix (rows[i].name, "composer."));
    for (guint j = 0; rows[i].accels[j]; j++)
      g_assert_true (g_hash_table_add (accels, (char *) rows[i].accels[j]));
  }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chat/text/system-lines", test_system_lines);
  g_test_add_func ("/chat/text/body", test_body);
  g_test_add_func ("/chat/text/links", test_links);
  g_test_add_func ("/chat/text/many-links", test_many_links_are_bounded);
  g_test_add_func ("/chat/text/state", test_state);
  g_test_add_func ("/chat/canned", test_canned);
  g_test_add_func ("/chat/actions", test_actions);
  return g_test_run ();
}
