-- people: who may sign in, and with what.
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

-- A session is a family of refresh tokens; revoking it ends every token made from it.
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
CREATE INDEX sessions_by_user ON sessions (user_id);

-- Only the SHA-256 of a refresh token is kept. Replaced ones stay for a while, so that
-- the use of a stolen one is noticed.
CREATE TABLE refresh_tokens (
  token_hash  BLOB    NOT NULL PRIMARY KEY,
  session_id  BLOB    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  issued_at   INTEGER NOT NULL,
  replaced_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Failed sign-ins by the SHA-256 of the login tried, known or not.
CREATE TABLE sign_in_failures (
  login_hash   BLOB    NOT NULL PRIMARY KEY,
  failures     INTEGER NOT NULL,
  locked_until INTEGER NOT NULL,
  last_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (last_at);
