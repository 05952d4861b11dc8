-- people: who may sign in, and with what.
CREATE TABLE users (
  id            BYTEA            NOT NULL PRIMARY KEY,
  login         TEXT COLLATE "C" NOT NULL UNIQUE,
  name          TEXT COLLATE "C" NOT NULL,
  role          BIGINT           NOT NULL CHECK (role BETWEEN 2 AND 4),
  email         TEXT COLLATE "C",
  status_text   TEXT COLLATE "C" NOT NULL DEFAULT '',
  is_enabled    BIGINT           NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)),
  password_hash TEXT COLLATE "C" NOT NULL,
  created_at    BIGINT           NOT NULL,
  updated_at    BIGINT           NOT NULL
);

-- A session is a family of refresh tokens; revoking it ends every token made from it.
CREATE TABLE sessions (
  id           BYTEA  NOT NULL PRIMARY KEY,
  user_id      BYTEA  NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at   BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  revoked_at   BIGINT,
  address      TEXT COLLATE "C",
  device       TEXT COLLATE "C"
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- Only the SHA-256 of a refresh token is kept. Replaced ones stay for a while, so that
-- the use of a stolen one is noticed.
CREATE TABLE refresh_tokens (
  token_hash  BYTEA  NOT NULL PRIMARY KEY,
  session_id  BYTEA  NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  issued_at   BIGINT NOT NULL,
  replaced_at BIGINT
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Failed sign-ins by the SHA-256 of the login tried, known or not.
CREATE TABLE sign_in_failures (
  login_hash   BYTEA  NOT NULL PRIMARY KEY,
  failures     BIGINT NOT NULL,
  locked_until BIGINT NOT NULL,
  last_at      BIGINT NOT NULL
);
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (last_at);
