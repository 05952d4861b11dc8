-- What every company's database stands on. Times are microseconds since 1970 UTC, ids 16 bytes.

CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Sums kept up to date by who changes what they count.
CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What clients must see; seq has no gaps and grows in commit order.
CREATE TABLE events (
  seq      INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  audience TEXT NOT NULL,
  entity   BLOB,
  data     TEXT NOT NULL
) STRICT;

-- What the outside world must be told. state: waiting, running, done, dead.
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
CREATE UNIQUE INDEX jobs_by_key ON jobs (kind, key) WHERE key IS NOT NULL;
CREATE INDEX jobs_by_state ON jobs (state, due_at);

-- Content-addressed bytes beside the database, and the names people gave them.
CREATE TABLE blobs (
  sha256     TEXT PRIMARY KEY,
  size       INTEGER NOT NULL,
  created_at INTEGER NOT NULL
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
CREATE INDEX files_by_blob ON files (sha256);

-- Who did what to what; hash covers the row and the hash before it.
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
