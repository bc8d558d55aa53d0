-- When each session was opened: eight hours before it ends, as all are that were opened so far.
ALTER TABLE console_session ADD COLUMN opened_at bigint NOT NULL DEFAULT 0;
UPDATE console_session SET opened_at = expires_at - 28800000000;
-- The one-time link of each node's start. The id is the SHA-256 of its secret.
CREATE TABLE sign_in_link (
    organisation text COLLATE "C" NOT NULL,
    node         text COLLATE "C" NOT NULL,
    id           bytea NOT NULL,
    expires_at   bigint NOT NULL,
    PRIMARY KEY (organisation, node)
);
-- Forms that may be done once: the path of what each made, nothing while somebody is at work with it.
CREATE TABLE console_form (
    organisation text COLLATE "C" NOT NULL,
    id           bytea NOT NULL,
    made         text COLLATE "C",
    expires_at   bigint NOT NULL,
    PRIMARY KEY (organisation, id)
);
CREATE INDEX console_form_expiry ON console_form (expires_at);
