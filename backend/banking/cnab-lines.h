/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/cnab-layout.h"

G_BEGIN_DECLS

/**
 * GuicheCnabFlags:
 * @GUICHE_CNAB_STRICT: one width, CR and LF after every line, ISO-8859-1 without control characters
 * @GUICHE_CNAB_TRIMMED: lines may lack their last blanks
 * @GUICHE_CNAB_LF: lines may end with LF alone, and the last one with nothing
 * @GUICHE_CNAB_BOM: a byte order mark may stand at the beginning
 * @GUICHE_CNAB_SUB: 0x1A, the end of file of old systems, may stand at the end
 */
typedef enum {
  GUICHE_CNAB_STRICT = 0,
  GUICHE_CNAB_TRIMMED = 1 << 0,
  GUICHE_CNAB_LF = 1 << 1,
  GUICHE_CNAB_BOM = 1 << 2,
  GUICHE_CNAB_SUB = 1 << 3,
} GuicheCnabFlags;

#define GUICHE_CNAB_LENIENT                                                                        \
  (GUICHE_CNAB_TRIMMED | GUICHE_CNAB_LF | GUICHE_CNAB_BOM | GUICHE_CNAB_SUB)

typedef enum {
  GUICHE_CNAB_LINES_MORE, /* feed again, or finish */
  GUICHE_CNAB_LINES_LINE,
  GUICHE_CNAB_LINES_END,
  GUICHE_CNAB_LINES_REFUSED,
} GuicheCnabLinesStep;

/* Bytes as they come into lines of one width. Holds at most one line of its own. */
typedef struct {
  GuicheCnabFlags flags;
  const char *data; /* borrowed until the next feed */
  gsize length, position;
  gboolean is_finished;
  char carry[GUICHE_CNAB_MAX_WIDTH + 4]; /* a line that a feed cut */
  guint n_carry;
  char padded[GUICHE_CNAB_MAX_WIDTH];
  guint64 line; /* of the line given last, from 1 */
  guint width;  /* 0 until the first line */
} GuicheCnabLines;

void guiche_cnab_lines_init (GuicheCnabLines *self, GuicheCnabFlags flags);
void guiche_cnab_lines_feed (GuicheCnabLines *self, const char *data, gsize length);
void guiche_cnab_lines_finish (GuicheCnabLines *self);
/* @out_line: @width bytes, borrowed until the next call. */
GuicheCnabLinesStep guiche_cnab_lines_next (GuicheCnabLines *self,
                                            const char **out_line,
                                            GError **error);

G_END_DECLS
