-- Who is signed in to the console. The id is the SHA-256 of the cookie's secret.
CREATE TABLE console_session (
    organisation TEXT NOT NULL,
    id           BLOB NOT NULL,
    signed_in_by TEXT NOT NULL,
    node         TEXT NOT NULL,
    expires_at   INTEGER NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT, WITHOUT ROWID;
