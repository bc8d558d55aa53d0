-- Proofs of DPoP that were used (RFC 9449 §11.1), until no node accepts them any more. The id tells one use from another of the same proof.
CREATE TABLE proof_use (
    organisation TEXT NOT NULL,
    proof        BLOB NOT NULL,
    expires_at   INTEGER NOT NULL,
    id           BLOB NOT NULL,
    PRIMARY KEY (organisation, proof)
) STRICT, WITHOUT ROWID;
CREATE INDEX proof_use_expiry ON proof_use (expires_at);
-- Expiries before this time (microseconds) have been cleared: whether such a proof was used is not known any more, so it counts as used.
INSERT INTO counter (name, value) VALUES ('proofs_cleared', 0);
