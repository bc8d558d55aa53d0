-- What rules of policies refused, and what those that observe would have said, by day (its first microsecond).
CREATE TABLE usage_rule (
    organisation TEXT NOT NULL,
    rule         TEXT NOT NULL,
    said         TEXT NOT NULL,
    observed     INTEGER NOT NULL,
    day          INTEGER NOT NULL,
    hits         INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    PRIMARY KEY (organisation, rule, said, observed, day)
) STRICT, WITHOUT ROWID;
