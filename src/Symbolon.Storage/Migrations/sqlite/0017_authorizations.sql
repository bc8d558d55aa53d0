-- Authorizations of people (one consent and the family of refresh tokens that came of it), and what is made of them. Pushed requests, codes and
-- refresh tokens are here by SHA-256 alone.
CREATE TABLE oauth_authorization (
    organisation TEXT NOT NULL,
    id           TEXT NOT NULL,
    "user"       TEXT NOT NULL,
    client       TEXT NOT NULL,
    server       TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    document     TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_authorization_user ON oauth_authorization (organisation, "user", created_at, id);
CREATE INDEX oauth_authorization_client ON oauth_authorization (organisation, client, created_at, id);
CREATE INDEX oauth_authorization_created ON oauth_authorization (organisation, created_at, id);
CREATE INDEX oauth_authorization_expiry ON oauth_authorization (expires_at);

CREATE TABLE oauth_code (
    organisation TEXT NOT NULL,
    code         BLOB NOT NULL,
    family       TEXT NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER,
    document     TEXT NOT NULL,
    PRIMARY KEY (organisation, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_code_expiry ON oauth_code (expires_at);

CREATE TABLE oauth_refresh (
    organisation TEXT NOT NULL,
    token        BLOB NOT NULL,
    family       TEXT NOT NULL,
    bound_to     TEXT,
    issued_at    INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER,
    PRIMARY KEY (organisation, token)
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_refresh_expiry ON oauth_refresh (expires_at);

CREATE TABLE oauth_pushed (
    organisation TEXT NOT NULL,
    request      BLOB NOT NULL,
    client       TEXT NOT NULL,
    expires_at   INTEGER NOT NULL,
    browser      BLOB,
    parameters   TEXT NOT NULL,
    PRIMARY KEY (organisation, request)
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_pushed_client ON oauth_pushed (organisation, client, expires_at);
CREATE INDEX oauth_pushed_expiry ON oauth_pushed (expires_at);
