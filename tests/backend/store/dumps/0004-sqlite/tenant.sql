PRAGMA user_version = 4;
BEGIN TRANSACTION;
CREATE TABLE audit (
  seq        INTEGER PRIMARY KEY,
  at         INTEGER NOT NULL,
  actor_role INTEGER NOT NULL,
  actor_id   BLOB,
  session_id BLOB,
  address    TEXT,
  action     TEXT NOT NULL,
  entity     BLOB,
  detail     TEXT,
  hash       BLOB NOT NULL
) STRICT;
INSERT INTO "audit" VALUES(1,1795172213145047,4,X'00000000000070008000000000000001',NULL,'127.0.0.1','user.create',X'01A1F89A219973C7A05AC7DD163E4042','{"login":"ana","role":"agent","is_enabled":true}',X'AAB7CF4126A2584C137248B7379FE4ED565365D584989844ECE7FAC66207BD80');
INSERT INTO "audit" VALUES(2,1795172213172579,4,X'00000000000070008000000000000001',NULL,'127.0.0.1','queue.update',X'0197000000007000800000000000A002',NULL,X'E32A30F409D955A4E2B3032FD0B270001F02A365E914C15E19495CD3BC738475');
INSERT INTO "audit" VALUES(3,1795172213320727,0,NULL,NULL,'127.0.0.1','session.open',X'01A1F89A219973C7A05AC7DD163E4042','{}',X'4F7EB54008C84ADA8E55ECB0ED2AEC2C3DD44AC2CCC03357253CF4EE73BFE835');
INSERT INTO "audit" VALUES(4,1795172213332617,2,X'01A1F89A219973C7A05AC7DD163E4042',X'01A1F89A224875C0B572CEB90917C099','127.0.0.1','conversation.accept',X'01A1F89A21C97684BF89E78768D3255B','{"state":"open","queue":"technical_normal","assignee_id":"01a1f89a-2199-73c7-a05a-c7dd163e4042","from_assignee_id":null}',X'665F07F11180EA0D4ACCACCC1DE3342F4D275C01140FBDF191FAE0CF52084349');
CREATE TABLE blobs (
  sha256     TEXT PRIMARY KEY,
  size       INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE canned_replies (
  id         BLOB    NOT NULL PRIMARY KEY,
  shortcut   TEXT    NOT NULL UNIQUE,
  title      TEXT    NOT NULL,
  body       TEXT    NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE conversation_members (
  conversation_id BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  user_id         BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (conversation_id, user_id)
) STRICT, WITHOUT ROWID;
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
INSERT INTO "conversations" VALUES(1,X'01A1F89A21C97684BF89E78768D3255B','customer','webchat',X'01A1F89A21C97684BF8893A6AD62F273','Maria Teste','technical_normal',4,'open',X'01A1F89A219973C7A05AC7DD163E4042',NULL,NULL,1795172213332617,NULL,NULL,NULL,1795172213193300,1795172213332617,0,0,0,3,NULL);
CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE customer_contacts (
  customer_id BLOB    NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  kind        TEXT    NOT NULL CHECK (kind IN ('phone', 'email')),
  position    INTEGER NOT NULL,
  value       TEXT    NOT NULL,
  match       TEXT    NOT NULL,
  PRIMARY KEY (customer_id, kind, position)
) STRICT, WITHOUT ROWID;
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
INSERT INTO "customers" VALUES(X'01A1F89A21C97684BF8893A6AD62F273','Maria Teste','maria teste ',NULL,NULL,NULL,NULL,'lead',NULL,1795172213193300,1795172213193300);
CREATE TABLE drafts (
  user_id         BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  conversation_id BLOB    NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  body            TEXT    NOT NULL,
  updated_at      INTEGER NOT NULL,
  PRIMARY KEY (user_id, conversation_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE dummy_visits (
  number          INTEGER NOT NULL PRIMARY KEY,
  conversation_id BLOB    NOT NULL UNIQUE REFERENCES conversations (id) ON DELETE CASCADE,
  story           INTEGER NOT NULL,
  line            INTEGER NOT NULL,
  is_listening    INTEGER NOT NULL CHECK (is_listening IN (0, 1)),
  has_left        INTEGER NOT NULL CHECK (has_left IN (0, 1))
) STRICT;
CREATE TABLE events (
  seq      INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  audience TEXT NOT NULL,
  entity   BLOB,
  data     TEXT NOT NULL
) STRICT;
INSERT INTO "events" VALUES(1,1795172213145047,'user.created','*',X'01A1F89A219973C7A05AC7DD163E4042','{"user":{"id":"01a1f89a-2199-73c7-a05a-c7dd163e4042","login":"ana","name":"Ana Souza","role":"agent","email":null,"status_text":"","is_enabled":true,"queues":[]}}');
INSERT INTO "events" VALUES(2,1795172213172579,'queue.updated','*',X'0197000000007000800000000000A002','{"queue":{"id":"01970000-0000-7000-8000-00000000a002","key":"technical_normal","name":"Suporte técnico","priority":4,"position":2,"members":["01a1f89a-2199-73c7-a05a-c7dd163e4042"]}}');
INSERT INTO "events" VALUES(3,1795172213172579,'user.updated','*',X'01A1F89A219973C7A05AC7DD163E4042','{"user":{"id":"01a1f89a-2199-73c7-a05a-c7dd163e4042","login":"ana","name":"Ana Souza","role":"agent","email":null,"status_text":"","is_enabled":true,"queues":["technical_normal"]}}');
INSERT INTO "events" VALUES(4,1795172213172579,'access.changed','u:01a1f89a-2199-73c7-a05a-c7dd163e4042',X'01A1F89A219973C7A05AC7DD163E4042','{"user_id":"01a1f89a-2199-73c7-a05a-c7dd163e4042","role":"agent","queues":["technical_normal"],"channels":[]}');
INSERT INTO "events" VALUES(5,1795172213193300,'customer.created','*',X'01A1F89A21C97684BF8893A6AD62F273','{"customer":{"id":"01a1f89a-21c9-7684-bf88-93a6ad62f273","name":"Maria Teste","phones":[],"emails":[],"document":null,"contract":null,"plan":null,"address":null,"status":"lead","notes":null,"created_at":1795172213193300,"updated_at":1795172213193300}}');
INSERT INTO "events" VALUES(6,1795172213193300,'conversation.created','s q:technical_normal',X'01A1F89A21C97684BF89E78768D3255B','{"conversation":{"id":"01a1f89a-21c9-7684-bf89-e78768d3255b","kind":"customer","channel":"webchat","customer_id":"01a1f89a-21c9-7684-bf88-93a6ad62f273","title":"Maria Teste","queue":"technical_normal","priority":4,"state":"waiting","assignee_id":null,"last_seq":0,"last_message":null,"waiting_since":null,"opened_at":null,"snoozed_until":null,"closed_at":null,"close_reason":null,"created_at":1795172213193300,"updated_at":1795172213193300,"members":[],"customer_read_seq":0,"agent_read_seq":0,"customer_delivered_seq":0,"agent_delivered_seq":0}}');
INSERT INTO "events" VALUES(7,1795172213193300,'visit.updated','v:01a1f89a-21c9-7684-bf89-e78768d3255b',X'01A1F89A21C97684BF89E78768D3255B','{"conversation_id":"01a1f89a-21c9-7684-bf89-e78768d3255b","state":"waiting","queue":"technical_normal","agent":null}');
INSERT INTO "events" VALUES(8,1795172213193300,'message.created','s q:technical_normal v:01a1f89a-21c9-7684-bf89-e78768d3255b',X'01A1F89A21C97684BF89E78768D3255B','{"message":{"id":"01a1f89a-21ca-7540-9ebf-b70f00000001","conversation_id":"01a1f89a-21c9-7684-bf89-e78768d3255b","seq":1,"client_id":null,"sender":{"kind":"system","id":null,"name":null},"kind":"system","body":"opened","attachments":[],"at":1795172213193300,"state":1},"conversation":{"state":"waiting"}}');
INSERT INTO "events" VALUES(9,1795172213326875,'message.created','s q:technical_normal v:01a1f89a-21c9-7684-bf89-e78768d3255b',X'01A1F89A21C97684BF89E78768D3255B','{"message":{"id":"01a1f89a-224e-72a6-a84d-c95c00000002","conversation_id":"01a1f89a-21c9-7684-bf89-e78768d3255b","seq":2,"client_id":"d1662c9a-600a-4c48-828b-32ebd5b78da3","sender":{"kind":"customer","id":"01a1f89a-21c9-7684-bf88-93a6ad62f273","name":"Maria Teste"},"kind":"text","body":"bom dia, sem internet","attachments":[],"at":1795172213326875,"state":1},"conversation":{"state":"waiting","waiting_since":1795172213326875}}');
INSERT INTO "events" VALUES(10,1795172213332617,'conversation.updated','s q:technical_normal u:01a1f89a-2199-73c7-a05a-c7dd163e4042',X'01A1F89A21C97684BF89E78768D3255B','{"conversation":{"id":"01a1f89a-21c9-7684-bf89-e78768d3255b","kind":"customer","channel":"webchat","customer_id":"01a1f89a-21c9-7684-bf88-93a6ad62f273","title":"Maria Teste","queue":"technical_normal","priority":4,"state":"open","assignee_id":"01a1f89a-2199-73c7-a05a-c7dd163e4042","last_seq":2,"last_message":{"seq":2,"sender_kind":"customer","sender_name":"Maria Teste","kind":"text","body":"bom dia, sem internet","at":1795172213326875},"waiting_since":1795172213326875,"opened_at":1795172213332617,"snoozed_until":null,"closed_at":null,"close_reason":null,"created_at":1795172213193300,"updated_at":1795172213332617,"members":[],"customer_read_seq":0,"agent_read_seq":0,"customer_delivered_seq":0,"agent_delivered_seq":0}}');
INSERT INTO "events" VALUES(11,1795172213332617,'visit.updated','v:01a1f89a-21c9-7684-bf89-e78768d3255b',X'01A1F89A21C97684BF89E78768D3255B','{"conversation_id":"01a1f89a-21c9-7684-bf89-e78768d3255b","state":"open","queue":"technical_normal","agent":{"name":"Ana Souza"}}');
INSERT INTO "events" VALUES(12,1795172213332617,'customer.updated','s q:technical_normal u:01a1f89a-2199-73c7-a05a-c7dd163e4042',X'01A1F89A21C97684BF8893A6AD62F273','{"customer":{"id":"01a1f89a-21c9-7684-bf88-93a6ad62f273","name":"Maria Teste","phones":[],"emails":[],"document":null,"contract":null,"plan":null,"address":null,"status":"lead","notes":null,"created_at":1795172213193300,"updated_at":1795172213193300}}');
INSERT INTO "events" VALUES(13,1795172213332617,'message.created','s q:technical_normal u:01a1f89a-2199-73c7-a05a-c7dd163e4042 v:01a1f89a-21c9-7684-bf89-e78768d3255b',X'01A1F89A21C97684BF89E78768D3255B','{"message":{"id":"01a1f89a-2254-72d3-8f34-afb400000003","conversation_id":"01a1f89a-21c9-7684-bf89-e78768d3255b","seq":3,"client_id":null,"sender":{"kind":"agent","id":"01a1f89a-2199-73c7-a05a-c7dd163e4042","name":"Ana Souza"},"kind":"system","body":"accepted","attachments":[],"at":1795172213332617,"state":1},"conversation":{"state":"open","waiting_since":1795172213326875}}');
INSERT INTO "events" VALUES(14,1795172213332617,'message.delivery','s q:technical_normal u:01a1f89a-2199-73c7-a05a-c7dd163e4042 v:01a1f89a-21c9-7684-bf89-e78768d3255b',X'01A1F89A21C97684BF89E78768D3255B','{"conversation_id":"01a1f89a-21c9-7684-bf89-e78768d3255b","side":"agent","state":2,"seq":3}');
INSERT INTO "events" VALUES(15,1795172213334657,'message.created','s q:technical_normal u:01a1f89a-2199-73c7-a05a-c7dd163e4042 v:01a1f89a-21c9-7684-bf89-e78768d3255b',X'01A1F89A21C97684BF89E78768D3255B','{"message":{"id":"01a1f89a-2256-7429-b426-3a1000000004","conversation_id":"01a1f89a-21c9-7684-bf89-e78768d3255b","seq":4,"client_id":"55f8d4d8-0991-4000-8151-0513ad4405e6","sender":{"kind":"agent","id":"01a1f89a-2199-73c7-a05a-c7dd163e4042","name":"Ana Souza"},"kind":"text","body":"já vejo — um instante","attachments":[],"at":1795172213334657,"state":1},"conversation":{"state":"open"}}');
INSERT INTO "events" VALUES(16,1795172213336693,'message.created','s q:technical_normal u:01a1f89a-2199-73c7-a05a-c7dd163e4042 v:01a1f89a-21c9-7684-bf89-e78768d3255b',X'01A1F89A21C97684BF89E78768D3255B','{"message":{"id":"01a1f89a-2258-70f3-9cf4-885100000005","conversation_id":"01a1f89a-21c9-7684-bf89-e78768d3255b","seq":5,"client_id":"4bf2d7d3-e4cd-413f-9e96-cc0747e20acf","sender":{"kind":"agent","id":"01a1f89a-2199-73c7-a05a-c7dd163e4042","name":"Ana Souza"},"kind":"text","body":"''aspas'' e \\barra\\","attachments":[],"at":1795172213336693,"state":1},"conversation":{"state":"open"}}');
CREATE TABLE file_renditions (
  file_id      BLOB NOT NULL,
  type         TEXT NOT NULL,
  rendition_id BLOB NOT NULL,
  PRIMARY KEY (file_id, type)
) STRICT, WITHOUT ROWID;
CREATE TABLE files (
  id         BLOB PRIMARY KEY,
  sha256     TEXT NOT NULL REFERENCES blobs (sha256),
  name       TEXT NOT NULL,
  type       TEXT NOT NULL,
  size       INTEGER NOT NULL,
  owner      BLOB,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE jobs (
  id         BLOB PRIMARY KEY,
  kind       TEXT NOT NULL,
  key        TEXT,
  payload    TEXT NOT NULL,
  state      TEXT NOT NULL,
  attempts   INTEGER NOT NULL,
  due_at     INTEGER NOT NULL,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE message_files (
  file_id      BLOB    NOT NULL,
  conversation INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  PRIMARY KEY (file_id, conversation, seq)
) STRICT, WITHOUT ROWID;
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
INSERT INTO "messages" VALUES(1,1,X'01A1F89A21CA75409EBFB70F00000001',NULL,2,NULL,NULL,5,'opened',1795172213193300,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,2,X'01A1F89A224E72A6A84DC95C00000002',X'D1662C9A600A4C48828B32EBD5B78DA3',1,X'01A1F89A21C97684BF8893A6AD62F273','Maria Teste',0,'bom dia, sem internet',1795172213326875,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,3,X'01A1F89A225472D38F34AFB400000003',NULL,0,X'01A1F89A219973C7A05AC7DD163E4042','Ana Souza',5,'accepted',1795172213332617,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,4,X'01A1F89A22567429B4263A1000000004',X'55F8D4D80991400081510513AD4405E6',0,X'01A1F89A219973C7A05AC7DD163E4042','Ana Souza',0,'já vejo — um instante',1795172213334657,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,5,X'01A1F89A225870F39CF4885100000005',X'4BF2D7D3E4CD413F9E96CC0747E20ACF',0,X'01A1F89A219973C7A05AC7DD163E4042','Ana Souza',0,'''aspas'' e \barra\',1795172213336693,NULL,NULL,NULL);
CREATE TABLE queue_members (
  queue_id BLOB NOT NULL REFERENCES queues (id) ON DELETE CASCADE,
  user_id  BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (queue_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "queue_members" VALUES(X'0197000000007000800000000000A002',X'01A1F89A219973C7A05AC7DD163E4042');
CREATE TABLE queues (
  id       BLOB    NOT NULL PRIMARY KEY,
  key      TEXT    NOT NULL UNIQUE,
  name     TEXT    NOT NULL,
  priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 9),
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "queues" VALUES(X'0197000000007000800000000000A001','technical_urgent','Suporte urgente',0,1);
INSERT INTO "queues" VALUES(X'0197000000007000800000000000A002','technical_normal','Suporte técnico',4,2);
INSERT INTO "queues" VALUES(X'0197000000007000800000000000A003','commercial','Comercial',5,3);
INSERT INTO "queues" VALUES(X'0197000000007000800000000000A004','financial','Financeiro',3,4);
INSERT INTO "queues" VALUES(X'0197000000007000800000000000A005','cancellation','Cancelamento',2,5);
CREATE TABLE read_marks (
  user_id         BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  conversation_id BLOB    NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  seq             INTEGER NOT NULL,
  PRIMARY KEY (user_id, conversation_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE refresh_tokens (
  token_hash  BLOB    NOT NULL PRIMARY KEY,
  session_id  BLOB    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  issued_at   INTEGER NOT NULL,
  replaced_at INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO "refresh_tokens" VALUES(X'3C65E7C39A949A8805EC764245259AC3E634EA1B8E9332E805405EB03BB08ED7',X'01A1F89A224875C0B572CEB90917C099',1795172213320727,NULL);
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
CREATE TABLE sessions (
  id           BLOB    NOT NULL PRIMARY KEY,
  user_id      BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  revoked_at   INTEGER,
  address      TEXT,
  device       TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO "sessions" VALUES(X'01A1F89A224875C0B572CEB90917C099',X'01A1F89A219973C7A05AC7DD163E4042',1795172213320727,1795172213320727,1797764213320727,NULL,'127.0.0.1',NULL);
CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sign_in_failures (
  login_hash   BLOB    NOT NULL PRIMARY KEY,
  failures     INTEGER NOT NULL,
  locked_until INTEGER NOT NULL,
  last_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE users (
  id            BLOB    NOT NULL PRIMARY KEY,
  login         TEXT    NOT NULL UNIQUE,
  name          TEXT    NOT NULL,
  role          INTEGER NOT NULL CHECK (role BETWEEN 2 AND 4),
  email         TEXT,
  status_text   TEXT    NOT NULL DEFAULT '',
  is_enabled    INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)),
  password_hash TEXT    NOT NULL,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "users" VALUES(X'01A1F89A219973C7A05AC7DD163E4042','ana','Ana Souza',2,NULL,'',1,'$argon2id$v=19$m=65536,t=3,p=1$vma68konIcEYONhcQQF46Q$PzB1kBUefkGLNUwNJSaqmlmfd3kVLIK+wHxLogJqe5g',1795172213145047,1795172213145047);
CREATE TABLE visits (
  client_id       BLOB    NOT NULL PRIMARY KEY,
  conversation_id BLOB    NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  customer_id     BLOB    NOT NULL,
  opened_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX jobs_by_key ON jobs (kind, key) WHERE key IS NOT NULL;
CREATE INDEX jobs_by_state ON jobs (state, due_at);
CREATE INDEX files_by_blob ON files (sha256);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (last_at);
CREATE INDEX queue_members_by_user ON queue_members (user_id);
CREATE INDEX customers_by_document ON customers (document) WHERE document IS NOT NULL;
CREATE INDEX customers_by_fold ON customers (fold);
CREATE INDEX customer_contacts_by_match ON customer_contacts (kind, match);
CREATE UNIQUE INDEX conversations_one_active ON conversations (customer_id, channel)
  WHERE kind = 'customer' AND state <> 'closed';
CREATE UNIQUE INDEX conversations_channel_name ON conversations (title) WHERE kind = 'channel';
CREATE INDEX conversations_by_customer ON conversations (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX conversations_active ON conversations (kind, state) WHERE state <> 'closed';
CREATE INDEX conversations_closed ON conversations (closed_at, number) WHERE state = 'closed';
CREATE INDEX conversation_members_by_user ON conversation_members (user_id);
CREATE INDEX read_marks_by_conversation ON read_marks (conversation_id);
CREATE INDEX visits_by_age ON visits (opened_at);
CREATE INDEX dummy_visits_active ON dummy_visits (has_left) WHERE has_left = 0;
COMMIT;
