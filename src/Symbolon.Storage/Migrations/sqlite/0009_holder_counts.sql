-- The pages of people count and name the last use of somebody's tokens from the index alone.
DROP INDEX token_user;
DROP INDEX token_agent;
DROP INDEX token_workflow;
CREATE INDEX token_user ON token (organisation, "user", expires_at, issued_at, revoked_at, last_used_at) WHERE "user" IS NOT NULL;
CREATE INDEX token_agent ON token (organisation, agent, expires_at, issued_at, revoked_at, last_used_at) WHERE agent IS NOT NULL;
CREATE INDEX token_workflow ON token (organisation, workflow, expires_at, issued_at, revoked_at, last_used_at) WHERE workflow IS NOT NULL;
