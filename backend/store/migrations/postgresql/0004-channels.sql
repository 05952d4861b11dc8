-- channels: what the ways to talk with customers keep for themselves.

-- The same sound in another form, made by the desktop: AAC for browsers without Ogg/Opus.
CREATE TABLE file_renditions (
  file_id      BYTEA            NOT NULL,
  type         TEXT COLLATE "C" NOT NULL,
  rendition_id BYTEA            NOT NULL,
  PRIMARY KEY (file_id, type)
);

-- Visits by the id their page made: a repeat after a lost reply opens no second one.
CREATE TABLE visits (
  client_id       BYTEA  NOT NULL PRIMARY KEY,
  conversation_id BYTEA  NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  customer_id     BYTEA  NOT NULL,
  opened_at       BIGINT NOT NULL
);
CREATE INDEX visits_by_age ON visits (opened_at);

-- The simulated customers of the dummy channel: which story each tells and how far they are.
CREATE TABLE dummy_visits (
  number          BIGINT NOT NULL PRIMARY KEY,
  conversation_id BYTEA  NOT NULL UNIQUE REFERENCES conversations (id) ON DELETE CASCADE,
  story           BIGINT NOT NULL,
  line            BIGINT NOT NULL,
  is_listening    BIGINT NOT NULL CHECK (is_listening IN (0, 1)),
  has_left        BIGINT NOT NULL CHECK (has_left IN (0, 1))
);
CREATE INDEX dummy_visits_active ON dummy_visits (has_left) WHERE has_left = 0;
