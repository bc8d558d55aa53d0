-- When each session was opened: eight hours before it ends, as all are that were opened so far.
ALTER TABLE console_session ADD COLUMN opened_at INTEGER NOT NULL DEFAULT 0;
UPDATE console_session SET opened_at = expires_at - 28800000000;
-- The one-time link of each node's start. The id is the SHA-256 of its secret.
CREATE TABLE sign_in_link (
    organisation TEXT NOT NULL,
    node         TEXT NOT NULL,
    id           BLOB NOT NULL,
    expires_at   INTEGER NOT NULL,
    PRIMARY KEY (organisation, node)
) STRICT, WITHOUT ROWID;
-- Forms that may be done once: the path of what each made, nothing while somebody is at work with it.
CREATE TABLE console_form (
    organisation TEXT NOT NULL,
    id           BLOB NOT NULL,
    made         TEXT,
    expires_at   INTEGER NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX console_form_expiry ON console_form (expires_at);
