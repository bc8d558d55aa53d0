-- The audit is kept in the order in which it is written, by one number that is made of the chain's and the record's: no second tree has
-- to be written with every commit.
INSERT INTO counter (name, value) SELECT 'chain', count(*) FROM audit_chain;
ALTER TABLE audit_chain ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
UPDATE audit_chain SET number=(SELECT count(*) FROM audit_chain AS other WHERE other.organisation <= audit_chain.organisation);
CREATE UNIQUE INDEX audit_chain_number ON audit_chain (number);

CREATE TABLE audit_by_place (
    place        INTEGER NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    seq          INTEGER NOT NULL,
    time         INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    call         BLOB,
    "user"       TEXT,
    agent        TEXT,
    workflow     TEXT,
    server       TEXT,
    tool         TEXT,
    token        TEXT,
    code         TEXT,
    hash         BLOB NOT NULL,
    record       BLOB NOT NULL
) STRICT;
INSERT INTO audit_by_place
SELECT (chain.number << 40) | audit.seq, audit.organisation, audit.seq, audit.time, audit.kind, audit.call, audit."user", audit.agent,
    audit.workflow, audit.server, audit.tool, audit.token, audit.code, audit.hash, audit.record
FROM audit JOIN audit_chain AS chain ON chain.organisation=audit.organisation ORDER BY chain.number, audit.seq;
DROP TABLE audit;
ALTER TABLE audit_by_place RENAME TO audit;
