/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheComposerText:
 *
 * The text entry of the composer: Enter sends or breaks the line as the person set it, images are
 * pasted, files dropped.
 *
 * Property: `placeholder` (string), `enter-sends` (boolean).
 * Signals: `send` (); `cancel` () on Escape; `edit-last` () on Up in an empty text; `image-pasted`
 * (GdkTexture); `files-dropped` (GdkFileList); `key` (uint keyval) → boolean: keys offered first to
 * an open list of suggestions.
 */
#define GUICHE_TYPE_COMPOSER_TEXT (guiche_composer_text_get_type ())
G_DECLARE_FINAL_TYPE (GuicheComposerText, guiche_composer_text, GUICHE, COMPOSER_TEXT, GtkTextView)

GtkWidget *guiche_composer_text_new (void);
char *guiche_composer_text_dup (GuicheComposerText *self);
void guiche_composer_text_set (GuicheComposerText *self, const char *text);
/* Inserts at the cursor, over the selection. */
void guiche_composer_text_insert (GuicheComposerText *self, const char *text);
/* (nullable) (transfer full): the word before the cursor when it begins with @mark at a word's
 * start (“/bol”, “@an”), without the mark. */
char *guiche_composer_text_dup_word (GuicheComposerText *self, char mark);
/* Replaces that word with its mark. */
void guiche_composer_text_replace_word (GuicheComposerText *self, char mark, const char *text);
void guiche_composer_text_set_placeholder (GuicheComposerText *self, const char *placeholder);

G_END_DECLS
