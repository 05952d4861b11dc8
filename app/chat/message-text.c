/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/message-text.h"

#include "base/text.h"
#include "widgets/time-text.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#define MAX_LINKS 50

typedef enum {
  NAMES_SENDER,
  NAMES_ARGUMENT,
  NAMES_BOTH
} Names;

/* clang-format off */
/* Translators: %s is a colleague or customer */
static const struct {
  const char *code;
  const char *sentence;
  Names names;
} system_lines[] = {
  { "opened", N_ ("The conversation began"), NAMES_SENDER },
  { "accepted", N_ ("%s accepted the conversation"), NAMES_SENDER },
  { "assigned", N_ ("The conversation was assigned to %s"), NAMES_ARGUMENT },
  { "transferred", N_ ("%s transferred the conversation to %s"), NAMES_BOTH },
  { "closed", N_ ("%s closed the conversation: %s"), NAMES_BOTH },
  { "snoozed", N_ ("%s snoozed the conversation"), NAMES_SENDER },
  { "reopened", N_ ("%s reopened the conversation"), NAMES_SENDER },
  { "joined", N_ ("%s joined"), NAMES_ARGUMENT },
  { "left", N_ ("%s left"), NAMES_ARGUMENT },
};

static const struct {
  const char *key, *name;
} queue_names[] = {
  { "technical_urgent", N_ ("Urgent technical support") },
  { "technical_normal", N_ ("Technical support") },
  { "commercial", N_ ("Sales") },
  { "financial", N_ ("Billing") },
  { "cancellation", N_ ("Cancellation") },
};

/* clang-format on */

static const char *
queue_name (const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (queue_names); i++)
    if (g_str_equal (queue_names[i].key, key))
      return _ (queue_names[i].name);
  return key;
}

/* The sentence with its one or two %s filled in; never a format string from outside. */
static char *
fill (const char *sentence, const char *first, const char *second)
{
  g_auto (GStrv) parts = g_strsplit (sentence, "%s", 3);
  GString *text = g_string_new (parts[0]);

  if (parts[0] && parts[1])
    g_string_append_printf (text, "%s%s", first, parts[1]);
  if (parts[0] && parts[1] && parts[2])
    g_string_append_printf (text, "%s%s", second, parts[2]);
  return g_string_free (text, FALSE);
}

char *
guiche_message_system_text (const char *code, const char *sender_name)
{
  g_auto (GStrv) parts = g_strsplit (code ? code : "", ":", 2);
  const char *argument = parts[0] && parts[1] ? parts[1] : "";
  g_autofree char *sender =
      guiche_text_one_line (sender_name && *sender_name ? sender_name : _ ("Guichê"), 80);
  g_autofree char *detail = NULL;

  if (g_strcmp0 (parts[0], "transferred") == 0)
    argument = queue_name (argument);
  detail = guiche_text_one_line (argument, 200);
  if (g_strcmp0 (parts[0], "closed") == 0 && *detail == '\0')
    return fill (_ ("%s closed the conversation"), sender, "");
  for (guint i = 0; parts[0] && i < G_N_ELEMENTS (system_lines); i++) {
    const char *sentence = _ (system_lines[i].sentence);

    if (!g_str_equal (system_lines[i].code, parts[0]))
      continue;
    return fill (sentence, system_lines[i].names == NAMES_ARGUMENT ? detail : sender, detail);
  }
  return guiche_text_one_line (code ? code : "", 200);
}

char *
guiche_message_body_text (const GuicheMessageFacts *facts,
                          gsize max_characters,
                          gboolean *out_is_cut)
{
  char *text;

  *out_is_cut = FALSE;
  if (guiche_message_facts_is (facts, "system"))
    return guiche_message_system_text (facts->body, facts->sender_name);
  if (facts->is_deleted)
    return g_strdup (_ ("This message was deleted"));
  text = guiche_text_body (facts->body ? facts->body : "");
  if (max_characters > 0 && g_utf8_strlen (text, -1) > (glong) max_characters) {
    char *end = g_utf8_offset_to_pointer (text, (glong) max_characters);

    *end = '\0';
    *out_is_cut = TRUE;
  }
  return text;
}

const char *
guiche_message_state_text (const GuicheMessageFacts *facts)
{
  static const char *const texts[] = { N_ ("Waiting to be sent"), N_ ("Sent"), N_ ("Delivered"),
                                                                                   N_ ("Read") };

  if (!facts->is_mine || guiche_message_facts_is (facts, "system"))
    return NULL;
  if (facts->failure)
    return _ ("Not sent");
  return _ (texts[MIN (facts->state, G_N_ELEMENTS (texts) - 1)]);
}

const char *
guiche_message_state_icon (const GuicheMessageFacts *facts)
{
  static const char *const icons[] = { "guiche-message-pending-symbolic",
                                       "guiche-message-sent-symbolic",
                                       "guiche-message-delivered-symbolic",
                                       "guiche-message-read-symbolic" };

  if (!facts->is_mine || guiche_message_facts_is (facts, "note"))
    return NULL;
  if (facts->failure)
    return "dialog-warning-symbolic";
  return icons[MIN (facts->state, G_N_ELEMENTS (icons) - 1)];
}

static const char *
kind_text (const GuicheMessageFacts *facts)
{
  if (guiche_message_facts_is (facts, "voice"))
    return _ ("Voice note");
  if (guiche_message_facts_is (facts, "image"))
    return _ ("Image");
  if (guiche_message_facts_is (facts, "file"))
    return _ ("File");
  if (guiche_message_facts_is (facts, "note"))
    return _ ("Private note");
  return NULL;
}

char *
guiche_message_accessible_text (const GuicheMessageFacts *facts, const char *body)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_autofree char *clock = guiche_time_text_clock (facts->at);
  g_autofree char *name = guiche_text_one_line (facts->sender_name ? facts->sender_name : "", 80);
  const char *state = guiche_message_state_text (facts);
  const char *kind = kind_text (facts);

  if (guiche_message_facts_is (facts, "system"))
    return g_strdup (body);
  g_ptr_array_add (parts, (gpointer) (facts->is_mine ? _ ("You") : name));
  g_ptr_array_add (parts, clock);
  if (kind)
    g_ptr_array_add (parts, (gpointer) kind);
  if (*body)
    g_ptr_array_add (parts, (gpointer) body);
  if (facts->is_edited)
    g_ptr_array_add (parts, (gpointer) _ ("edited"));
  if (state)
    g_ptr_array_add (parts, (gpointer) state);
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (", ", (char **) parts->pdata);
}

void
guiche_link_free (GuicheLink *self)
{
  g_free (self->uri);
  g_free (self->host);
  g_free (self);
}

static gsize
count (const char *text, gsize start, gsize end, char wanted)
{
  gsize n = 0;

  for (gsize i = start; i < end; i++)
    n += text[i] == wanted;
  return n;
}

/* Punctuation that ends a sentence, not an address; a bracket stays when it was opened inside. */
static gsize
trim_end (const char *text, gsize start, gsize end)
{
  while (end > start && strchr (".,;:!?'\")]}*_", text[end - 1])) {
    if (text[end - 1] == ')' && count (text, start, end, ')') <= count (text, start, end, '('))
      break;
    end--;
  }
  return end;
}

static GuicheLink *
link_at (const char *text, gsize start, gsize end)
{
  g_autofree char *uri = g_strndup (text + start, end - start);
  g_autoptr (GUri) parsed =
                 g_uri_parse (uri, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_ENCODED, NULL);
  const char *host = parsed ? g_uri_get_host (parsed) : NULL;
  GuicheLink *link;
  char *ascii;

  /* a user name before the host only serves to deceive */
  if (!host || !*host || g_uri_get_userinfo (parsed))
    return NULL;
  ascii = g_hostname_to_ascii (host);
  if (!ascii)
    return NULL;
  link = g_new (GuicheLink, 1);
  *link = (GuicheLink){ start, end, g_steal_pointer (&uri), ascii };
  return link;
}

GPtrArray *
guiche_message_find_links (const char *text)
{
  static GRegex *regex;
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GPtrArray) links = NULL;

  if (!strstr (text, "://"))
    return NULL;
  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, g_regex_new ("\\bhttps?://[^\\s<>\"\\x{fffd}]+",
                                            G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL));
  links = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_link_free);
  g_regex_match (regex, text, 0, &match);
  while (g_match_info_matches (match) && links->len < MAX_LINKS) {
    int start, end;
    GuicheLink *link;

    g_match_info_fetch_pos (match, 0, &start, &end);
    link = link_at (text, (gsize) start, trim_end (text, (gsize) start, (gsize) end));
    if (link)
      g_ptr_array_add (links, link);
    g_match_info_next (match, NULL);
  }
  return links->len > 0 ? g_steal_pointer (&links) : NULL;
}

PangoAttrList *
guiche_message_link_attributes (GPtrArray *links)
{
  PangoAttrList *attributes;

  if (!links)
    return NULL;
  attributes = pango_attr_list_new ();
  for (guint i = 0; i < links->len; i++) {
    GuicheLink *link = links->pdata[i];
    PangoAttribute *underline = pango_attr_underline_new (PANGO_UNDERLINE_SINGLE);

    underline->start_index = (guint) link->start;
    underline->end_index = (guint) link->end;
    pango_attr_list_insert (attributes, underline);
  }
  return attributes;
}
