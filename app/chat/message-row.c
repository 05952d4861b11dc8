/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/message-row.h"

#include "audio/voice-note.h"
#include "base/text.h"
#include "chat/file-card.h"
#include "chat/message-facts.h"
#include "chat/message-text.h"
#include "chat/picture-view.h"
#include "widgets/time-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define BUBBLE_MAX_WIDTH 560
#define SIDE_MARGIN 12
#define OTHER_SIDE_MARGIN 40
#define GROUP_GAP 8
#define LINE_GAP 2

struct _GuicheMessageRow {
  GtkWidget parent_instance;
  GuicheAttachments *attachments; /* (owned) */
  GuicheMessage *message;         /* (owned) (nullable) */
  gulong notify_handler;
  guint refresh_id;
  GPtrArray *links; /* (owned) (nullable) */
  gboolean is_mine, is_system, starts_group, shows_all;
  GtkWidget *line; /* (nullable): day or unread */
  GtkWidget *bubble;
  GtkWidget *sender;  /* (nullable) */
  GtkWidget *quote;   /* (nullable) */
  GtkWidget *content; /* (nullable): voice note, file or picture */
  GtkWidget *body;
  GtkWidget *more; /* (nullable): show all */
  GtkWidget *footer;
  GtkWidget *time;
  GtkWidget *tick;  /* (nullable) */
  GtkWidget *retry; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (GuicheMessageRow, guiche_message_row, GTK_TYPE_WIDGET)

static void refresh (GuicheMessageRow *self);

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
                                gtk_widget_get_prev_sibling (self->body));
  }
  show_part (self->content, TRUE);
  fill_content (self, facts);
}

static void
on_more_clicked (GuicheMessageRow *self)
{
  self->shows_all = TRUE;
  refresh (self);
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
  gtk_box_insert_child_after (GTK_BOX (self->bubble), self->more, self->body);
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
  gtk_label_set_text (GTK_LABEL (self->body), text);
  gtk_label_set_attributes (GTK_LABEL (self->body), attributes);
  show_part (self->body, *text != '\0');
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
  const char *icon = guiche_message_state_icon (facts);
  g_autofree char *clock = facts->at > 0 ? guiche_time_text_clock (facts->at) : g_strdup ("");
  g_autofree char *text = facts->is_edited && !facts->is_deleted
      ? g_strdup_printf ("%s · %s", _ ("edited"), clock) : g_steal_pointer (&clock);

  show_part (self->footer, !self->is_system);
  if (self->is_system)
    return;
  gtk_label_set_text (GTK_LABEL (self->time), text);
  if (icon && !self->tick) {
    self->tick = gtk_image_new ();
    gtk_box_append (GTK_BOX (self->footer), self->tick);
  }
  show_part (self->tick, icon != NULL);
  if (!icon)
    return;
  gtk_image_set_from_icon_name (GTK_IMAGE (self->tick), icon);
  gtk_widget_set_tooltip_text (self->tick, guiche_message_state_text (facts));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tick), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  guiche_message_state_text (facts), -1);
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
  gtk_label_set_xalign (GTK_LABEL (self->body), self->is_system ? 0.5 : 0);
  gtk_label_set_justify (GTK_LABEL (self->body),
                         self->is_system ? GTK_JUSTIFY_CENTER : GTK_JUSTIFY_LEFT);
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
  show_part (self->body, TRUE);
  gtk_label_set_attributes (GTK_LABEL (self->body), NULL);
  gtk_label_set_text (GTK_LABEL (self->body), "…");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Loading"), -1);
}

static void
refresh (GuicheMessageRow *self)
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

static gboolean
on_refresh_due (gpointer data)
{
  GuicheMessageRow *self = data;

  self->refresh_id = 0;
  refresh (self);
  return G_SOURCE_REMOVE;
}

/* Several properties change together: one refresh for all, before the next frame. */
static void
on_notify (GuicheMessageRow *self)
{
  if (self->refresh_id == 0)
    self->refresh_id = g_idle_add_full (GDK_PRIORITY_REDRAW - 10, on_refresh_due, self, NULL);
}

/* --- layout --------------------------------------------------------------------------------------
 */

static int
gap_above (GuicheMessageRow *self)
{
  return self->starts_group || self->is_system ? GROUP_GAP : LINE_GAP;
}

static int
bubble_width (GuicheMessageRow *self, int width)
{
  int available = width - SIDE_MARGIN - (self->is_system ? SIDE_MARGIN : OTHER_SIDE_MARGIN);
  int minimum, natural;

  gtk_widget_measure (self->bubble, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  return MAX (minimum, MIN (natural, MIN (available, BUBBLE_MAX_WIDTH)));
}

static int
line_height (GuicheMessageRow *self)
{
  int natural = 0;

  if (self->line && gtk_widget_get_visible (self->line))
    gtk_widget_measure (self->line, GTK_ORIENTATION_VERTICAL, -1, NULL, &natural, NULL, NULL);
  return natural;
}

static GtkSizeRequestMode
guiche_message_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
guiche_message_row_measure (GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  GuicheMessageRow *self = GUICHE_MESSAGE_ROW (widget);
  int height;

  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = 320;
    *natural = 600;
    return;
  }
  gtk_widget_measure (self->bubble, GTK_ORIENTATION_VERTICAL,
                      bubble_width (self, for_size < 0 ? 600 : for_size), NULL, &height, NULL,
                      NULL);
  *minimum = *natural = height + line_height (self) + gap_above (self);
}

static void
guiche_message_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GuicheMessageRow *self = GUICHE_MESSAGE_ROW (widget);
  gboolean is_at_end = self->is_mine != (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL);
  int wanted = bubble_width (self, width), above = line_height (self), x = SIDE_MARGIN;

  if (above > 0)
    gtk_widget_size_allocate (self->line, &(GtkAllocation){ 0, 0, width, above }, -1);
  above += gap_above (self);
  if (self->is_system)
    x = (width - wanted) / 2;
  else if (is_at_end)
    x = width - wanted - SIDE_MARGIN;
  gtk_widget_size_allocate (self->bubble, &(GtkAllocation){ x, above, wanted, height - above }, -1);
}

/* --- the object ----------------------------------------------------------------------------------
 */

static void
guiche_message_row_dispose (GObject *object)
{
  GuicheMessageRow *self = GUICHE_MESSAGE_ROW (object);

  guiche_message_row_set_message (self, NULL);
  g_clear_pointer (&self->line, gtk_widget_unparent);
  g_clear_pointer (&self->bubble, gtk_widget_unparent);
  g_clear_object (&self->attachments);
  G_OBJECT_CLASS (guiche_message_row_parent_class)->dispose (object);
}

static void
retry_activate (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GuicheMessageRow *self = GUICHE_MESSAGE_ROW (widget);

  guiche_desk_retry_send (guiche_attachments_get_desk (self->attachments), self->message);
}

static void
guiche_message_row_class_init (GuicheMessageRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_message_row_dispose;
  widget_class->get_request_mode = guiche_message_row_get_request_mode;
  widget_class->measure = guiche_message_row_measure;
  widget_class->size_allocate = guiche_message_row_size_allocate;
  gtk_widget_class_install_action (widget_class, "message.retry-this", NULL, retry_activate);
  gtk_widget_class_set_css_name (widget_class, "message");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
guiche_message_row_init (GuicheMessageRow *self)
{
  self->bubble = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_add_css_class (self->bubble, "bubble");
  gtk_widget_set_parent (self->bubble, GTK_WIDGET (self));
  self->body = new_label ("message-text");
  gtk_label_set_wrap (GTK_LABEL (self->body), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->body), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (self->body), TRUE);
  gtk_widget_set_focus_on_click (self->body, FALSE);
  gtk_box_append (GTK_BOX (self->bubble), self->body);
  self->footer = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  gtk_widget_set_halign (self->footer, GTK_ALIGN_END);
  self->time = new_label ("time");
  gtk_box_append (GTK_BOX (self->footer), self->time);
  gtk_box_append (GTK_BOX (self->bubble), self->footer);
}

GtkWidget *
guiche_message_row_new (GuicheAttachments *attachments)
{
  GuicheMessageRow *self = g_object_new (GUICHE_TYPE_MESSAGE_ROW, NULL);

  self->attachments = g_object_ref (attachments);
  return GTK_WIDGET (self);
}

void
guiche_message_row_set_message (GuicheMessageRow *self, GuicheMessage *message)
{
  if (self->message)
    g_clear_signal_handler (&self->notify_handler, self->message);
  g_clear_handle_id (&self->refresh_id, g_source_remove);
  self->shows_all = FALSE;
  g_set_object (&self->message, message);
  if (!message) {
    g_clear_pointer (&self->links, g_ptr_array_unref);
    return;
  }
  self->notify_handler = g_signal_connect_swapped (message, "notify", G_CALLBACK (on_notify), self);
  refresh (self);
}

GuicheMessage *
guiche_message_row_get_message (GuicheMessageRow *self)
{
  return self->message;
}

void
guiche_message_row_set_highlighted (GuicheMessageRow *self, gboolean is_highlighted)
{
  set_class (GTK_WIDGET (self), "highlighted", is_highlighted);
}

char *
guiche_message_row_link_at (GuicheMessageRow *self, double x, double y)
{
  PangoLayout *layout = gtk_label_get_layout (GTK_LABEL (self->body));
  double body_x, body_y;
  int layout_x, layout_y, index, trailing;

  if (!self->links ||
      !gtk_widget_translate_coordinates (GTK_WIDGET (self), self->body, x, y, &body_x, &body_y))
    return NULL;
  gtk_label_get_layout_offsets (GTK_LABEL (self->body), &layout_x, &layout_y);
  if (!pango_layout_xy_to_index (layout, (int) (body_x - layout_x) * PANGO_SCALE,
                                 (int) (body_y - layout_y) * PANGO_SCALE, &index, &trailing))
    return NULL;
  for (guint i = 0; i < self->links->len; i++) {
    GuicheLink *link = self->links->pdata[i];

    if (link->start <= (gsize) index && (gsize) index < link->end)
      return g_strdup (link->uri);
  }
  return NULL;
}

char *
guiche_message_row_dup_selection (GuicheMessageRow *self)
{
  const char *text = gtk_label_get_text (GTK_LABEL (self->body));
  int start, end;

  if (!gtk_label_get_selection_bounds (GTK_LABEL (self->body), &start, &end))
    return NULL;
  return g_utf8_substring (text, MIN (start, end), MAX (start, end));
}
