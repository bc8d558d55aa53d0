-- The audit is kept in the order in which it is written, by one number that is made of the chain's and the record's.
INSERT INTO counter (name, value) SELECT 'chain', count(*) FROM audit_chain;
ALTER TABLE audit_chain ADD COLUMN number bigint NOT NULL DEFAULT 0;
UPDATE audit_chain SET number=(SELECT count(*) FROM audit_chain AS other WHERE other.organisation <= audit_chain.organisation);
CREATE UNIQUE INDEX audit_chain_number ON audit_chain (number);

ALTER TABLE audit ADD COLUMN place bigint NOT NULL DEFAULT 0;
UPDATE audit SET place=(chain.number << 40) | audit.seq FROM audit_chain AS chain WHERE chain.organisation=audit.organisation;
ALTER TABLE audit DROP CONSTRAINT audit_pkey;
ALTER TABLE audit ADD PRIMARY KEY (place);
ALTER TABLE audit ALTER COLUMN place DROP DEFAULT;
