-- Whom security events are told (RFC 8417): API clients that an administrator lets have them. pushes: 1 where nodes post them, 0 where the client fetches them or is
-- suspended. due_at: when it is told next; while a node tells it, the end of that node's claim. waiting: its rows in security_event.
CREATE TABLE event_stream (
    organisation TEXT NOT NULL,
    client       TEXT NOT NULL,
    pushes       INTEGER NOT NULL,
    due_at       INTEGER NOT NULL DEFAULT 0,
    attempts     INTEGER NOT NULL DEFAULT 0,
    waiting      INTEGER NOT NULL DEFAULT 0,
    delivered_id TEXT,
    delivered_at INTEGER,
    failed_id    TEXT,
    failed_at    INTEGER,
    failure      TEXT,
    refused      INTEGER NOT NULL DEFAULT 0,
    left_out     INTEGER NOT NULL DEFAULT 0,
    given_up     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (organisation, client)
) STRICT, WITHOUT ROWID;
-- Events that a client has still to be told, in the order of what they are about. level: of the revocation, or empty for a test.
CREATE TABLE security_event (
    organisation TEXT NOT NULL,
    client       TEXT NOT NULL,
    revision     INTEGER NOT NULL,
    ordinal      INTEGER NOT NULL,
    id           TEXT NOT NULL,
    level        TEXT NOT NULL,
    target       TEXT NOT NULL,
    not_before   INTEGER NOT NULL,
    changed_by   TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (organisation, client, revision, ordinal)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX security_event_id ON security_event (organisation, client, id);
CREATE INDEX security_event_age ON security_event (created_at);
