/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "client/index.h"

#include <string.h>

#define MAX_MESSAGES 50
#define MAX_PEOPLE 12
#define MAX_CONVERSATIONS 12
/* As many digits make a number to look for inside of others. */
#define MIN_DIGITS 3

/* Filling. */

static gint64
read_number (GuicheDatabase *db, const char *sql)
{
  sqlite3_stmt *statement = guiche_database_prepare (db, sql);
  gint64 number = -1;

  if (guiche_database_next (db, statement, NULL))
    number = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return number;
}

gboolean
guiche_index_store_is_ours (GuicheDatabase *search)
{
  gint64 done = read_number (search, "SELECT doc FROM progress");
  gint64 last =
      read_number (search, "SELECT coalesce(max(number), 0) FROM cache.state WHERE name = 'doc'");

  return done >= 0 && done <= last;
}

/* Texts that are gone are taken out with their words, then from the list of what is gone. */
static gboolean
forget_gone (GuicheDatabase *db, gint64 doc, gint64 *gone, guint limit, guint *n, GError **error)
{
  sqlite3_stmt *read = guiche_database_prepare (
      db,
      "SELECT position, doc, body FROM cache.gone WHERE position > ?1 ORDER BY position LIMIT ?2");
  sqlite3_stmt *drop = guiche_database_prepare (
      db, "INSERT INTO words (words, rowid, body) VALUES ('delete', ?1, ?2)");
  GError *failure = NULL;

  sqlite3_bind_int64 (read, 1, *gone);
  sqlite3_bind_int64 (read, 2, limit);
  while (guiche_database_next (db, read, &failure)) {
    *gone = sqlite3_column_int64 (read, 0);
    *n += 1;
    /* One that left before it was indexed has no words to take out. */
    if (sqlite3_column_int64 (read, 1) > doc)
      continue;
    sqlite3_bind_int64 (drop, 1, sqlite3_column_int64 (read, 1));
    sqlite3_bind_text (drop, 2, (const char *) sqlite3_column_text (read, 2), -1, SQLITE_TRANSIENT);
    if (!guiche_database_run (db, drop, error)) {
      sqlite3_reset (read);
      return FALSE;
    }
  }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
add_new (GuicheDatabase *db, gint64 *doc, guint limit, guint *n, GError **error)
{
  sqlite3_stmt *read = guiche_database_prepare (
      db, "SELECT doc, body FROM cache.messages WHERE doc > ?1 ORDER BY doc LIMIT ?2");
  sqlite3_stmt *add =
      guiche_database_prepare (db, "INSERT INTO words (rowid, body) VALUES (?1, ?2)");
  GError *failure = NULL;

  sqlite3_bind_int64 (read, 1, *doc);
  sqlite3_bind_int64 (read, 2, limit);
  while (guiche_database_next (db, read, &failure)) {
    const char *body = (const char *) sqlite3_column_text (read, 1);
    *doc = sqlite3_column_int64 (read, 0);
    *n += 1;
    if (body == NULL || *body == '\0')
      continue;
    sqlite3_bind_int64 (add, 1, *doc);
    sqlite3_bind_text (add, 2, body, -1, SQLITE_TRANSIENT);
    if (!guiche_database_run (db, add, error)) {
      sqlite3_reset (read);
      return FALSE;
    }
  }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
write_progress (GuicheDatabase *db, gint64 doc, gint64 gone, GError **error)
{
  sqlite3_stmt *statement = guiche_database_prepare (db, "UPDATE progress SET doc = ?1, gone = ?2");

  sqlite3_bind_int64 (statement, 1, doc);
  sqlite3_bind_int64 (statement, 2, gone);
  return guiche_database_run (db, statement, error);
}

/* The cache is read in the same transaction: what is gone and what is there fit together. */
gboolean
guiche_index_store_fill (GuicheDatabase *db, guint limit, GError **error)
{
  gint64 doc, gone;
  guint n_gone = 0, n_new = 0;

  if (!guiche_database_execute (db, "BEGIN", error))
    return FALSE;
  doc = read_number (db, "SELECT doc FROM progress");
  gone = read_number (db, "SELECT gone FROM progress");
  if (!forget_gone (db, doc, &gone, limit, &n_gone, error) ||
      !add_new (db, &doc, limit, &n_new, error) || !write_progress (db, doc, gone, error)) {
    guiche_database_rollback (db);
    return FALSE;
  }
  return guiche_database_commit (db, error) && (n_gone == limit || n_new == limit);
}

/* Queries. */

static GuicheFound *
new_found (GPtrArray *found, GuicheFoundKind kind)
{
  GuicheFound *item = g_new0 (GuicheFound, 1);

  item->kind = kind;
  g_ptr_array_add (found, item);
  return item;
}

/* Every word as a literal, the last as a beginning: "nao func" is `"nao" "func"*`. Nothing that was
 * typed can be an operator. A beginning of one letter says nothing yet: it is a word, or left out.
 */
static char *
match_expression (const char *query)
{
  g_autofree char *folded = guiche_text_fold (query);
  g_autoptr (GString) expression = g_string_new (NULL);
  const char *c = folded;

  while (*c != '\0') {
    const char *start;
    gboolean is_last;
    while (*c != '\0' && !g_unichar_isalnum (g_utf8_get_char (c)))
      c = g_utf8_next_char (c);
    start = c;
    while (*c != '\0' && g_unichar_isalnum (g_utf8_get_char (c)))
      c = g_utf8_next_char (c);
    is_last = *c == '\0';
    if (c == start || (is_last && c - start == 1 && expression->len > 0))
      continue;
    g_string_append_printf (expression, "%s\"%.*s\"%s", expression->len > 0 ? " " : "",
                            (int) (c - start), start, is_last && c - start > 1 ? "*" : "");
  }
  return g_string_free (g_steal_pointer (&expression), FALSE);
}

/* The newest first: an order that the index has, where a ranking would look at every match. */
static gboolean
find_messages (GuicheDatabase *db, const char *query, GPtrArray *found, GError **error)
{
  g_autofree char *expression = match_expression (query);
  sqlite3_stmt *statement = guiche_database_prepare (
      db, "SELECT m.conversation_id, m.seq, m.body, m.at, c.title, m.sender_name FROM"
          " (SELECT rowid AS doc FROM search.words WHERE words MATCH ?1 ORDER BY rowid DESC LIMIT "
          "?2) AS w"
          " CROSS JOIN messages m ON m.doc = w.doc JOIN conversations c ON c.id = m.conversation_id"
          " ORDER BY m.at DESC");
  GError *failure = NULL;

  if (*expression == '\0')
    return TRUE;
  guiche_bind_text (statement, 1, expression);
  sqlite3_bind_int (statement, 2, MAX_MESSAGES);
  while (guiche_database_next (db, statement, &failure)) {
    GuicheFound *item = new_found (found, GUICHE_FOUND_MESSAGE);
    item->conversation_id = guiche_column_id (statement, 0);
    item->seq = sqlite3_column_int64 (statement, 1);
    item->text = guiche_column_text (statement, 2);
    item->at = sqlite3_column_int64 (statement, 3);
    item->title = guiche_column_text (statement, 4);
    if (item->title == NULL)
      item->title = guiche_column_text (statement, 5);
  }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static void
add_customer (GuicheDatabase *db, sqlite3_stmt *ids, GPtrArray *found)
{
  sqlite3_stmt *statement = guiche_database_prepare (
      db, "SELECT name, phones, document, contract, plan, (SELECT id FROM conversations v"
          "  WHERE v.customer_id = customers.id ORDER BY last_at DESC LIMIT 1) FROM customers "
          "WHERE id = ?1");
  GuicheId id = guiche_column_id_value (ids, 0);
  GuicheFound *item;

  guiche_bind_id (statement, 1, &id);
  if (guiche_database_next (db, statement, NULL)) {
    g_auto (GStrv) phones = guiche_column_strv (statement, 1);
    item = new_found (found, GUICHE_FOUND_CUSTOMER);
    item->customer_id = guiche_id_dup_string (&id);
    item->title = guiche_column_text (statement, 0);
    item->text = g_strjoin (" · ", phones[0] != NULL ? phones[0] : "",
                            (const char *) sqlite3_column_text (statement, 4), NULL);
    item->conversation_id = guiche_column_id (statement, 5);
  }
  sqlite3_reset (statement);
}

/* The @index-th word of @query with a space before it; nothing when there are fewer. */
static void
bind_word (sqlite3_stmt *statement, int position, char *const *words, guint index)
{
  g_autofree char *word = index < g_strv_length ((char **) words)
                              ? g_strconcat (" ", words[index], NULL)
                              : g_strdup ("");

  guiche_bind_text (statement, position, word);
}

/* Both are whole readings of one small index of all customers: by digits inside of numbers, or by
 * up to three beginnings of words of the name, an e-mail address or the contract. */
static void
find_customers (GuicheDatabase *db, const char *query, GPtrArray *found)
{
  g_autofree char *digits = guiche_text_digits (query);
  g_autofree char *folded = guiche_text_fold (query);
  g_auto (GStrv) words = g_strsplit (g_strstrip (folded), " ", 3);
  gboolean is_number = strlen (digits) >= MIN_DIGITS && strlen (digits) * 2 >= strlen (query);
  sqlite3_stmt *statement =
      is_number
          ? guiche_database_prepare (
                db, "SELECT id FROM customers WHERE instr(digits, ?1) > 0 ORDER BY folded LIMIT ?4")
          : guiche_database_prepare (
                db, "SELECT id FROM customers WHERE instr(' ' || folded, ?1) > 0"
                    " AND (?2 = '' OR instr(' ' || folded, ?2) > 0)"
                    " AND (?3 = '' OR instr(' ' || folded, ?3) > 0) ORDER BY folded LIMIT ?4");

  if (is_number) {
    guiche_bind_text (statement, 1, digits);
  } else {
    for (guint i = 0; i < 3; i++)
      bind_word (statement, (int) i + 1, words, i);
  }
  sqlite3_bind_int (statement, 4, MAX_PEOPLE);
  while (guiche_database_next (db, statement, NULL))
    add_customer (db, statement, found);
}

static gboolean
name_matches (const char *name, const char *query)
{
  g_autofree char *folded = guiche_text_fold (name != NULL ? name : "");
  g_autofree char *spaced = g_strconcat (" ", folded, NULL);
  g_autofree char *needle = guiche_text_fold (query);
  g_autofree char *word = g_strconcat (" ", g_strstrip (needle), NULL);

  return strstr (spaced, word) != NULL;
}

static void
find_users (GuicheDatabase *db, const char *query, GPtrArray *found)
{
  sqlite3_stmt *statement = guiche_database_prepare (
      db, "SELECT id, name, login FROM users WHERE is_enabled = 1 ORDER BY name");
  guint n = 0;

  while (guiche_database_next (db, statement, NULL)) {
    const char *name = (const char *) sqlite3_column_text (statement, 1);
    GuicheFound *item;
    if (n >= MAX_PEOPLE || !name_matches (name, query))
      continue;
    n++;
    item = new_found (found, GUICHE_FOUND_USER);
    item->user_id = guiche_column_id (statement, 0);
    item->title = g_strdup (name);
    item->text = guiche_column_text (statement, 2);
  }
}

/* Internal channels by their names, and the customers' found before by theirs. */
static void
find_conversations (GuicheDatabase *db, const char *query, GPtrArray *found)
{
  sqlite3_stmt *channels =
      guiche_database_prepare (db, "SELECT id, title, last_body, last_at FROM conversations WHERE "
                                   "state <> 'closed' AND kind = 'channel'");
  sqlite3_stmt *of_customer =
      guiche_database_prepare (db, "SELECT id, title, last_body, last_at FROM conversations WHERE "
                                   "customer_id = ?1 ORDER BY last_at DESC LIMIT 3");
  guint n_people = found->len, n = 0;

  for (guint i = 0; i <= n_people; i++) {
    GuicheFound *person = i < n_people ? g_ptr_array_index (found, i) : NULL;
    sqlite3_stmt *statement = person != NULL ? of_customer : channels;

    if (person != NULL && person->kind != GUICHE_FOUND_CUSTOMER)
      continue;
    if (person != NULL)
      guiche_bind_id_text (of_customer, 1, person->customer_id);
    while (guiche_database_next (db, statement, NULL)) {
      const char *title = (const char *) sqlite3_column_text (statement, 1);
      GuicheFound *item;
      if (n >= MAX_CONVERSATIONS || (person == NULL && !name_matches (title, query)))
        continue;
      n++;
      item = new_found (found, GUICHE_FOUND_CONVERSATION);
      item->conversation_id = guiche_column_id (statement, 0);
      item->title = g_strdup (title);
      item->text = guiche_column_text (statement, 2);
      item->at = sqlite3_column_int64 (statement, 3);
    }
  }
}

GPtrArray *
guiche_index_store_query (GuicheDatabase *db, const char *query, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_found_free);
  g_autofree char *valid = g_utf8_make_valid (query, -1);

  g_strstrip (valid);
  if (*valid == '\0')
    return g_steal_pointer (&found);
  find_customers (db, valid, found);
  find_users (db, valid, found);
  find_conversations (db, valid, found);
  if (!find_messages (db, valid, found, error))
    return NULL;
  return g_steal_pointer (&found);
}
