-- OAuth clients that registered themselves, until nobody uses them any more.
CREATE TABLE oauth_dynamic_client (
    organisation text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL,
    peer         text COLLATE "C" NOT NULL,
    is_used      bigint NOT NULL,
    expires_at   bigint NOT NULL,
    document     text NOT NULL,
    PRIMARY KEY (organisation, id)
);
CREATE INDEX oauth_dynamic_client_use ON oauth_dynamic_client (organisation, is_used, peer);
CREATE INDEX oauth_dynamic_client_expiry ON oauth_dynamic_client (expires_at);
