/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "banking/cnab-group.h"
#include "banking/cnab-lines.h"

G_BEGIN_DECLS

/**
 * GuicheCnabReader:
 *
 * Reads CNAB 240 and 400, remessa and retorno, as bytes come; memory does not grow with the file.
 * Strict: widths, line ends, encoding, order of records, banks, lotes, sequence numbers, counters
 * and numbers. A refusal names line and column, and what was given before it is to be thrown away:
 * read once to check, or commit at the end. What is unknown (versions, movements, segments, record
 * types) is kept in its group and reported as a notice.
 */
typedef struct _GuicheCnabReader GuicheCnabReader;

typedef enum {
  GUICHE_CNAB_READ_MORE, /* feed again, or finish */
  GUICHE_CNAB_READ_GROUP,
  GUICHE_CNAB_READ_END,
  GUICHE_CNAB_READ_REFUSED, /* for good */
} GuicheCnabRead;

/* Something to look at that makes no difference to what was read. */
typedef struct {
  guint64 line;
  guint column;
  const char *code; /* `version`, `movement`, `segment`, `record`, `date`, `number`, `counter` */
  char *message;    /* (owned) */
} GuicheCnabNotice;

#define GUICHE_CNAB_MAX_NOTICES 100

GuicheCnabReader *guiche_cnab_reader_new (GuicheCnabFlags flags);
void guiche_cnab_reader_free (GuicheCnabReader *self);
/* @data is borrowed until the reader asks for more. */
void guiche_cnab_reader_feed (GuicheCnabReader *self, const char *data, gsize length);
void guiche_cnab_reader_finish (GuicheCnabReader *self);
/* @out_group: borrowed until the next call. */
GuicheCnabRead guiche_cnab_reader_next (GuicheCnabReader *self,
                                        const GuicheCnabGroup **out_group,
                                        GError **error);

/* (nullable) until the first group was given */
const GuicheCnabLayout *guiche_cnab_reader_layout (const GuicheCnabReader *self);
const char *guiche_cnab_reader_bank (const GuicheCnabReader *self);
/* '1' remessa, '2' retorno, NUL while nothing said so */
char guiche_cnab_reader_direction (const GuicheCnabReader *self);
guint64 guiche_cnab_reader_lines (const GuicheCnabReader *self);
/* (element-type GuicheCnabNotice): the first GUICHE_CNAB_MAX_NOTICES of them, and how many in all
 */
GPtrArray *guiche_cnab_reader_notices (const GuicheCnabReader *self, guint64 *out_n_all);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheCnabReader, guiche_cnab_reader_free)

G_END_DECLS
