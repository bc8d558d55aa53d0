-- Intents that were open for long when their node last spoke: before its mark, these alone may be without an outcome.
CREATE TABLE node_open (
    node         text COLLATE "C" NOT NULL,
    organisation text COLLATE "C" NOT NULL,
    seq          bigint NOT NULL,
    PRIMARY KEY (node, organisation, seq)
);

-- Who revokes asks whether a token was issued after now.
CREATE INDEX token_issued ON token (organisation, issued_at);
