/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheSuggestions:
 *
 * A list over the text that is being written: canned replies, colleagues. Keeps the focus in the
 * text; the arrows, Enter, Tab and Escape go through guiche_suggestions_handle_key().
 *
 * Signal: `chosen` (GObject): the item.
 */
#define GUICHE_TYPE_SUGGESTIONS (guiche_suggestions_get_type ())
G_DECLARE_FINAL_TYPE (GuicheSuggestions, guiche_suggestions, GUICHE, SUGGESTIONS, GtkPopover)

typedef struct {
  const char *title_property, *detail_property, *key_property;
} GuicheSuggestionKind;

GtkWidget *guiche_suggestions_new (void);
/* Offers those of @items whose key begins with, or whose title contains, @word (accents folded);
 * closes when there is none. */
void guiche_suggestions_offer (GuicheSuggestions *self,
                               GListModel *items,
                               const GuicheSuggestionKind *kind,
                               const char *word);
gboolean guiche_suggestions_handle_key (GuicheSuggestions *self, guint keyval);
gboolean guiche_suggestions_is_open (GuicheSuggestions *self);
void guiche_suggestions_close (GuicheSuggestions *self);

G_END_DECLS
