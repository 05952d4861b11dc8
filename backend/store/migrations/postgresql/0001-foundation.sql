-- What every company's database stands on. Times are microseconds since 1970 UTC, ids 16 bytes.

CREATE TABLE settings (
  key   TEXT COLLATE "C" PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);

-- Sums kept up to date by who changes what they count.
CREATE TABLE counters (
  name  TEXT COLLATE "C" PRIMARY KEY,
  value BIGINT           NOT NULL
);

-- What clients must see; seq has no gaps and grows in commit order.
CREATE TABLE events (
  seq      BIGINT           PRIMARY KEY,
  at       BIGINT           NOT NULL,
  kind     TEXT COLLATE "C" NOT NULL,
  audience TEXT COLLATE "C" NOT NULL,
  entity   BYTEA,
  data     TEXT COLLATE "C" NOT NULL
);

-- What the outside world must be told. state: waiting, running, done, dead.
CREATE TABLE jobs (
  id         BYTEA            PRIMARY KEY,
  kind       TEXT COLLATE "C" NOT NULL,
  key        TEXT COLLATE "C",
  payload    TEXT COLLATE "C" NOT NULL,
  state      TEXT COLLATE "C" NOT NULL,
  attempts   BIGINT           NOT NULL,
  due_at     BIGINT           NOT NULL,
  last_error TEXT COLLATE "C",
  created_at BIGINT           NOT NULL,
  updated_at BIGINT           NOT NULL
);
CREATE UNIQUE INDEX jobs_by_key ON jobs (kind, key) WHERE key IS NOT NULL;
CREATE INDEX jobs_by_state ON jobs (state, due_at);

-- Content-addressed bytes beside the database, and the names people gave them.
CREATE TABLE blobs (
  sha256     TEXT COLLATE "C" PRIMARY KEY,
  size       BIGINT           NOT NULL,
  created_at BIGINT           NOT NULL
);

CREATE TABLE files (
  id         BYTEA            PRIMARY KEY,
  sha256     TEXT COLLATE "C" NOT NULL REFERENCES blobs (sha256),
  name       TEXT COLLATE "C" NOT NULL,
  type       TEXT COLLATE "C" NOT NULL,
  size       BIGINT           NOT NULL,
  owner      BYTEA,
  created_at BIGINT           NOT NULL
);
CREATE INDEX files_by_blob ON files (sha256);

-- Who did what to what; hash covers the row and the hash before it.
CREATE TABLE audit (
  seq        BIGINT           PRIMARY KEY,
  at         BIGINT           NOT NULL,
  actor_role BIGINT           NOT NULL,
  actor_id   BYTEA,
  session_id BYTEA,
  address    TEXT COLLATE "C",
  action     TEXT COLLATE "C" NOT NULL,
  entity     BYTEA,
  detail     TEXT COLLATE "C",
  hash       BYTEA            NOT NULL
);
