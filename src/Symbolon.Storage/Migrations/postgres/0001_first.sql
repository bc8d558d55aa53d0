-- Times are microseconds since the Unix epoch. Every row of an organisation carries it as the first part of its key.
CREATE TABLE counter (
    name  text COLLATE "C" NOT NULL PRIMARY KEY,
    value bigint NOT NULL
);

-- One row each: the revision orders all changes of configuration, the lease numbers all lives of nodes.
INSERT INTO counter (name, value) VALUES ('revision', 0), ('lease', 0);

CREATE TABLE object (
    organisation text COLLATE "C" NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    name         text COLLATE "C" NOT NULL,
    version      bigint NOT NULL,
    revision     bigint NOT NULL,
    document     text COLLATE "C" NOT NULL,
    updated_at   bigint NOT NULL,
    updated_by   text COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, kind, name)
);
CREATE INDEX object_revision ON object (revision);

CREATE TABLE object_version (
    organisation text COLLATE "C" NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    name         text COLLATE "C" NOT NULL,
    version      bigint NOT NULL,
    document     text COLLATE "C" NOT NULL,
    changed_at   bigint NOT NULL,
    changed_by   text COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, kind, name, version)
);

CREATE TABLE token (
    organisation     text COLLATE "C" NOT NULL,
    id               text COLLATE "C" NOT NULL,
    secret           bytea NOT NULL,
    "user"           text COLLATE "C",
    agent            text COLLATE "C",
    workflow         text COLLATE "C",
    expires_at       bigint NOT NULL,
    issued_at        bigint NOT NULL,
    revoked_at       bigint,
    rotated_at       bigint,
    rotated_revision bigint,
    last_used_at     bigint,
    document         text COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, id)
);
CREATE UNIQUE INDEX token_secret ON token (secret);
CREATE INDEX token_rotated ON token (rotated_revision) WHERE rotated_revision IS NOT NULL;

CREATE TABLE token_server (
    organisation text COLLATE "C" NOT NULL,
    server       text COLLATE "C" NOT NULL,
    token        text COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, server, token),
    FOREIGN KEY (organisation, token) REFERENCES token (organisation, id)
);

CREATE TABLE epoch (
    organisation text COLLATE "C" NOT NULL,
    level        text COLLATE "C" NOT NULL,
    target       text COLLATE "C" NOT NULL,
    not_before   bigint NOT NULL,
    revision     bigint NOT NULL,
    PRIMARY KEY (organisation, level, target)
);
CREATE INDEX epoch_revision ON epoch (revision);

CREATE TABLE secret (
    organisation text COLLATE "C" NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL,
    version      bigint NOT NULL,
    revision     bigint NOT NULL,
    sealed       bytea NOT NULL,
    fingerprint  bytea NOT NULL,
    PRIMARY KEY (organisation, kind, id)
);
CREATE INDEX secret_revision ON secret (revision);
CREATE INDEX secret_fingerprint ON secret (organisation, kind, fingerprint);

CREATE TABLE audit (
    organisation text COLLATE "C" NOT NULL,
    seq          bigint NOT NULL,
    time         bigint NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    call         bytea,
    "user"       text COLLATE "C",
    agent        text COLLATE "C",
    workflow     text COLLATE "C",
    server       text COLLATE "C",
    tool         text COLLATE "C",
    token        text COLLATE "C",
    code         text COLLATE "C",
    hash         bytea NOT NULL,
    record       bytea NOT NULL,
    PRIMARY KEY (organisation, seq)
);

CREATE TABLE audit_chain (
    organisation text COLLATE "C" NOT NULL PRIMARY KEY,
    seq          bigint NOT NULL,
    time         bigint NOT NULL,
    hash         bytea NOT NULL
);

CREATE TABLE node (
    id                 text COLLATE "C" NOT NULL PRIMARY KEY,
    lease              bigint NOT NULL,
    confirmed_revision bigint NOT NULL,
    seen_at            bigint NOT NULL,
    ended_at           bigint
);

-- Where the search for a dead node's open intents begins: every record before it is settled.
CREATE TABLE node_mark (
    organisation text COLLATE "C" NOT NULL,
    node         text COLLATE "C" NOT NULL,
    seq          bigint NOT NULL,
    PRIMARY KEY (organisation, node)
);
