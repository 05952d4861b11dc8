/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "audio/recorder-bar.h"
#include "chat/composer-text.h"
#include "chat/composer.h"
#include "chat/outgoing-file.h"
#include "chat/suggestions.h"
#include "chat/undo-bar.h"

G_BEGIN_DECLS

/* Shared by the composer's files: composer.c (state and look), composer-send.c (what leaves),
 * composer-actions.c (`composer.*`), composer-suggest.c (canned replies and mentions),
 * composer-voice.c (recording). */
struct _GuicheComposer {
  GtkBox parent_instance;
  GuicheUndoBar *undo_bar;
  GtkWidget *reference_bar;
  GtkImage *reference_icon;
  GtkLabel *reference_title;
  GtkLabel *reference_text;
  GtkWidget *note_label;
  GtkStack *stack;
  GtkWidget *text_frame;
  GuicheComposerText *text;
  GtkMenuButton *add_button;
  GtkMenuButton *emoji_button;
  GtkWidget *record_button;
  GtkWidget *send_button;
  GtkLabel *blocked_label;
  GtkButton *blocked_button;
  GuicheRecorderBar *recorder_bar; /* (nullable): made when first needed */
  GuicheSuggestions *suggestions;  /* (nullable) */

  GuicheDesk *desk;                  /* (owned) (nullable) */
  GuichePlayer *player;              /* (owned) (nullable) */
  GSettings *settings;               /* (owned) */
  GSimpleActionGroup *actions;       /* (owned) */
  GuicheConversation *conversation;  /* (owned) (nullable) */
  GuicheConversation *recording_for; /* (owned) (nullable): a voice note goes where it was begun */
  GuicheMessage *quoted;             /* (owned) (nullable) */
  GuicheMessage *edited;             /* (owned) (nullable) */
  gulong state_handler;
  guint typing_id;
  gint64 typing_told_us;
  gint64 pressed_us; /* the record button went down, 0: it is up */
  gboolean is_note;
  gboolean is_filling; /* the text is set by the program, not by the person */
};

/* composer.c */
void guiche_composer_update (GuicheComposer *self);
void guiche_composer_set_note (GuicheComposer *self, gboolean is_note);
void guiche_composer_fill (GuicheComposer *self, const char *text);
void guiche_composer_clear_reference (GuicheComposer *self);
gboolean guiche_composer_can_write (GuicheComposer *self);

/* composer-send.c */
void guiche_composer_send (GuicheComposer *self, gint64 send_at_us);
void guiche_composer_send_file (GuicheComposer *self, GuicheOutgoingFile *file);
void guiche_composer_send_recording (GuicheComposer *self, GuicheRecording *recording);
void guiche_composer_undo (GuicheComposer *self);

/* composer-actions.c */
void guiche_composer_add_actions (GuicheComposer *self);
void guiche_composer_update_actions (GuicheComposer *self);

/* composer-suggest.c */
void guiche_composer_suggest (GuicheComposer *self);
void guiche_composer_suggest_canned (GuicheComposer *self);

/* composer-voice.c */
void guiche_composer_add_record_gesture (GuicheComposer *self);
void guiche_composer_record (GuicheComposer *self);

G_END_DECLS
