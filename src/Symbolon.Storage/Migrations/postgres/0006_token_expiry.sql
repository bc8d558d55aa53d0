-- Lists and counts of tokens by when they end are read from the index alone. None looks at last_used_at, which is written with the calls:
-- every such write would then go into all of the table's indexes.
CREATE INDEX token_expiry ON token (organisation, expires_at, id, issued_at, revoked_at);
