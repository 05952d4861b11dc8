-- What several servers of one installation know of each other; SQLite has one server and leaves these empty.

-- What all must agree on, such as the fingerprints of their keys.
CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Those that run: heartbeat_at is written every second; one that has not for five seconds is dead to the others.
CREATE TABLE nodes (
  name         TEXT    NOT NULL PRIMARY KEY,
  boot         TEXT    NOT NULL,
  version      TEXT    NOT NULL,
  address      TEXT    NOT NULL,
  started_at   INTEGER NOT NULL,
  heartbeat_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What exactly one node does: token grows with each owner.
CREATE TABLE leases (
  name       TEXT    NOT NULL PRIMARY KEY,
  owner      TEXT    NOT NULL,
  expires_at INTEGER NOT NULL,
  token      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who is at which node, as colleagues see them; true as long as the node lives.
CREATE TABLE presence (
  tenant     TEXT    NOT NULL,
  user_id    BLOB    NOT NULL,
  node       TEXT    NOT NULL REFERENCES nodes (name) ON DELETE CASCADE,
  status     TEXT    NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, user_id, node)
) STRICT, WITHOUT ROWID;
CREATE INDEX presence_by_node ON presence (node);
