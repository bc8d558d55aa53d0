-- Questions to the reviewers of servers, and what became of them. The open ones come first in every list.
CREATE TABLE review (
    organisation TEXT NOT NULL,
    server       TEXT NOT NULL,
    number       INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    state        TEXT NOT NULL,
    opened_at    INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    document     TEXT NOT NULL,
    PRIMARY KEY (organisation, server, number)
) STRICT;
CREATE INDEX review_state ON review (organisation, state, opened_at, server, number);
CREATE INDEX review_opened ON review (organisation, opened_at, server, number);
CREATE INDEX review_end ON review (expires_at) WHERE state='open';
