-- Events that the webhook has still to be told. due_at: when it is tried next; while a node tells it, the end of that node's claim.
CREATE TABLE announcement (
    organisation text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL,
    type         text COLLATE "C" NOT NULL,
    server       text COLLATE "C" NOT NULL,
    body         text COLLATE "C" NOT NULL,
    created_at   bigint NOT NULL,
    due_at       bigint NOT NULL,
    attempts     bigint NOT NULL,
    PRIMARY KEY (organisation, id)
);
CREATE INDEX announcement_due ON announcement (due_at);
CREATE INDEX announcement_age ON announcement (created_at);
-- How it goes with telling them. gone: the fingerprint of the endpoint that wants no more.
CREATE TABLE announcement_state (
    organisation   text COLLATE "C" NOT NULL,
    delivered_id   text COLLATE "C",
    delivered_type text COLLATE "C",
    delivered_at   bigint,
    failed_id      text COLLATE "C",
    failed_type    text COLLATE "C",
    failed_at      bigint,
    failure        text COLLATE "C",
    tested_id      text COLLATE "C",
    tested_at      bigint,
    test_failure   text COLLATE "C",
    lost           bigint NOT NULL DEFAULT 0,
    gone           text COLLATE "C",
    PRIMARY KEY (organisation)
);
