-- desk: customers, conversations, messages, queues and what colleagues keep about them.
CREATE TABLE queues (
  id       BLOB    NOT NULL PRIMARY KEY,
  key      TEXT    NOT NULL UNIQUE,
  name     TEXT    NOT NULL,
  priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 9),
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO queues (id, key, name, priority, position) VALUES
  (X'0197000000007000800000000000A001', 'technical_urgent', 'Suporte urgente', 0, 1),
  (X'0197000000007000800000000000A002', 'technical_normal', 'Suporte técnico', 4, 2),
  (X'0197000000007000800000000000A003', 'commercial', 'Comercial', 5, 3),
  (X'0197000000007000800000000000A004', 'financial', 'Financeiro', 3, 4),
  (X'0197000000007000800000000000A005', 'cancellation', 'Cancelamento', 2, 5);

CREATE TABLE queue_members (
  queue_id BLOB NOT NULL REFERENCES queues (id) ON DELETE CASCADE,
  user_id  BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (queue_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX queue_members_by_user ON queue_members (user_id);

-- `fold` is what searching compares: name, document and contract without case and accents.
CREATE TABLE customers (
  id         BLOB    NOT NULL PRIMARY KEY,
  name       TEXT    NOT NULL,
  fold       TEXT    NOT NULL,
  document   TEXT,
  contract   TEXT,
  plan       TEXT,
  address    TEXT,
  status     TEXT    NOT NULL CHECK (status IN ('active', 'suspended', 'cancelled', 'lead')),
  notes      TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX customers_by_document ON customers (document) WHERE document IS NOT NULL;
CREATE INDEX customers_by_fold ON customers (fold);

-- `match` is what makes two contacts the same: national digits, lower-case address.
CREATE TABLE customer_contacts (
  customer_id BLOB    NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  kind        TEXT    NOT NULL CHECK (kind IN ('phone', 'email')),
  position    INTEGER NOT NULL,
  value       TEXT    NOT NULL,
  match       TEXT    NOT NULL,
  PRIMARY KEY (customer_id, kind, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_contacts_by_match ON customer_contacts (kind, match);

-- `number` is the short key that messages refer to. Nothing here changes with a message in the
-- ordinary course: the last message, its seq and time come from `messages`.
CREATE TABLE conversations (
  number                 INTEGER NOT NULL PRIMARY KEY,
  id                     BLOB    NOT NULL UNIQUE,
  kind                   TEXT    NOT NULL CHECK (kind IN ('customer', 'channel', 'direct')),
  channel                TEXT,
  customer_id            BLOB    REFERENCES customers (id),
  title                  TEXT,
  queue                  TEXT    REFERENCES queues (key),
  priority               INTEGER NOT NULL DEFAULT 5,
  state                  TEXT    NOT NULL CHECK (state IN ('waiting', 'open', 'pending', 'snoozed', 'closed')),
  assignee_id            BLOB    REFERENCES users (id),
  queued_at              INTEGER,
  waiting_since          INTEGER,
  opened_at              INTEGER,
  snoozed_until          INTEGER,
  closed_at              INTEGER,
  close_reason           TEXT,
  created_at             INTEGER NOT NULL,
  updated_at             INTEGER NOT NULL,
  customer_read_seq      INTEGER NOT NULL DEFAULT 0,
  agent_read_seq         INTEGER NOT NULL DEFAULT 0,
  customer_delivered_seq INTEGER NOT NULL DEFAULT 0,
  agent_delivered_seq    INTEGER NOT NULL DEFAULT 0,
  pair                   BLOB    UNIQUE, -- direct: both users' ids, the lower first
  CHECK ((kind = 'customer') = (customer_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX conversations_one_active ON conversations (customer_id, channel)
  WHERE kind = 'customer' AND state <> 'closed';
CREATE UNIQUE INDEX conversations_channel_name ON conversations (title) WHERE kind = 'channel';
CREATE INDEX conversations_by_customer ON conversations (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX conversations_active ON conversations (kind, state) WHERE state <> 'closed';
CREATE INDEX conversations_closed ON conversations (closed_at, number) WHERE state = 'closed';

CREATE TABLE conversation_members (
  conversation_id BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  user_id         BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (conversation_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_members_by_user ON conversation_members (user_id);

-- The hottest table: rows in the order they came (whichever conversation they belong to, a commit touches few
-- pages), one index as conversations are read, one for idempotency (a system's line has no client_id): client ids
-- are time-ordered, so the messages of one moment share its last page whoever sends them.
-- A message's id carries its seq in its last four bytes, so it needs no index of its own.
-- `conversation` has no foreign key: the writer takes it from the row it has just read.
-- sender_kind: 0 agent, 1 customer, 2 system. kind: 0 text, 1 file, 2 image, 3 voice, 4 note, 5 system.
-- extra: attachments, quote and mentions, those there are, as one JSON object as it travels.
CREATE TABLE messages (
  conversation INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  id           BLOB    NOT NULL,
  client_id    BLOB,
  sender_kind  INTEGER NOT NULL,
  sender       BLOB,
  sender_name  TEXT,
  kind         INTEGER NOT NULL,
  body         TEXT    NOT NULL,
  at           INTEGER NOT NULL,
  extra        TEXT,
  edited_at    INTEGER,
  deleted_at   INTEGER,
  UNIQUE (conversation, seq),
  UNIQUE (client_id, sender)
) STRICT;

-- Which files were sent where: who may see the conversation may read the file.
CREATE TABLE message_files (
  file_id      BLOB    NOT NULL,
  conversation INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  PRIMARY KEY (file_id, conversation, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE read_marks (
  user_id         BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  conversation_id BLOB    NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  seq             INTEGER NOT NULL,
  PRIMARY KEY (user_id, conversation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX read_marks_by_conversation ON read_marks (conversation_id);

CREATE TABLE drafts (
  user_id         BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  conversation_id BLOB    NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  body            TEXT    NOT NULL,
  updated_at      INTEGER NOT NULL,
  PRIMARY KEY (user_id, conversation_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE scheduled_messages (
  id              BLOB    NOT NULL PRIMARY KEY,
  user_id         BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  conversation_id BLOB    NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  client_id       BLOB    NOT NULL,
  kind            INTEGER NOT NULL,
  body            TEXT    NOT NULL,
  send_at         INTEGER NOT NULL,
  UNIQUE (user_id, client_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE canned_replies (
  id         BLOB    NOT NULL PRIMARY KEY,
  shortcut   TEXT    NOT NULL UNIQUE,
  title      TEXT    NOT NULL,
  body       TEXT    NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
