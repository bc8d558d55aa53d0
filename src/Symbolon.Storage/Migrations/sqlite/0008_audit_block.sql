-- Which values stand in which block of 4096 records, so that a search for what is rare leaves out the blocks in which it cannot be.
-- Kept together with the counts of usage, under the same mark; both are made from the audit, and begin anew here.
CREATE TABLE audit_block (
    organisation TEXT NOT NULL,
    facet        TEXT NOT NULL,
    value        TEXT NOT NULL,
    block        INTEGER NOT NULL,
    PRIMARY KEY (organisation, facet, value, block)
) STRICT, WITHOUT ROWID;

DELETE FROM usage_mark;
DELETE FROM usage_tool;
DELETE FROM usage_token;
DELETE FROM usage_decision;
