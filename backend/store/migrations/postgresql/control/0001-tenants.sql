CREATE TABLE tenants (
  id         BYTEA            PRIMARY KEY,
  key        TEXT COLLATE "C" NOT NULL UNIQUE,
  name       TEXT COLLATE "C" NOT NULL,
  created_at BIGINT           NOT NULL
);
