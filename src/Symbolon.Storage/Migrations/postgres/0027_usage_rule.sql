-- What rules of policies refused, and what those that observe would have said, by day (its first microsecond).
CREATE TABLE usage_rule (
    organisation text NOT NULL,
    rule         text NOT NULL,
    said         text NOT NULL,
    observed     bigint NOT NULL,
    day          bigint NOT NULL,
    hits         bigint NOT NULL,
    last_at      bigint NOT NULL,
    PRIMARY KEY (organisation, rule, said, observed, day)
);
