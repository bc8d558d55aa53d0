-- Times are microseconds since the Unix epoch. Every row of an organisation carries it as the first part of its key.
CREATE TABLE counter (
    name  TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row each: the revision orders all changes of configuration, the lease numbers all lives of nodes.
INSERT INTO counter (name, value) VALUES ('revision', 0), ('lease', 0);

CREATE TABLE object (
    organisation TEXT NOT NULL,
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    document     TEXT NOT NULL,
    updated_at   INTEGER NOT NULL,
    updated_by   TEXT NOT NULL,
    PRIMARY KEY (organisation, kind, name)
) STRICT;
CREATE INDEX object_revision ON object (revision);

CREATE TABLE object_version (
    organisation TEXT NOT NULL,
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    document     TEXT NOT NULL,
    changed_at   INTEGER NOT NULL,
    changed_by   TEXT NOT NULL,
    PRIMARY KEY (organisation, kind, name, version)
) STRICT;

CREATE TABLE token (
    organisation     TEXT NOT NULL,
    id               TEXT NOT NULL,
    secret           BLOB NOT NULL,
    "user"           TEXT,
    agent            TEXT,
    workflow         TEXT,
    expires_at       INTEGER NOT NULL,
    issued_at        INTEGER NOT NULL,
    revoked_at       INTEGER,
    rotated_at       INTEGER,
    rotated_revision INTEGER,
    last_used_at     INTEGER,
    document         TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT;
CREATE UNIQUE INDEX token_secret ON token (secret);
CREATE INDEX token_rotated ON token (rotated_revision) WHERE rotated_revision IS NOT NULL;

CREATE TABLE token_server (
    organisation TEXT NOT NULL,
    server       TEXT NOT NULL,
    token        TEXT NOT NULL,
    PRIMARY KEY (organisation, server, token),
    FOREIGN KEY (organisation, token) REFERENCES token (organisation, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE epoch (
    organisation TEXT NOT NULL,
    level        TEXT NOT NULL,
    target       TEXT NOT NULL,
    not_before   INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    PRIMARY KEY (organisation, level, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX epoch_revision ON epoch (revision);

CREATE TABLE secret (
    organisation TEXT NOT NULL,
    kind         TEXT NOT NULL,
    id           TEXT NOT NULL,
    version      INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    sealed       BLOB NOT NULL,
    fingerprint  BLOB NOT NULL,
    PRIMARY KEY (organisation, kind, id)
) STRICT;
CREATE INDEX secret_revision ON secret (revision);
CREATE INDEX secret_fingerprint ON secret (organisation, kind, fingerprint);

CREATE TABLE audit (
    organisation TEXT NOT NULL,
    seq          INTEGER NOT NULL,
    time         INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    call         BLOB,
    "user"       TEXT,
    agent        TEXT,
    workflow     TEXT,
    server       TEXT,
    tool         TEXT,
    token        TEXT,
    code         TEXT,
    hash         BLOB NOT NULL,
    record       BLOB NOT NULL,
    PRIMARY KEY (organisation, seq)
) STRICT;

CREATE TABLE audit_chain (
    organisation TEXT NOT NULL PRIMARY KEY,
    seq          INTEGER NOT NULL,
    time         INTEGER NOT NULL,
    hash         BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE node (
    id                 TEXT NOT NULL PRIMARY KEY,
    lease              INTEGER NOT NULL,
    confirmed_revision INTEGER NOT NULL,
    seen_at            INTEGER NOT NULL,
    ended_at           INTEGER
) STRICT, WITHOUT ROWID;

-- Where the search for a dead node's open intents begins: every record before it is settled.
CREATE TABLE node_mark (
    organisation TEXT NOT NULL,
    node         TEXT NOT NULL,
    seq          INTEGER NOT NULL,
    PRIMARY KEY (organisation, node)
) STRICT, WITHOUT ROWID;
