-- Which values stand in which block of 4096 records, so that a search for what is rare leaves out the blocks in which it cannot be.
-- Kept together with the counts of usage, under the same mark; both are made from the audit, and begin anew here.
CREATE TABLE audit_block (
    organisation text COLLATE "C" NOT NULL,
    facet        text COLLATE "C" NOT NULL,
    value        text COLLATE "C" NOT NULL,
    block        bigint NOT NULL,
    PRIMARY KEY (organisation, facet, value, block)
);

DELETE FROM usage_mark;
DELETE FROM usage_tool;
DELETE FROM usage_token;
DELETE FROM usage_decision;
