-- The list by last use is read in its order as the others are. A use is written every five seconds at most for each token.
CREATE INDEX token_last_used ON token (organisation, coalesce(last_used_at, 0), id, expires_at, issued_at, revoked_at, "user", agent, workflow);
