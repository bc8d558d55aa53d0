-- Events that the webhook has still to be told. due_at: when it is tried next; while a node tells it, the end of that node's claim.
CREATE TABLE announcement (
    organisation TEXT NOT NULL,
    id           TEXT NOT NULL,
    type         TEXT NOT NULL,
    server       TEXT NOT NULL,
    body         TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX announcement_due ON announcement (due_at);
CREATE INDEX announcement_age ON announcement (created_at);
-- How it goes with telling them. gone: the fingerprint of the endpoint that wants no more.
CREATE TABLE announcement_state (
    organisation   TEXT NOT NULL,
    delivered_id   TEXT,
    delivered_type TEXT,
    delivered_at   INTEGER,
    failed_id      TEXT,
    failed_type    TEXT,
    failed_at      INTEGER,
    failure        TEXT,
    tested_id      TEXT,
    tested_at      INTEGER,
    test_failure   TEXT,
    lost           INTEGER NOT NULL DEFAULT 0,
    gone           TEXT,
    PRIMARY KEY (organisation)
) STRICT, WITHOUT ROWID;
