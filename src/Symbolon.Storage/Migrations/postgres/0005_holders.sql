-- Tokens by who holds them: the pages of people, and a revocation, look for the last ones of a holder.
CREATE INDEX token_user ON token (organisation, "user") WHERE "user" IS NOT NULL;
CREATE INDEX token_agent ON token (organisation, agent) WHERE agent IS NOT NULL;
CREATE INDEX token_workflow ON token (organisation, workflow) WHERE workflow IS NOT NULL;
