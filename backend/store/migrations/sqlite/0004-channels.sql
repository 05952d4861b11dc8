-- channels: what the ways to talk with customers keep for themselves.

-- The same sound in another form, made by the desktop: AAC for browsers without Ogg/Opus.
CREATE TABLE file_renditions (
  file_id      BLOB NOT NULL,
  type         TEXT NOT NULL,
  rendition_id BLOB NOT NULL,
  PRIMARY KEY (file_id, type)
) STRICT, WITHOUT ROWID;

-- Visits by the id their page made: a repeat after a lost reply opens no second one.
CREATE TABLE visits (
  client_id       BLOB    NOT NULL PRIMARY KEY,
  conversation_id BLOB    NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  customer_id     BLOB    NOT NULL,
  opened_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX visits_by_age ON visits (opened_at);

-- The simulated customers of the dummy channel: which story each tells and how far they are.
CREATE TABLE dummy_visits (
  number          INTEGER NOT NULL PRIMARY KEY,
  conversation_id BLOB    NOT NULL UNIQUE REFERENCES conversations (id) ON DELETE CASCADE,
  story           INTEGER NOT NULL,
  line            INTEGER NOT NULL,
  is_listening    INTEGER NOT NULL CHECK (is_listening IN (0, 1)),
  has_left        INTEGER NOT NULL CHECK (has_left IN (0, 1))
) STRICT;
CREATE INDEX dummy_visits_active ON dummy_visits (has_left) WHERE has_left = 0;
