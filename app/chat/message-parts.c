/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/voice-note.h"
#include "base/text.h"
#include "chat/file-card.h"
#include "chat/message-facts.h"
#include "chat/message-row-private.h"
#include "chat/message-text.h"
#include "chat/picture-view.h"
#include "widgets/time-text.h"

#include <glib/gi18n.h>
#include <string.h>

/* --- parts ---------------------------------------------------------------------------------------
 */

static void
show_part (GtkWidget *part, gboolean is_shown)
{
  if (part && gtk_widget_get_visible (part) != is_shown)
    gtk_widget_set_visible (part, is_shown);
}

static GtkWidget *
new_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
show_line (GuicheMessageRow *self, const GuicheMessageFacts *facts)
{
  g_autofree char *day = NULL;
  g_autofree char *text = NULL;

  show_part (self->line, facts->starts_day || facts->is_first_unread);
  if (!facts->starts_day && !facts->is_first_unread)
    return;
  if (!self->line) {
    self->line = gtk_label_new (NULL);
    gtk_widget_add_css_class (self->line, "line");
    gtk_widget_insert_before (self->line, GTK_WIDGET (self), self->bubble);
  }
  if (facts->starts_day)
    day = guiche_time_text_day (facts->at, g_get_real_time ());
  if (facts->starts_day && facts->is_first_unread)
    text = g_strdup_printf ("%s · %s", day, _ ("New messages"));
  gtk_label_set_text (GTK_LABEL (self->line), text ? text : day ? day : _ ("New messages"));
  if (facts->is_first_unread)
    gtk_widget_add_css_class (self->line, "unread");
  else
    gtk_widget_remove_css_class (self->line, "unread");
}

static void
show_sender (GuicheMessageRow *self, const GuicheMessageFacts *facts)
{
  gboolean is_note = guiche_message_facts_is (facts, "note");
  gboolean is_shown = !self->is_system && ((facts->starts_group && !facts->is_mine) || is_note);
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  show_part (self->sender, is_shown);
  if (!is_shown)
    return;
  if (!self->sender) {
    self->sender = new_label ("sender");
    gtk_label_set_ellipsize (GTK_LABEL (self->sender), PANGO_ELLIPSIZE_END);
    gtk_box_prepend (GTK_BOX (self->bubble), self->sender);
  }
  name = guiche_text_one_line (facts->is_mine                           ? _ ("You")
                                                   : facts->sender_name ? facts->sender_name
                                                                        : "",
                                                   80);
  if (is_note)
    text = g_strdup_printf ("%s · %s", _ ("Private note"), name);
  gtk_label_set_text (GTK_LABEL (self->sender), text ? text : name);
}

static GtkLabel *
label_of (GtkWidget *button)
{
  return GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button)));
}

/* (transfer full) */
static PangoAttrList *
bold_until (gsize end)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  PangoAttribute *bold = pango_attr_weight_new (PANGO_WEIGHT_BOLD);

  bold->end_index = (guint) end;
  pango_attr_list_insert (attributes, bold);
  return attributes;
}

static void
show_quote (GuicheMessageRow *self, const GuicheMessageFacts *facts)
{
  gboolean is_shown = !facts->is_deleted && (facts->quote_seq > 0 || facts->quote_body);
  g_autofree char *name = NULL;
  g_autofree char *body = NULL;
  g_autofree char *text = NULL;
  g_autoptr (PangoAttrList) attributes = NULL;

  show_part (self->quote, is_shown);
  if (!is_shown)
    return;
  if (!self->quote) {
    GtkWidget *label = new_label ("quote-text");

    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
    gtk_label_set_lines (GTK_LABEL (label), 2);
    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
    self->quote = gtk_button_new ();
    gtk_button_set_child (GTK_BUTTON (self->quote), label);
    gtk_widget_add_css_class (self->quote, "quote");
    gtk_widget_add_css_class (self->quote, "flat");
    gtk_box_insert_child_after (GTK_BOX (self->bubble), self->quote,
                                self->sender ? self->sender : NULL);
  }
  name = guiche_text_one_line (facts->quote_sender ? facts->quote_sender : "", 60);
  body = guiche_text_one_line (facts->quote_body ? facts->quote_body : "", 200);
  text = g_strdup_printf ("%s\n%s", name, *body ? body : _ ("Attachment"));
  attributes = bold_until (strlen (name));
  gtk_label_set_text (label_of (self->quote), text);
  gtk_label_set_attributes (label_of (self->quote), attributes);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->quote), "x", facts->quote_seq);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->quote), "message.show-quoted");
  gtk_widget_set_tooltip_text (self->quote, _ ("Go to the quoted message"));
}

static void
on_play_requested (GuicheMessageRow *self, gint64 start_ms)
{
  g_auto (GuicheMessageFacts) facts;

  guiche_message_facts_read (&facts, self->message);
  if (facts.attachment)
    guiche_attachments_play (self->attachments, facts.id && *facts.id ? facts.id : facts.client_id,
                             facts.attachment, start_ms);
}

static GtkWidget *
make_content (GuicheMessageRow *self, GType type)
{
  GtkWidget *content;

  if (type == GUICHE_TYPE_PICTURE_VIEW)
    return guiche_picture_view_new (self->attachments);
  if (type == GUICHE_TYPE_FILE_CARD)
    return guiche_file_card_new (self->attachments);
  content = guiche_voice_note_new (guiche_attachments_get_player (self->attachments));
  g_signal_connect_swapped (content, "play-requested", G_CALLBACK (on_play_requested), self);
  return content;
}

static void
fill_content (GuicheMessageRow *self, const GuicheMessageFacts *facts)
{
  g_autoptr (GBytes) waveform = NULL;
  gint64 duration_ms = 0;

  if (GUICHE_IS_PICTURE_VIEW (self->content)) {
    guiche_picture_view_set (GUICHE_PICTURE_VIEW (self->content), facts->attachment);
    return;
  }
  if (GUICHE_IS_FILE_CARD (self->content)) {
    guiche_file_card_set (GUICHE_FILE_CARD (self->content), facts->attachment);
    return;
  }
  g_object_get (facts->attachment, "duration-ms", &duration_ms, "waveform", &waveform, NULL);
  guiche_voice_note_set (GUICHE_VOICE_NOTE (self->content),
                         facts->id && *facts->id ? facts->id : facts->client_id, duration_ms,
                         waveform);
}

static void
show_content (GuicheMessageRow *self, const GuicheMessageFacts *facts)
{
  GType type = GUICHE_TYPE_FILE_CARD;

  if (!facts->attachment || facts->is_deleted) {
    show_part (self->content, FALSE);
    return;
  }
  if (guiche_message_facts_is (facts, "voice"))
    type = GUICHE_TYPE_VOICE_NOTE;
  else if (guiche_message_facts_is (facts, "image"))
    type = GUICHE_TYPE_PICTURE_VIEW;
  if (self->content && !G_TYPE_CHECK_INSTANCE_TYPE (self->content, type)) {
    gtk_box_remove (GTK_BOX (self->bubble), self->content);
    self->content = NULL;
  }
  if (!self->content) {
    self->content = make_content (self, type);
    gtk_box_insert_child_after (GTK_BOX (self->bubble), self->content,
                                gtk_widget_get_prev_sibling (GTK_WIDGET (self->body)));
  }
  show_part (self->content, TRUE);
  fill_content (self, facts);
}

static void
on_more_clicked (GuicheMessageRow *self)
{
  self->shows_all = TRUE;
  guiche_message_row_refresh (self);
}

static void
show_more (GuicheMessageRow *self, gboolean is_cut)
{
  show_part (self->more, is_cut);
  if (!is_cut || self->more)
    return;
  self->more = gtk_button_new_with_label (_ ("Show all"));
  gtk_widget_add_css_class (self->more, "flat");
  gtk_widget_set_halign (self->more, GTK_ALIGN_START);
  g_signal_connect_swapped (self->more, "clicked", G_CALLBACK (on_more_clicked), self);
  gtk_box_insert_child_after (GTK_BOX (self->bubble), self->more, GTK_WIDGET (self->body));
}

static void
show_body (GuicheMessageRow *self, const GuicheMessageFacts *facts)
{
  gboolean is_cut;
  g_autofree char *text = guiche_message_body_text (
      facts, self->shows_all ? 0 : GUICHE_MESSAGE_SHOWN_CHARACTERS, &is_cut);
  g_autofree char *accessible = guiche_message_accessible_text (facts, text);
  g_autoptr (PangoAttrList) attributes = NULL;

  g_clear_pointer (&self->links, g_ptr_array_unref);
  if (!self->is_system && !facts->is_deleted)
    self->links = guiche_message_find_links (text);
  attributes = guiche_message_link_attributes (self->links);
  guiche_message_text_view_set (self->body, text, attributes,
                                self->is_system ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
  show_part (GTK_WIDGET (self->body), *text != '\0');
  show_more (self, is_cut);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, accessible,
                                  -1);
}

static void
show_retry (GuicheMessageRow *self, const GuicheMessageFacts *facts)
{
  show_part (self->retry, facts->failure != NULL);
  if (!facts->failure || self->retry)
    return;
  self->retry = gtk_button_new_with_label (_ ("Not sent. Try Again"));
  gtk_widget_add_css_class (self->retry, "flat");
  gtk_widget_add_css_class (self->retry, "retry");
  gtk_widget_set_halign (self->retry, GTK_ALIGN_END);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->retry), "message.retry-this");
  gtk_box_append (GTK_BOX (self->bubble), self->retry);
}

static void
show_footer (GuicheMessageRow *self, const GuicheMessageFacts *facts)
{
  g_autofree char *clock = facts->at > 0 ? guiche_time_text_clock (facts->at) : g_strdup ("");
  g_autofree char *text = facts->is_edited && !facts->is_deleted
      ? g_strdup_printf ("%s · %s", _ ("edited"), clock) : g_steal_pointer (&clock);

  show_part (GTK_WIDGET (self->footer), !self->is_system);
  if (!self->is_system)
    guiche_message_footer_set (self->footer, text, guiche_message_state_icon (facts),
                               guiche_message_state_text (facts));
}

static void
set_class (GtkWidget *widget, const char *name, gboolean is_set)
{
  if (is_set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
show_kind (GuicheMessageRow *self, const GuicheMessageFacts *facts)
{
  gboolean is_note = guiche_message_facts_is (facts, "note");

  self->is_system = guiche_message_facts_is (facts, "system");
  self->is_mine = facts->is_mine && !self->is_system;
  self->starts_group = facts->starts_group;
  set_class (self->bubble, "system", self->is_system);
  set_class (self->bubble, "note", is_note);
  set_class (self->bubble, "mine", self->is_mine && !is_note);
  set_class (self->bubble, "theirs", !self->is_mine && !self->is_system && !is_note);
  set_class (self->bubble, "deleted", facts->is_deleted);
  set_class (self->bubble, "first", facts->starts_group);
}

static void
show_loading (GuicheMessageRow *self)
{
  show_part (self->content, FALSE);
  show_part (self->quote, FALSE);
  show_part (self->sender, FALSE);
  show_part (self->line, FALSE);
  show_part (self->retry, FALSE);
  show_part (self->more, FALSE);
  show_part (GTK_WIDGET (self->body), TRUE);
  guiche_message_text_view_set (self->body, "…", NULL, PANGO_ALIGN_LEFT);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Loading"), -1);
}

void
guiche_message_row_refresh (GuicheMessageRow *self)
{
  g_auto (GuicheMessageFacts) facts = { 0 };

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  if (!self->message)
    return;
  guiche_message_facts_read (&facts, self->message);
  show_kind (self, &facts);
  set_class (GTK_WIDGET (self), "loading", facts.is_loading);
  if (facts.is_loading) {
    show_loading (self);
    return;
  }
  show_line (self, &facts);
  show_sender (self, &facts);
  show_quote (self, &facts);
  show_content (self, &facts);
  show_body (self, &facts);
  show_footer (self, &facts);
  show_retry (self, &facts);
}
