/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/schema-store.h"

/* What the server also holds. Raise the version with every change: an older cache is fetched anew.
 */
const char guiche_cache_schema[] =
    "CREATE TABLE state (name TEXT NOT NULL PRIMARY KEY, number INTEGER, id BLOB) STRICT, WITHOUT "
    "ROWID;"
    "CREATE TABLE conversations ("
    "  id BLOB NOT NULL PRIMARY KEY, kind TEXT NOT NULL, channel TEXT, customer_id BLOB, title "
    "TEXT, queue TEXT,"
    "  priority INTEGER NOT NULL, state TEXT NOT NULL, assignee_id BLOB, members BLOB, last_seq "
    "INTEGER NOT NULL,"
    "  waiting_since INTEGER NOT NULL, opened_at INTEGER NOT NULL, snoozed_until INTEGER NOT NULL,"
    "  closed_at INTEGER NOT NULL, close_reason TEXT, created_at INTEGER NOT NULL, updated_at "
    "INTEGER NOT NULL,"
    "  customer_read_seq INTEGER NOT NULL, agent_read_seq INTEGER NOT NULL,"
    "  customer_delivered_seq INTEGER NOT NULL, agent_delivered_seq INTEGER NOT NULL,"
    "  last_message_seq INTEGER NOT NULL, last_sender_kind TEXT, last_sender_name TEXT, last_kind "
    "TEXT,"
    "  last_body TEXT, last_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX conversations_closed ON conversations (closed_at) WHERE state = 'closed';"
    "CREATE INDEX conversations_open ON conversations (id) WHERE state <> 'closed';"
    "CREATE INDEX conversations_internal ON conversations (id) WHERE kind <> 'customer';"
    "CREATE INDEX conversations_customer ON conversations (customer_id, last_at);"
    /* doc names a version of a message's text in the search index: a changed text gets a new one.
     */
    "CREATE TABLE messages ("
    "  conversation_id BLOB NOT NULL, seq INTEGER NOT NULL, doc INTEGER NOT NULL, id BLOB NOT "
    "NULL, client_id BLOB,"
    "  sender_kind TEXT NOT NULL, sender_id BLOB, sender_name TEXT, kind TEXT NOT NULL, body TEXT "
    "NOT NULL,"
    "  at INTEGER NOT NULL, state INTEGER NOT NULL, edited_at INTEGER NOT NULL, deleted_at INTEGER "
    "NOT NULL,"
    "  quote_id BLOB, quote_seq INTEGER, quote_sender TEXT, quote_kind TEXT, quote_body TEXT, "
    "attachments TEXT,"
    "  mentions BLOB, PRIMARY KEY (conversation_id, seq)) STRICT, WITHOUT ROWID;"
    "CREATE UNIQUE INDEX messages_doc ON messages (doc);"
    /* Texts that left and are still to leave the search index. */
    "CREATE TABLE gone (position INTEGER PRIMARY KEY AUTOINCREMENT, doc INTEGER NOT NULL, body "
    "TEXT NOT NULL) STRICT;"
    "CREATE TABLE customers ("
    "  id BLOB NOT NULL PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL, digits TEXT NOT "
    "NULL, phones TEXT,"
    "  emails TEXT, document TEXT, contract TEXT, plan TEXT, address TEXT, status TEXT, notes TEXT,"
    "  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX customers_search ON customers (folded, digits);"
    "CREATE TABLE users (id BLOB NOT NULL PRIMARY KEY, login TEXT, name TEXT NOT NULL, role TEXT, "
    "email TEXT,"
    "  status_text TEXT, is_enabled INTEGER NOT NULL, queues TEXT) STRICT, WITHOUT ROWID;"
    "CREATE TABLE queues (id BLOB NOT NULL PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL,"
    "  priority INTEGER NOT NULL, position INTEGER NOT NULL, members BLOB) STRICT, WITHOUT ROWID;"
    "CREATE TABLE canned_replies (id BLOB NOT NULL PRIMARY KEY, shortcut TEXT, title TEXT, body "
    "TEXT,"
    "  updated_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE read_marks (conversation_id BLOB NOT NULL PRIMARY KEY, seq INTEGER NOT NULL) "
    "STRICT, WITHOUT ROWID;"
    "CREATE TABLE drafts (conversation_id BLOB NOT NULL PRIMARY KEY, body TEXT NOT NULL,"
    "  updated_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE scheduled (id BLOB NOT NULL PRIMARY KEY, conversation_id BLOB NOT NULL, "
    "client_id BLOB, body TEXT,"
    "  send_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;";

/* What only this computer knows: kept when the cache is thrown away. */
const char guiche_outbox_schema[] =
    "CREATE TABLE outbox ("
    "  position INTEGER PRIMARY KEY AUTOINCREMENT, client_id BLOB NOT NULL UNIQUE, conversation_id "
    "BLOB NOT NULL,"
    "  kind TEXT NOT NULL, body TEXT NOT NULL, quote_id BLOB, quote_seq INTEGER NOT NULL, "
    "quote_sender TEXT,"
    "  quote_body TEXT, file TEXT, file_name TEXT, file_type TEXT,"
    "  file_size INTEGER NOT NULL, duration_ms INTEGER NOT NULL, waveform TEXT, file_id BLOB, "
    "created_at INTEGER NOT NULL,"
    "  send_at INTEGER NOT NULL, not_before INTEGER NOT NULL, failure TEXT, failure_text TEXT) "
    "STRICT;"
    "CREATE TABLE drafts (conversation_id BLOB NOT NULL PRIMARY KEY, body TEXT NOT NULL,"
    "  is_dirty INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE read_marks (conversation_id BLOB NOT NULL PRIMARY KEY, seq INTEGER NOT NULL) "
    "STRICT, WITHOUT ROWID;";

/* Made again from the cache at any time. Without contents of its own; detail=none keeps the
 * posting lists short: all words must be in the message, in any order. */
const char guiche_search_schema[] =
    "CREATE VIRTUAL TABLE words USING fts5 (body, content = '', detail = none, columnsize = 0,"
    "  tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4');"
    "CREATE TABLE progress (doc INTEGER NOT NULL, gone INTEGER NOT NULL) STRICT;"
    "INSERT INTO progress VALUES (0, 0);";
