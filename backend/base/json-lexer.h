/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Private to the door: where in the text it is, and the tokens there. */
typedef struct {
  const char *start;
  const char *at;
  const char *end;
  const char *problem; /* (nullable): set once, by who fails first */
  gsize problem_position;
  GString *decoded; /* (owned) (nullable): the last string that had escapes */
} GuicheJsonLexer;

typedef struct {
  gboolean is_integer;
  gint64 integer;
  double number;
} GuicheJsonNumber;

/* All return FALSE (or NULL) once a problem is noted. */
gboolean guiche_json_lexer_fail_at (GuicheJsonLexer *self,
                                    const char *position,
                                    const char *problem);
/* After the opening quote. The result is in the text itself or in @decoded. */
gboolean guiche_json_lexer_string (GuicheJsonLexer *self, const char **out_text, gsize *out_length);
gboolean guiche_json_lexer_number (GuicheJsonLexer *self, GuicheJsonNumber *out_number);
gboolean guiche_json_lexer_literal (GuicheJsonLexer *self, const char *literal);

static inline gboolean
guiche_json_lexer_fail (GuicheJsonLexer *self, const char *problem)
{
  return guiche_json_lexer_fail_at (self, self->at, problem);
}

static inline void
guiche_json_lexer_skip_space (GuicheJsonLexer *self)
{
  while (self->at < self->end &&
         (*self->at == ' ' || *self->at == '\n' || *self->at == '\r' || *self->at == '\t'))
    self->at++;
}

static inline gboolean
guiche_json_lexer_accept (GuicheJsonLexer *self, char c)
{
  if (self->at >= self->end || *self->at != c)
    return FALSE;

  self->at++;
  return TRUE;
}

G_END_DECLS
