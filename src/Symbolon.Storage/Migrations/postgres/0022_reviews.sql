-- Questions to the reviewers of servers, and what became of them. The open ones come first in every list.
CREATE TABLE review (
    organisation text COLLATE "C" NOT NULL,
    server       text COLLATE "C" NOT NULL,
    number       bigint NOT NULL,
    revision     bigint NOT NULL,
    state        text COLLATE "C" NOT NULL,
    opened_at    bigint NOT NULL,
    expires_at   bigint NOT NULL,
    document     text NOT NULL,
    PRIMARY KEY (organisation, server, number)
);
CREATE INDEX review_state ON review (organisation, state, opened_at, server, number);
CREATE INDEX review_opened ON review (organisation, opened_at, server, number);
CREATE INDEX review_end ON review (expires_at) WHERE state='open';
