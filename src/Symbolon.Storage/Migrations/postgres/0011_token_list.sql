-- The pages of the token list are read from indexes in their order, with the columns of its filters; those of one holder too.
-- None has last_used_at: see 0006.
DROP INDEX token_expiry;
CREATE INDEX token_expiry ON token (organisation, expires_at, id, issued_at, revoked_at, "user", agent, workflow);
DROP INDEX token_issued;
CREATE INDEX token_issued ON token (organisation, issued_at, id, expires_at, revoked_at, "user", agent, workflow);
DROP INDEX token_user;
DROP INDEX token_agent;
DROP INDEX token_workflow;
CREATE INDEX token_user ON token (organisation, "user", expires_at, id, issued_at, revoked_at) WHERE "user" IS NOT NULL;
CREATE INDEX token_agent ON token (organisation, agent, expires_at, id, issued_at, revoked_at) WHERE agent IS NOT NULL;
CREATE INDEX token_workflow ON token (organisation, workflow, expires_at, id, issued_at, revoked_at) WHERE workflow IS NOT NULL;
