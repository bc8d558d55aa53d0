-- Whom security events are told (RFC 8417): API clients that an administrator lets have them. pushes: 1 where nodes post them, 0 where the client fetches them or is
-- suspended. due_at: when it is told next; while a node tells it, the end of that node's claim. waiting: its rows in security_event.
CREATE TABLE event_stream (
    organisation text COLLATE "C" NOT NULL,
    client       text COLLATE "C" NOT NULL,
    pushes       bigint NOT NULL,
    due_at       bigint NOT NULL DEFAULT 0,
    attempts     bigint NOT NULL DEFAULT 0,
    waiting      bigint NOT NULL DEFAULT 0,
    delivered_id text COLLATE "C",
    delivered_at bigint,
    failed_id    text COLLATE "C",
    failed_at    bigint,
    failure      text COLLATE "C",
    refused      bigint NOT NULL DEFAULT 0,
    left_out     bigint NOT NULL DEFAULT 0,
    given_up     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (organisation, client)
);
-- Events that a client has still to be told, in the order of what they are about. level: of the revocation, or empty for a test.
CREATE TABLE security_event (
    organisation text COLLATE "C" NOT NULL,
    client       text COLLATE "C" NOT NULL,
    revision     bigint NOT NULL,
    ordinal      bigint NOT NULL,
    id           text COLLATE "C" NOT NULL,
    level        text COLLATE "C" NOT NULL,
    target       text COLLATE "C" NOT NULL,
    not_before   bigint NOT NULL,
    changed_by   text COLLATE "C" NOT NULL,
    created_at   bigint NOT NULL,
    PRIMARY KEY (organisation, client, revision, ordinal)
);
CREATE UNIQUE INDEX security_event_id ON security_event (organisation, client, id);
CREATE INDEX security_event_age ON security_event (created_at);
