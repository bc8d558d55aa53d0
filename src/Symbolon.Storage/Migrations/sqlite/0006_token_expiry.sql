-- Lists and counts of tokens by when they end are read from the index alone.
CREATE INDEX token_expiry ON token (organisation, expires_at, id, issued_at, revoked_at);
CREATE INDEX token_unused ON token (organisation, expires_at, id, issued_at, revoked_at) WHERE last_used_at IS NULL;
