-- OAuth clients that registered themselves, until nobody uses them any more.
CREATE TABLE oauth_dynamic_client (
    organisation TEXT NOT NULL,
    id           TEXT NOT NULL,
    peer         TEXT NOT NULL,
    is_used      INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    document     TEXT NOT NULL,
    PRIMARY KEY (organisation, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_dynamic_client_use ON oauth_dynamic_client (organisation, is_used, peer);
CREATE INDEX oauth_dynamic_client_expiry ON oauth_dynamic_client (expires_at);
