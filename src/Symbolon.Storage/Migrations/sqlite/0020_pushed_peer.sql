-- Where a pushed request came from: a network, or nothing for a client that proved itself. Nobody's ceiling is filled by strangers.
ALTER TABLE oauth_pushed ADD COLUMN peer TEXT NOT NULL DEFAULT '';
CREATE INDEX oauth_pushed_peer ON oauth_pushed (organisation, peer, expires_at);
