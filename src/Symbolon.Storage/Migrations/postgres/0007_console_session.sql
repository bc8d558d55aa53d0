-- Who is signed in to the console. The id is the SHA-256 of the cookie's secret.
CREATE TABLE console_session (
    organisation text COLLATE "C" NOT NULL,
    id           bytea NOT NULL,
    signed_in_by text COLLATE "C" NOT NULL,
    node         text COLLATE "C" NOT NULL,
    expires_at   bigint NOT NULL,
    PRIMARY KEY (organisation, id)
);
