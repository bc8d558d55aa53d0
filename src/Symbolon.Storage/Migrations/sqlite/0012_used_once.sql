-- What is taken only once (ids of assertions and proofs), until nobody can present it again. The value is a SHA-256.
CREATE TABLE used_once (
    organisation TEXT NOT NULL,
    kind         TEXT NOT NULL,
    value        BLOB NOT NULL,
    expires_at   INTEGER NOT NULL,
    PRIMARY KEY (organisation, kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_once_expiry ON used_once (expires_at);
