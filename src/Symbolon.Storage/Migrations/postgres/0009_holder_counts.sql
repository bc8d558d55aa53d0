-- The pages of people count somebody's live tokens from the index alone. Here too none holds last_used_at, as 0006 says.
DROP INDEX token_user;
DROP INDEX token_agent;
DROP INDEX token_workflow;
CREATE INDEX token_user ON token (organisation, "user", expires_at, issued_at, revoked_at) WHERE "user" IS NOT NULL;
CREATE INDEX token_agent ON token (organisation, agent, expires_at, issued_at, revoked_at) WHERE agent IS NOT NULL;
CREATE INDEX token_workflow ON token (organisation, workflow, expires_at, issued_at, revoked_at) WHERE workflow IS NOT NULL;
