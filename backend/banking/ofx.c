/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/ofx.h"

#include "banking/refusal.h"

#include <string.h>

#define MAX_TAG 64
#define MAX_VALUE 4096
#define WINDOWS_1252 "WINDOWS-1252"

/* What a statement says that is kept until its movement is complete. */
typedef enum {
  FITID,
  TRNTYPE,
  MEMO,
  NAME,
  CHECKNUM,
  REFNUM,
  TRNAMT,
  DTPOSTED,
  N_OF_MOVEMENT,
  BANKID = N_OF_MOVEMENT,
  BRANCHID,
  ACCTID,
  BALAMT,
  DTASOF,
  N_LEAVES
} Leaf;

static const char *const leaf_names[N_LEAVES] = {
  "FITID",    "TRNTYPE", "MEMO",     "NAME",   "CHECKNUM", "REFNUM", "TRNAMT",
  "DTPOSTED", "BANKID",  "BRANCHID", "ACCTID", "BALAMT",   "DTASOF",
};

typedef enum {
  IN_TEXT,
  IN_TAG
} State;

struct _GuicheOfxReader {
  GuicheStatementFunc visit;
  gpointer data;
  State state;
  GString *tag, *value;
  GString *leaves[N_LEAVES];
  Leaf leaf; /* whose value comes, or N_LEAVES */
  gboolean is_open, is_closed, is_refused;
  gboolean in_movement, in_balance, has_balance;
  gint64 balance_cents;
  GuicheDay balance_day;
  guint64 line, tag_line;
  guint column, tag_column;
};

GuicheOfxReader *
guiche_ofx_reader_new (GuicheStatementFunc visit, gpointer data)
{
  GuicheOfxReader *self = g_new0 (GuicheOfxReader, 1);

  self->visit = visit;
  self->data = data;
  self->tag = g_string_new (NULL);
  self->value = g_string_new (NULL);
  for (guint i = 0; i < N_LEAVES; i++)
    self->leaves[i] = g_string_new (NULL);
  self->leaf = N_LEAVES;
  self->line = 1;
  self->balance_day = GUICHE_DAY_NONE;
  return self;
}

void
guiche_ofx_reader_free (GuicheOfxReader *self)
{
  g_string_free (self->tag, TRUE);
  g_string_free (self->value, TRUE);
  for (guint i = 0; i < N_LEAVES; i++)
    g_string_free (self->leaves[i], TRUE);
  g_free (self);
}

static gboolean
refuse (GuicheOfxReader *self,
        const char *field,
        const char *reason,
        const char *what,
        GError **error)
{
  self->is_refused = TRUE;
  return guiche_banking_refuse_at (error, self->tag_line, self->tag_column, field, reason, "%s",
                                   what);
}

/* &amp; and its like, and numbers of characters; anything else stays as it is. */
static void
decode_entities (GString *text)
{
  static const struct {
    const char *name, *character;
  } entities[] = { { "&lt;", "<" },   { "&gt;", ">" },   { "&quot;", "\"" },
                   { "&apos;", "'" }, { "&nbsp;", " " }, { "&amp;", "&" } };

  if (strchr (text->str, '&') == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (entities); i++)
    g_string_replace (text, entities[i].name, entities[i].character, 0);
}

static void
store_value (GuicheOfxReader *self)
{
  GString *leaf;
  char *text;

  if (self->leaf == N_LEAVES)
    return;
  leaf = self->leaves[self->leaf];
  g_string_truncate (leaf, 0);
  if (g_utf8_validate (self->value->str, (gssize) self->value->len, NULL)) {
    g_string_append (leaf, self->value->str);
  } else {
    g_autofree char *converted = g_convert_with_fallback (
        self->value->str, (gssize) self->value->len, "UTF-8", WINDOWS_1252, "?", NULL, NULL, NULL);

    g_string_append (leaf, converted != NULL ? converted : "");
  }
  decode_entities (leaf);
  text = g_strdup (leaf->str);
  g_string_assign (leaf, g_strstrip (text));
  g_free (text);
  self->leaf = N_LEAVES;
}

static const char *
text_of (const GuicheOfxReader *self, Leaf leaf)
{
  return self->leaves[leaf]->str;
}

static gboolean
end_movement (GuicheOfxReader *self, GError **error)
{
  g_autofree char *memo = NULL;
  GuicheStatementLine line = {
    .bank = text_of (self, BANKID),
    .branch = text_of (self, BRANCHID),
    .account = text_of (self, ACCTID),
    .fitid = text_of (self, FITID),
    .kind = text_of (self, TRNTYPE),
    .document =
        *text_of (self, CHECKNUM) != '\0' ? text_of (self, CHECKNUM) : text_of (self, REFNUM),
  };

  self->in_movement = FALSE;
  if (*line.fitid == '\0')
    return refuse (self, "FITID", "required", "a movement without FITID", error);
  if (!guiche_ofx_parse_amount (text_of (self, TRNAMT), &line.amount_cents))
    return refuse (self, "TRNAMT", "number", "TRNAMT is no amount", error);
  if (!guiche_ofx_parse_day (text_of (self, DTPOSTED), &line.posted))
    return refuse (self, "DTPOSTED", "date", "DTPOSTED is no day", error);
  memo = *text_of (self, NAME) == '\0' || *text_of (self, MEMO) == '\0'
             ? g_strconcat (text_of (self, NAME), text_of (self, MEMO), NULL)
             : g_strconcat (text_of (self, NAME), " ", text_of (self, MEMO), NULL);
  line.memo = memo;
  self->visit (&line, self->data);
  return TRUE;
}

static gboolean
end_balance (GuicheOfxReader *self, GError **error)
{
  self->in_balance = FALSE;
  if (!guiche_ofx_parse_amount (text_of (self, BALAMT), &self->balance_cents))
    return refuse (self, "BALAMT", "number", "BALAMT is no amount", error);
  self->has_balance = TRUE;
  guiche_ofx_parse_day (text_of (self, DTASOF), &self->balance_day);
  return TRUE;
}

static gboolean
begin_tag (GuicheOfxReader *self, const char *name, GError **error)
{
  if (strcmp (name, "STMTTRN") == 0) {
    if (self->in_movement)
      return refuse (self, NULL, "order", "a movement within a movement", error);
    self->in_movement = TRUE;
    for (guint i = 0; i < N_OF_MOVEMENT; i++)
      g_string_truncate (self->leaves[i], 0);
    return TRUE;
  }
  if (strcmp (name, "LEDGERBAL") == 0)
    self->in_balance = TRUE;
  for (guint i = 0; i < N_LEAVES; i++)
    if (strcmp (leaf_names[i], name) == 0 &&
        (i >= N_OF_MOVEMENT ? i < BALAMT || self->in_balance : self->in_movement))
      self->leaf = (Leaf) i;
  return TRUE;
}

static gboolean
end_tag (GuicheOfxReader *self, const char *name, GError **error)
{
  if (strcmp (name, "STMTTRN") == 0)
    return self->in_movement ? end_movement (self, error)
                             : refuse (self, NULL, "order", "no movement ends here", error);
  if (strcmp (name, "LEDGERBAL") == 0 && self->in_balance)
    return end_balance (self, error);
  if (strcmp (name, "OFX") == 0)
    self->is_closed = TRUE;
  return TRUE;
}

static gboolean
handle_tag (GuicheOfxReader *self, GError **error)
{
  char *name = self->tag->str;
  char *blank = strpbrk (name, " \t\r\n/");

  store_value (self);
  g_string_truncate (self->value, 0);
  if (*name == '?' || *name == '!')
    return TRUE;
  if (self->is_closed)
    return refuse (self, NULL, "order", "something after </OFX>", error);
  if (blank != NULL && blank != name)
    *blank = '\0';
  for (char *at = name; *at != '\0'; at++)
    *at = g_ascii_toupper (*at);
  if (!self->is_open) {
    self->is_open = strcmp (name, "OFX") == 0;
    return self->is_open ||
           refuse (self, NULL, "format", "this is no OFX: its first tag is another", error);
  }
  return *name == '/' ? end_tag (self, name + 1, error) : begin_tag (self, name, error);
}

static gboolean
handle_byte (GuicheOfxReader *self, char byte, GError **error)
{
  if (byte == '\0') {
    self->tag_line = self->line;
    self->tag_column = self->column;
    return refuse (self, NULL, "encoding", "a NUL", error);
  }
  if (byte == '<') {
    self->tag_line = self->line;
    self->tag_column = self->column;
    if (self->state == IN_TAG)
      return refuse (self, NULL, "format", "a tag within a tag", error);
    self->state = IN_TAG;
    g_string_truncate (self->tag, 0);
    return TRUE;
  }
  if (self->state == IN_TAG) {
    if (byte == '>') {
      self->state = IN_TEXT;
      return handle_tag (self, error);
    }
    if (self->tag->len == MAX_TAG && *self->tag->str != '?' && *self->tag->str != '!')
      return refuse (self, NULL, "width", "a tag that is too long", error);
    if (self->tag->len < MAX_TAG)
      g_string_append_c (self->tag, byte);
    return TRUE;
  }
  if (self->leaf == N_LEAVES)
    return TRUE;
  if (self->value->len == MAX_VALUE)
    return refuse (self, leaf_names[self->leaf], "width", "a value that is too long", error);
  g_string_append_c (self->value, byte);
  return TRUE;
}

gboolean
guiche_ofx_reader_feed (GuicheOfxReader *self, const char *data, gsize length, GError **error)
{
  for (gsize i = 0; i < length; i++) {
    if (self->is_refused)
      return refuse (self, NULL, "order", "it was refused before", error);
    self->column++;
    if (!handle_byte (self, data[i], error))
      return FALSE;
    if (data[i] == '\n') {
      self->line++;
      self->column = 0;
    }
  }
  return TRUE;
}

gboolean
guiche_ofx_reader_finish (GuicheOfxReader *self, GError **error)
{
  self->tag_line = self->line;
  self->tag_column = self->column + 1;
  if (self->is_closed && self->state != IN_TAG)
    return TRUE;
  return refuse (self, NULL, "cut",
                 self->is_open ? "the statement ends before </OFX>" : "this is no OFX", error);
}

gboolean
guiche_ofx_reader_balance (const GuicheOfxReader *self, gint64 *out_cents, GuicheDay *out_day)
{
  *out_cents = self->balance_cents;
  *out_day = self->balance_day;
  return self->has_balance;
}
