-- Principals, memberships and credentials. Of every secret only a SHA-256 is stored. Times are milliseconds since the epoch.

CREATE TABLE auth_principals (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'anonymous')),
  name TEXT NOT NULL,
  -- 1 for the installation's first administrator.
  administrator INTEGER NOT NULL DEFAULT 0 CHECK (administrator IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX auth_principals_have_one_first_administrator ON auth_principals (administrator) WHERE administrator = 1;

CREATE TABLE auth_memberships (
  project TEXT NOT NULL,
  principal TEXT NOT NULL REFERENCES auth_principals (id),
  role TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'admin', 'owner')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (project, principal)
) STRICT, WITHOUT ROWID;

CREATE INDEX auth_memberships_by_principal ON auth_memberships (principal, created_at DESC, project DESC);

CREATE TABLE auth_sign_ins (
  id TEXT NOT NULL PRIMARY KEY,
  principal TEXT NOT NULL REFERENCES auth_principals (id),
  -- Makes the next refresh token from the one before it. Useless without that one.
  salt BLOB NOT NULL CHECK (length(salt) = 32),
  -- How often the refresh token was replaced.
  generation INTEGER NOT NULL DEFAULT 0,
  refresh_hash BLOB NOT NULL CHECK (length(refresh_hash) = 32),
  rotated_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  -- Ends then unless it is refreshed.
  expires_at INTEGER NOT NULL,
  -- Ends then in any case.
  ends_at INTEGER NOT NULL,
  revoked_at INTEGER,
  CHECK (expires_at <= ends_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE auth_keys (
  id TEXT NOT NULL PRIMARY KEY,
  secret_hash BLOB NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
  principal TEXT NOT NULL REFERENCES auth_principals (id),
  -- The project it opens; NULL: every project of its maker.
  project TEXT,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'admin', 'owner')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE INDEX auth_keys_by_project ON auth_keys (project, id DESC);
CREATE INDEX auth_keys_by_maker ON auth_keys (principal, id DESC) WHERE project IS NULL;

-- One-time sign-in links.
CREATE TABLE auth_links (
  code_hash BLOB NOT NULL PRIMARY KEY CHECK (length(code_hash) = 32),
  principal TEXT NOT NULL REFERENCES auth_principals (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- The sign-in session that it was traded for.
  used_for TEXT
) STRICT, WITHOUT ROWID;

-- The installation's signing key, where the operator gave none. One row.
CREATE TABLE auth_signing_keys (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  seed BLOB NOT NULL CHECK (length(seed) = 32),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER auth_sign_ins_stay_revoked BEFORE UPDATE ON auth_sign_ins WHEN OLD.revoked_at IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'auth: the sign-in session is revoked');
END;
CREATE TRIGGER auth_keys_stay_revoked BEFORE UPDATE ON auth_keys WHEN OLD.revoked_at IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'auth: the key is revoked');
END;
CREATE TRIGGER auth_links_are_used_once BEFORE UPDATE ON auth_links WHEN OLD.used_for IS NOT NULL BEGIN
  SELECT RAISE(ABORT, 'auth: the link is used');
END;
