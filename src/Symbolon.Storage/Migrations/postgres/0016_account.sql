-- People who sign in here. What was signed in at or before not_before is dead. The link is the SHA-256 of a one-time link's secret.
CREATE TABLE account (
    organisation    text COLLATE "C" NOT NULL,
    email           text COLLATE "C" NOT NULL,
    version         bigint NOT NULL,
    name            text COLLATE "C",
    administrator   bigint NOT NULL,
    suspended       bigint NOT NULL,
    password        text COLLATE "C",
    link            bytea,
    link_ends_at    bigint,
    not_before      bigint NOT NULL,
    created_at      bigint NOT NULL,
    last_sign_in_at bigint,
    changed_at      bigint NOT NULL,
    changed_by      text COLLATE "C" NOT NULL,
    reason          text COLLATE "C",
    PRIMARY KEY (organisation, email)
);
CREATE UNIQUE INDEX account_link ON account (organisation, link);

-- Attempts to sign in that have not succeeded, by account and by address, until nobody needs to remember them. The subject is a SHA-256.
CREATE TABLE sign_in_attempt (
    organisation text COLLATE "C" NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    subject      bytea NOT NULL,
    failures     bigint NOT NULL,
    locked_until bigint NOT NULL,
    last_at      bigint NOT NULL,
    PRIMARY KEY (organisation, kind, subject)
);
CREATE INDEX sign_in_attempt_age ON sign_in_attempt (last_at);

-- Command lines that act for an administrator. First a code that the browser brings, then, in its place, the token's secret; both as SHA-256.
CREATE TABLE admin_token (
    organisation text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL,
    email        text COLLATE "C" NOT NULL,
    label        text COLLATE "C" NOT NULL,
    code         bytea NOT NULL,
    challenge    text COLLATE "C" NOT NULL,
    code_ends_at bigint NOT NULL,
    secret       bytea,
    issued_at    bigint NOT NULL,
    expires_at   bigint NOT NULL,
    revoked_at   bigint,
    PRIMARY KEY (organisation, id)
);
CREATE UNIQUE INDEX admin_token_code ON admin_token (organisation, code);
CREATE UNIQUE INDEX admin_token_secret ON admin_token (organisation, secret);
