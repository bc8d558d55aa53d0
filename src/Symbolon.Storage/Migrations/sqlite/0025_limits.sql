-- What limits of policies have counted: a row for each rule with its terms, key and window, which are in the hash that is its name. left_over and held in what the limit counts, for
-- a rate in parts of a call; counted_at and over_at in milliseconds. granted: the answer to the last request. over_at: from then on the row says nothing.
CREATE TABLE limit_count (
    organisation TEXT NOT NULL,
    counter      TEXT NOT NULL,
    rule         TEXT NOT NULL,
    left_over    INTEGER NOT NULL,
    held         INTEGER NOT NULL,
    counted_at   INTEGER NOT NULL,
    granted      INTEGER NOT NULL,
    over_at      INTEGER NOT NULL,
    PRIMARY KEY (organisation, counter)
) STRICT, WITHOUT ROWID;
CREATE INDEX limit_count_over ON limit_count (over_at);
-- How much of limit_count.held is whose: what a node held is free again when its lease has ended.
CREATE TABLE limit_hold (
    organisation TEXT NOT NULL,
    counter      TEXT NOT NULL,
    node         TEXT NOT NULL,
    lease        INTEGER NOT NULL,
    held         INTEGER NOT NULL,
    PRIMARY KEY (organisation, counter, node, lease)
) STRICT, WITHOUT ROWID;
