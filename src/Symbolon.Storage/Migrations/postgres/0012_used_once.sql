-- What is taken only once (ids of assertions and proofs), until nobody can present it again. The value is a SHA-256.
CREATE TABLE used_once (
    organisation text COLLATE "C" NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    value        bytea NOT NULL,
    expires_at   bigint NOT NULL,
    PRIMARY KEY (organisation, kind, value)
);
CREATE INDEX used_once_expiry ON used_once (expires_at);
