-- Authorizations of people (one consent and the family of refresh tokens that came of it), and what is made of them. Pushed requests, codes and
-- refresh tokens are here by SHA-256 alone.
CREATE TABLE oauth_authorization (
    organisation text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL,
    "user"       text COLLATE "C" NOT NULL,
    client       text COLLATE "C" NOT NULL,
    server       text COLLATE "C" NOT NULL,
    created_at   bigint NOT NULL,
    expires_at   bigint NOT NULL,
    last_used_at bigint,
    document     text NOT NULL,
    PRIMARY KEY (organisation, id)
);
CREATE INDEX oauth_authorization_user ON oauth_authorization (organisation, "user", created_at, id);
CREATE INDEX oauth_authorization_client ON oauth_authorization (organisation, client, created_at, id);
CREATE INDEX oauth_authorization_created ON oauth_authorization (organisation, created_at, id);
CREATE INDEX oauth_authorization_expiry ON oauth_authorization (expires_at);

CREATE TABLE oauth_code (
    organisation text COLLATE "C" NOT NULL,
    code         bytea NOT NULL,
    family       text COLLATE "C" NOT NULL,
    expires_at   bigint NOT NULL,
    used_at      bigint,
    document     text NOT NULL,
    PRIMARY KEY (organisation, code)
);
CREATE INDEX oauth_code_expiry ON oauth_code (expires_at);

CREATE TABLE oauth_refresh (
    organisation text COLLATE "C" NOT NULL,
    token        bytea NOT NULL,
    family       text COLLATE "C" NOT NULL,
    bound_to     text COLLATE "C",
    issued_at    bigint NOT NULL,
    expires_at   bigint NOT NULL,
    used_at      bigint,
    PRIMARY KEY (organisation, token)
);
CREATE INDEX oauth_refresh_expiry ON oauth_refresh (expires_at);

CREATE TABLE oauth_pushed (
    organisation text COLLATE "C" NOT NULL,
    request      bytea NOT NULL,
    client       text COLLATE "C" NOT NULL,
    expires_at   bigint NOT NULL,
    browser      bytea,
    parameters   text NOT NULL,
    PRIMARY KEY (organisation, request)
);
CREATE INDEX oauth_pushed_client ON oauth_pushed (organisation, client, expires_at);
CREATE INDEX oauth_pushed_expiry ON oauth_pushed (expires_at);
