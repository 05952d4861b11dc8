/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/canned-text.h"
#include "chat/composer-private.h"

static const GuicheSuggestionKind canned_kind = { "title", "body", "shortcut" };
static const GuicheSuggestionKind people_kind = { "name", "login", "login" };

static void
insert_canned (GuicheComposer *self, GObject *reply)
{
  GuicheCustomer *customer = guiche_conversation_get_customer (self->conversation);
  g_autofree char *body = NULL;
  g_autofree char *plan = NULL;
  g_autofree char *contract = NULL;
  g_autofree char *text = NULL;
  GuicheCannedValues values = { .agent_name =
                                    guiche_person_get_name (guiche_desk_get_me (self->desk)) };

  g_object_get (reply, "body", &body, NULL);
  if (customer) {
    g_object_get (customer, "plan", &plan, "contract", &contract, NULL);
    values.customer_name = guiche_customer_get_name (customer);
    values.customer_plan = plan;
    values.customer_contract = contract;
  }
  text = guiche_canned_text_fill (body ? body : "", &values);
  guiche_composer_text_replace_word (self->text, '/', text);
}

static void
on_chosen (GuicheComposer *self, GObject *item)
{
  if (GUICHE_IS_CANNED_REPLY (item)) {
    insert_canned (self, item);
  } else {
    g_autofree char *login = NULL;
    g_autofree char *mention = NULL;

    g_object_get (item, "login", &login, NULL);
    mention = g_strdup_printf ("@%s ", login);
    guiche_composer_text_replace_word (self->text, '@', mention);
  }
  guiche_composer_focus (self);
}

static void
place (GuicheComposer *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (self->text);
  GdkRectangle cursor;
  int x, y;

  gtk_text_view_get_cursor_locations (view, NULL, &cursor, NULL);
  gtk_text_view_buffer_to_window_coords (view, GTK_TEXT_WINDOW_WIDGET, cursor.x, cursor.y, &x, &y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->suggestions),
                               &(GdkRectangle){ x, y, 1, cursor.height });
}

static void
offer (GuicheComposer *self, GListModel *items, const GuicheSuggestionKind *kind, const char *word)
{
  if (!self->suggestions) {
    self->suggestions = GUICHE_SUGGESTIONS (guiche_suggestions_new ());
    gtk_widget_set_parent (GTK_WIDGET (self->suggestions), GTK_WIDGET (self->text));
    g_signal_connect_swapped (self->suggestions, "chosen", G_CALLBACK (on_chosen), self);
  }
  place (self);
  guiche_suggestions_offer (self->suggestions, items, kind, word);
}

void
guiche_composer_suggest (GuicheComposer *self)
{
  g_autofree char *canned = guiche_composer_text_dup_word (self->text, '/');
  g_autofree char *mention = canned ? NULL : guiche_composer_text_dup_word (self->text, '@');
  gboolean is_internal =
      g_strcmp0 (guiche_conversation_get_kind (self->conversation), "customer") != 0;

  if (canned)
    offer (self, guiche_desk_get_canned_replies (self->desk), &canned_kind, canned);
  else if (mention && (is_internal || self->is_note))
    offer (self, guiche_desk_get_people (self->desk), &people_kind, mention);
  else if (self->suggestions)
    guiche_suggestions_close (self->suggestions);
}

void
guiche_composer_suggest_canned (GuicheComposer *self)
{
  guiche_composer_focus (self);
  offer (self, guiche_desk_get_canned_replies (self->desk), &canned_kind, "");
}
