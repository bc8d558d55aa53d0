-- People who sign in here. What was signed in at or before not_before is dead. The link is the SHA-256 of a one-time link's secret.
CREATE TABLE account (
    organisation    TEXT NOT NULL,
    email           TEXT NOT NULL,
    version         INTEGER NOT NULL,
    name            TEXT,
    administrator   INTEGER NOT NULL,
    suspended       INTEGER NOT NULL,
    password        TEXT,
    link            BLOB,
    link_ends_at    INTEGER,
    not_before      INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    last_sign_in_at INTEGER,
    changed_at      INTEGER NOT NULL,
    changed_by      TEXT NOT NULL,
    reason          TEXT,
    PRIMARY KEY (organisation, email)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_link ON account (organisation, link);

-- Attempts to sign in that have not succeeded, by account and by address, until nobody needs to remember them. The subject is a SHA-256.
CREATE TABLE sign_in_attempt (
    organisation TEXT NOT NULL,
    kind         TEXT NOT NULL,
    subject      BLOB NOT NULL,
    failures     INTEGER NOT NULL,
    locked_until INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    PRIMARY KEY (organisation, kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_attempt_age ON sign_in_attempt (last_at);

-- Command lines that act for an administrator. First a code that the browser brings, then, in its place, the token's secret; both as SHA-256.
CREATE TABLE admin_token (
    organisation TEXT NOT NULL,
    id           TEXT NOT NULL,
    email        TEXT NOT NULL,
    label        TEXT NOT NULL,
    code         BLOB NOT NULL,
    challenge    TEXT NOT NULL,
    code_ends_at INTEGER NOT NULL,
    secret       BLOB,
    issued_at    INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    revoked_at   INTEGER,
    PRIMARY KEY (organisation, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX admin_token_code ON admin_token (organisation, code);
CREATE UNIQUE INDEX admin_token_secret ON admin_token (organisation, secret);
