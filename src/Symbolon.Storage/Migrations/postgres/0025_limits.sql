-- What limits of policies have counted: a row for each rule with its terms, key and window, which are in the hash that is its name. left_over and held in what the limit counts, for
-- a rate in parts of a call; counted_at and over_at in milliseconds. granted: the answer to the last request. over_at: from then on the row says nothing.
CREATE TABLE limit_count (
    organisation text COLLATE "C" NOT NULL,
    counter      text COLLATE "C" NOT NULL,
    rule         text COLLATE "C" NOT NULL,
    left_over    bigint NOT NULL,
    held         bigint NOT NULL,
    counted_at   bigint NOT NULL,
    granted      bigint NOT NULL,
    over_at      bigint NOT NULL,
    PRIMARY KEY (organisation, counter)
);
CREATE INDEX limit_count_over ON limit_count (over_at);
-- How much of limit_count.held is whose: what a node held is free again when its lease has ended.
CREATE TABLE limit_hold (
    organisation text COLLATE "C" NOT NULL,
    counter      text COLLATE "C" NOT NULL,
    node         text COLLATE "C" NOT NULL,
    lease        bigint NOT NULL,
    held         bigint NOT NULL,
    PRIMARY KEY (organisation, counter, node, lease)
);
