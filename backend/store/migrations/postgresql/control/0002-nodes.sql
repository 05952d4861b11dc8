-- What several servers of one installation know of each other; SQLite has one server and leaves these empty.

-- What all must agree on, such as the fingerprints of their keys.
CREATE TABLE settings (
  key   TEXT COLLATE "C" PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);

-- Those that run: heartbeat_at is written every second; one that has not for five seconds is dead to the others.
CREATE TABLE nodes (
  name         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  boot         TEXT COLLATE "C" NOT NULL,
  version      TEXT COLLATE "C" NOT NULL,
  address      TEXT COLLATE "C" NOT NULL,
  started_at   BIGINT           NOT NULL,
  heartbeat_at BIGINT           NOT NULL
) WITH (fillfactor = 50);

-- What exactly one node does: token grows with each owner.
CREATE TABLE leases (
  name       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  owner      TEXT COLLATE "C" NOT NULL,
  expires_at BIGINT           NOT NULL,
  token      BIGINT           NOT NULL
) WITH (fillfactor = 50);

-- Who is at which node, as colleagues see them; true as long as the node lives.
CREATE TABLE presence (
  tenant     TEXT COLLATE "C" NOT NULL,
  user_id    BYTEA            NOT NULL,
  node       TEXT COLLATE "C" NOT NULL REFERENCES nodes (name) ON DELETE CASCADE,
  status     TEXT COLLATE "C" NOT NULL,
  changed_at BIGINT           NOT NULL,
  PRIMARY KEY (tenant, user_id, node)
);
CREATE INDEX presence_by_node ON presence (node);
