-- desk: customers, conversations, messages, queues and what colleagues keep about them.
CREATE TABLE queues (
  id       BYTEA            NOT NULL PRIMARY KEY,
  key      TEXT COLLATE "C" NOT NULL UNIQUE,
  name     TEXT COLLATE "C" NOT NULL,
  priority BIGINT           NOT NULL CHECK (priority BETWEEN 0 AND 9),
  position BIGINT           NOT NULL
);

INSERT INTO queues (id, key, name, priority, position) VALUES
  ('\x0197000000007000800000000000A001', 'technical_urgent', 'Suporte urgente', 0, 1),
  ('\x0197000000007000800000000000A002', 'technical_normal', 'Suporte técnico', 4, 2),
  ('\x0197000000007000800000000000A003', 'commercial', 'Comercial', 5, 3),
  ('\x0197000000007000800000000000A004', 'financial', 'Financeiro', 3, 4),
  ('\x0197000000007000800000000000A005', 'cancellation', 'Cancelamento', 2, 5);

CREATE TABLE queue_members (
  queue_id BYTEA NOT NULL REFERENCES queues (id) ON DELETE CASCADE,
  user_id  BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (queue_id, user_id)
);
CREATE INDEX queue_members_by_user ON queue_members (user_id);

-- `fold` is what searching compares: name, document and contract without case and accents.
CREATE TABLE customers (
  id         BYTEA            NOT NULL PRIMARY KEY,
  name       TEXT COLLATE "C" NOT NULL,
  fold       TEXT COLLATE "C" NOT NULL,
  document   TEXT COLLATE "C",
  contract   TEXT COLLATE "C",
  plan       TEXT COLLATE "C",
  address    TEXT COLLATE "C",
  status     TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'suspended', 'cancelled', 'lead')),
  notes      TEXT COLLATE "C",
  created_at BIGINT           NOT NULL,
  updated_at BIGINT           NOT NULL
);
CREATE INDEX customers_by_document ON customers (document) WHERE document IS NOT NULL;
CREATE INDEX customers_by_fold ON customers (fold);

-- `match` is what makes two contacts the same: national digits, lower-case address.
CREATE TABLE customer_contacts (
  customer_id BYTEA            NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  kind        TEXT COLLATE "C" NOT NULL CHECK (kind IN ('phone', 'email')),
  position    BIGINT           NOT NULL,
  value       TEXT COLLATE "C" NOT NULL,
  match       TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (customer_id, kind, position)
);
CREATE INDEX customer_contacts_by_match ON customer_contacts (kind, match);

-- `number` is the short key that messages refer to. Nothing here changes with a message in the
-- ordinary course: the last message, its seq and time come from `messages`.
CREATE TABLE conversations (
  number                 BIGINT           NOT NULL PRIMARY KEY,
  id                     BYTEA            NOT NULL UNIQUE,
  kind                   TEXT COLLATE "C" NOT NULL CHECK (kind IN ('customer', 'channel', 'direct')),
  channel                TEXT COLLATE "C",
  customer_id            BYTEA            REFERENCES customers (id),
  title                  TEXT COLLATE "C",
  queue                  TEXT COLLATE "C" REFERENCES queues (key),
  priority               BIGINT           NOT NULL DEFAULT 5,
  state                  TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'open', 'pending', 'snoozed', 'closed')),
  assignee_id            BYTEA            REFERENCES users (id),
  queued_at              BIGINT,
  waiting_since          BIGINT,
  opened_at              BIGINT,
  snoozed_until          BIGINT,
  closed_at              BIGINT,
  close_reason           TEXT COLLATE "C",
  created_at             BIGINT           NOT NULL,
  updated_at             BIGINT           NOT NULL,
  customer_read_seq      BIGINT           NOT NULL DEFAULT 0,
  agent_read_seq         BIGINT           NOT NULL DEFAULT 0,
  customer_delivered_seq BIGINT           NOT NULL DEFAULT 0,
  agent_delivered_seq    BIGINT           NOT NULL DEFAULT 0,
  pair                   BYTEA            UNIQUE, -- direct: both users' ids, the lower first
  CHECK ((kind = 'customer') = (customer_id IS NOT NULL))
);
CREATE UNIQUE INDEX conversations_one_active ON conversations (customer_id, channel)
  WHERE kind = 'customer' AND state <> 'closed';
CREATE UNIQUE INDEX conversations_channel_name ON conversations (title) WHERE kind = 'channel';
CREATE INDEX conversations_by_customer ON conversations (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX conversations_active ON conversations (kind, state) WHERE state <> 'closed';
CREATE INDEX conversations_closed ON conversations (closed_at, number) WHERE state = 'closed';

CREATE TABLE conversation_members (
  conversation_id BYTEA NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  user_id         BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (conversation_id, user_id)
);
CREATE INDEX conversation_members_by_user ON conversation_members (user_id);

-- The hottest table: rows in the order they came (whichever conversation they belong to, a commit touches few
-- pages), one index as conversations are read, one for idempotency (a system's line has no client_id): client ids
-- are time-ordered, so the messages of one moment share its last page whoever sends them.
-- A message's id carries its seq in its last four bytes, so it needs no index of its own.
-- `conversation` has no foreign key: the writer takes it from the row it has just read.
-- sender_kind: 0 agent, 1 customer, 2 system. kind: 0 text, 1 file, 2 image, 3 voice, 4 note, 5 system.
-- extra: attachments, quote and mentions, those there are, as one JSON object as it travels.
CREATE TABLE messages (
  conversation BIGINT           NOT NULL,
  seq          BIGINT           NOT NULL,
  id           BYTEA            NOT NULL,
  client_id    BYTEA,
  sender_kind  BIGINT           NOT NULL,
  sender       BYTEA,
  sender_name  TEXT COLLATE "C",
  kind         BIGINT           NOT NULL,
  body         TEXT COLLATE "C" NOT NULL,
  at           BIGINT           NOT NULL,
  extra        TEXT COLLATE "C",
  edited_at    BIGINT,
  deleted_at   BIGINT,
  UNIQUE (conversation, seq),
  UNIQUE (client_id, sender)
);

-- Which files were sent where: who may see the conversation may read the file.
CREATE TABLE message_files (
  file_id      BYTEA  NOT NULL,
  conversation BIGINT NOT NULL,
  seq          BIGINT NOT NULL,
  PRIMARY KEY (file_id, conversation, seq)
);

CREATE TABLE read_marks (
  user_id         BYTEA  NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  conversation_id BYTEA  NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  seq             BIGINT NOT NULL,
  PRIMARY KEY (user_id, conversation_id)
);
CREATE INDEX read_marks_by_conversation ON read_marks (conversation_id);

CREATE TABLE drafts (
  user_id         BYTEA            NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  conversation_id BYTEA            NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  body            TEXT COLLATE "C" NOT NULL,
  updated_at      BIGINT           NOT NULL,
  PRIMARY KEY (user_id, conversation_id)
);

CREATE TABLE scheduled_messages (
  id              BYTEA            NOT NULL PRIMARY KEY,
  user_id         BYTEA            NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  conversation_id BYTEA            NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  client_id       BYTEA            NOT NULL,
  kind            BIGINT           NOT NULL,
  body            TEXT COLLATE "C" NOT NULL,
  send_at         BIGINT           NOT NULL,
  UNIQUE (user_id, client_id)
);

CREATE TABLE canned_replies (
  id         BYTEA            NOT NULL PRIMARY KEY,
  shortcut   TEXT COLLATE "C" NOT NULL UNIQUE,
  title      TEXT COLLATE "C" NOT NULL,
  body       TEXT COLLATE "C" NOT NULL,
  updated_at BIGINT           NOT NULL
);
